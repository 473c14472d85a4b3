package packager

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"
)

// Live knows every stream that can be watched, by room and by epoch, and
// serves them over HTTP.
type Live struct {
	store Reader
	turns *turns // of answers out of the store
	texts texts  // playlists out of the store

	mu sync.RWMutex
	// Guarded by mu.
	rooms  map[string]*Stream // on air, or waiting for their publisher
	epochs map[string]*Stream // those, and the ended ones that players still read
}

// Reader gives stored objects back, for what is older than the window.
type Reader interface {
	// Open gives an object's bytes and their number; it fails with an error
	// that wraps fs.ErrNotExist where there is none.
	Open(ctx context.Context, key string) (io.ReadCloser, int64, error)
	// OpenAt gives length bytes of an object from offset on, fewer where it ends
	// before, and the number of all its bytes; a negative length means all the
	// rest. It fails with an error that wraps ErrBeyond where the object ends before.
	OpenAt(ctx context.Context, key string, offset, length int64) (io.ReadCloser, int64, error)
}

// ErrBeyond says that a range begins behind the end of an object.
var ErrBeyond = errors.New("the object ends before the range")

// NewLive gives a Live without streams. A nil store has no objects.
func NewLive(store Reader) *Live {
	return &Live{store: store, turns: newTurns(readAtOnce, readByOne), rooms: map[string]*Stream{}, epochs: map[string]*Stream{}}
}

// Add puts a stream on air under its room.
func (l *Live) Add(s *Stream) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rooms[s.opts.Room] = s
	l.epochs[s.opts.Epoch] = s
}

// Remove takes a stream off air. Its epoch's URLs stay as long as players may
// still fetch what they were promised: RFC 8216bis 6.2.2 asks for one playlist
// duration after the presentation is removed.
func (l *Live) Remove(s *Stream) {
	l.mu.Lock()
	if l.rooms[s.opts.Room] == s {
		delete(l.rooms, s.opts.Room)
	}
	l.mu.Unlock()
	time.AfterFunc(2*s.opts.Window+time.Minute, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.epochs[s.opts.Epoch] == s {
			delete(l.epochs, s.opts.Epoch)
		}
	})
}

// Room finds the stream that is on air in a room.
func (l *Live) Room(slug string) *Stream {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.rooms[slug]
}

// tick is how late a part that stands in for media may be listed.
const tick = 100 * time.Millisecond

// Run tells every stream on air what time it is, until ctx ends.
func (l *Live) Run(ctx context.Context) error {
	clock := time.NewTicker(tick)
	defer clock.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-clock.C:
			for _, s := range l.Streams() {
				s.Tick(s.opts.Now())
			}
		}
	}
}

// Streams lists what is on air.
func (l *Live) Streams() []*Stream {
	l.mu.RLock()
	defer l.mu.RUnlock()
	out := make([]*Stream, 0, len(l.rooms))
	for _, s := range l.rooms {
		out = append(out, s)
	}
	return out
}

func (l *Live) epoch(room, epoch string) *Stream {
	l.mu.RLock()
	defer l.mu.RUnlock()
	s := l.epochs[epoch]
	if s == nil || s.opts.Room != room {
		return nil
	}
	return s
}
