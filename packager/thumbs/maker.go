package thumbs

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"slices"
	"sync"
	"time"

	"mediad/packager/layout"
)

// Broadcast is one that is over.
type Broadcast = layout.Broadcast

// MakerOptions say what finished broadcasts get their pictures from.
type MakerOptions struct {
	Runner  *Runner
	Store   Store
	Posters *Posters
	// Recent gives the last finished broadcasts, newest first: those that have no
	// pictures yet get them after the start.
	Recent func(ctx context.Context) ([]Broadcast, error)
	// Log; nil: slog's default.
	Log *slog.Logger
}

// Maker gives finished broadcasts their poster and their thumbnails, one after
// the other.
type Maker struct {
	o    MakerOptions
	wake chan struct{} // holds a value when jobs grew

	mu sync.Mutex
	// Guarded by mu.
	jobs []job
}

// job is a broadcast that waits for its turn.
type job struct {
	Broadcast
	at   time.Time     // not before
	wait time.Duration // of the last time that it had to
	left time.Duration // that it may still wait in all
}

const (
	// mostJobs bounds the queue; what finds no place there waits for the next start.
	mostJobs = 256
	// A replay is there when all of it is stored: at once, or when the store is
	// back. What waits for longer is made after the next start.
	patience  = 2 * time.Hour
	firstWait = time.Second
	mostWait  = time.Minute
)

// NewMaker makes a Maker that does nothing before Run.
func NewMaker(o MakerOptions) *Maker {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return &Maker{o: o, wake: make(chan struct{}, 1)}
}

// Add puts a broadcast that has ended into the queue. It never blocks.
func (m *Maker) Add(b Broadcast) {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case slices.ContainsFunc(m.jobs, func(j job) bool { return j.Broadcast == b }):
	case len(m.jobs) >= mostJobs:
		m.o.Log.Warn("too many broadcasts wait for their thumbnails; the next start makes them", "room", b.Room, "epoch", b.Epoch)
	default:
		m.jobs = append(m.jobs, job{Broadcast: b, left: patience})
		select {
		case m.wake <- struct{}{}:
		default:
		}
	}
}

// Run works until ctx ends.
func (m *Maker) Run(ctx context.Context) error {
	recent, err := m.o.Recent(ctx)
	if err != nil && ctx.Err() == nil {
		m.o.Log.Error("recent broadcasts could not be found; they get no thumbnails before the next start", "err", err)
	}
	for _, b := range recent {
		m.Add(b)
	}
	for {
		j, wait := m.next()
		if wait > 0 {
			timer := time.NewTimer(wait)
			select {
			case <-ctx.Done():
			case <-m.wake:
			case <-timer.C:
			}
			timer.Stop()
		}
		if ctx.Err() != nil {
			return nil
		}
		if wait == 0 {
			m.work(ctx, j)
		}
	}
}

// next gives the job whose turn it is, or how long to wait for one.
func (m *Maker) next() (job, time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.jobs) == 0 {
		return job{}, time.Hour
	}
	first := slices.MinFunc(m.jobs, func(a, b job) int { return a.at.Compare(b.at) })
	return first, max(0, time.Until(first.at))
}

// work does a job, and puts it off where the store is not ready.
func (m *Maker) work(ctx context.Context, j job) {
	err := m.make(ctx, j.Broadcast)
	m.mu.Lock()
	defer m.mu.Unlock()
	i := slices.IndexFunc(m.jobs, func(other job) bool { return other.Broadcast == j.Broadcast })
	log := m.o.Log.With("room", j.Room, "epoch", j.Epoch)
	switch {
	case ctx.Err() != nil:
	case err == nil, errors.Is(err, errDeleted):
		m.jobs = slices.Delete(m.jobs, i, i+1)
	case errors.Is(err, errNoPictures):
		log.Warn("a broadcast gets no thumbnails", "err", err)
		m.jobs = slices.Delete(m.jobs, i, i+1)
	case j.left <= 0:
		if !errors.Is(err, fs.ErrNotExist) { // a broadcast without media has no replay
			log.Warn("a broadcast gets no thumbnails before the next start", "err", err)
		}
		m.jobs = slices.Delete(m.jobs, i, i+1)
	default:
		j.wait = min(max(firstWait, 2*j.wait), mostWait)
		j.at, j.left = time.Now().Add(j.wait), j.left-j.wait
		m.jobs[i] = j
	}
}
