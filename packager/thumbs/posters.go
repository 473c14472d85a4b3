package thumbs

import (
	"bytes"
	"context"
	"fmt"
	"hash/crc32"
	"log/slog"
	"sync"
	"time"
)

// Source is a broadcast on air.
type Source interface {
	Room() string
	Epoch() string
	// KeyFrame gives the newest closed segment that has a key frame, as MPEG-TS
	// from that on, and its number; nil: there is none.
	KeyFrame() (msn uint64, media []byte)
}

// PosterOptions say where posters come from.
type PosterOptions struct {
	Runner *Runner
	// Sources lists what is on air.
	Sources func() []Source
	// OnAir gives a room's broadcast on air, "" where there is none.
	OnAir func(room string) (epoch string)
	// Last gives the last broadcast of a room that is not on air, "" where there
	// is none, or none any more.
	Last func(ctx context.Context, room string) (epoch string, err error)
	// Store has the posters of broadcasts that are over; nil: nothing has.
	Store Store
	// Log; nil: slog's default.
	Log *slog.Logger
}

// Posters keeps the newest picture of each room.
type Posters struct {
	o PosterOptions

	mu sync.Mutex
	// Guarded by mu. What posters point to does not change.
	rooms map[string]*Poster
	// failed has the broadcasts whose failure was logged. Run's alone.
	failed map[string]bool
}

// Poster is a picture of a room.
type Poster struct {
	JPEG []byte // nil: there is none, as far as was known at asked
	ETag string

	epoch string
	msn   uint64 // the segment that it is from; 0: from the store
	asked time.Time
}

const (
	posterWidth = 1280 // pixels at most
	posterEvery = 30 * time.Second
	posterTick  = 2 * time.Second
	// posterShare is how long ffmpeg rests for each time that it works: with many
	// rooms on air posters get older, and the machine stays free for the media.
	posterShare = 9
	mostRest    = 10 * time.Second
	// missedFor is how long a poster that is not in the store is not asked for again.
	missedFor = 10 * time.Second
	// mostPosters bounds those kept in memory, without those of rooms on air.
	mostPosters = 200
)

// NewPosters makes a Posters that knows no live picture before Run.
func NewPosters(o PosterOptions) *Posters {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return &Posters{o: o, rooms: map[string]*Poster{}, failed: map[string]bool{}}
}

// Run takes pictures until ctx ends.
func (p *Posters) Run(ctx context.Context) error {
	clock := time.NewTicker(posterTick)
	defer clock.Stop()
	tried := map[string]time.Time{} // by epoch
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-clock.C:
		}
		on := map[string]bool{}
		for _, s := range p.o.Sources() {
			on[s.Epoch()] = true
			if time.Since(tried[s.Epoch()]) < posterEvery || ctx.Err() != nil {
				continue
			}
			began := time.Now()
			if p.renew(ctx, s) {
				tried[s.Epoch()] = time.Now()
				rest(ctx, min(posterShare*time.Since(began), mostRest))
			}
		}
		for epoch := range tried {
			if !on[epoch] {
				delete(tried, epoch)
				delete(p.failed, epoch)
			}
		}
		p.forget(on)
	}
}

func rest(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// renew takes a picture of a room; false: there is nothing new to take one of.
func (p *Posters) renew(ctx context.Context, s Source) bool {
	room, epoch := s.Room(), s.Epoch()
	msn, media := s.KeyFrame()
	p.mu.Lock()
	was := p.rooms[room]
	p.mu.Unlock()
	if media == nil || was != nil && was.epoch == epoch && was.msn == msn {
		return false
	}
	jpeg, err := p.o.Runner.picture(ctx, bytes.NewReader(media), "mjpeg", posterWidth, 0)
	if err != nil {
		if !p.failed[epoch] && ctx.Err() == nil {
			p.o.Log.Warn("no poster could be made; this is said once for the broadcast", "room", room, "err", err)
		}
		p.failed[epoch] = true
		return true
	}
	p.keep(room, newPoster(epoch, msn, jpeg))
	return true
}

func newPoster(epoch string, msn uint64, jpeg []byte) *Poster {
	return &Poster{JPEG: jpeg, ETag: fmt.Sprintf(`"%08x"`, crc32.ChecksumIEEE(jpeg)), epoch: epoch, msn: msn, asked: time.Now()}
}

func (p *Posters) keep(room string, one *Poster) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.rooms[room] = one
}

// forget drops the oldest pictures where there are too many. on is on air.
func (p *Posters) forget(on map[string]bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for {
		idle, oldest := 0, ""
		for room, one := range p.rooms {
			if on[one.epoch] {
				continue
			}
			if idle++; oldest == "" || one.asked.Before(p.rooms[oldest].asked) {
				oldest = room
			}
		}
		if idle <= mostPosters {
			return
		}
		delete(p.rooms, oldest)
	}
}

// Of gives the newest picture of a room's broadcast on air, or of its last one.
// nil: there is none.
func (p *Posters) Of(ctx context.Context, room string) (*Poster, error) {
	epoch := p.o.OnAir(room)
	live := epoch != ""
	if !live {
		var err error
		// Asked each time: what was deleted is not shown any more.
		if epoch, err = p.o.Last(ctx, room); err != nil || epoch == "" {
			return nil, err
		}
	}
	p.mu.Lock()
	one := p.rooms[room]
	p.mu.Unlock()
	switch {
	case one != nil && one.epoch == epoch && (one.JPEG != nil || live || time.Since(one.asked) < missedFor):
		return one.ifAny(), nil
	case live || p.o.Store == nil:
		return nil, nil
	}
	jpeg, err := readPoster(ctx, p.o.Store, room, epoch)
	if err != nil {
		return nil, err
	}
	found := newPoster(epoch, 0, jpeg)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.rooms[room] == one {
		p.rooms[room] = found
	}
	return found.ifAny(), nil
}

func (p *Poster) ifAny() *Poster {
	if p.JPEG == nil {
		return nil
	}
	return p
}

// taken gives the last picture that was taken of a broadcast; nil: none.
func (p *Posters) taken(room, epoch string) []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	if one := p.rooms[room]; one != nil && one.epoch == epoch {
		return one.JPEG
	}
	return nil
}
