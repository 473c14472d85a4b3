package keep

import (
	"context"
	"errors"
	"log/slog"
	"regexp"
	"sync"
	"time"

	"mediad/overlay"
	"mediad/overlay/store"
	"mediad/packager/archive"
)

// forgetEvery is the pause between two looks at what is kept about people.
const forgetEvery = time.Hour

// Options of a Sweeper. Rows and Archive are needed.
type Options struct {
	Rows    *store.Store
	Archive *archive.Archive
	// Objects; nil: nothing is stored.
	Objects Objects
	// Retention holds where neither show nor room has one.
	Retention overlay.Retention
	// People is how long what is kept about people is kept.
	People overlay.Keeping
	// Every is the pause between two sweeps; 0: 1 minute.
	Every time.Duration
	// Stalled is how long nothing may be deleted of a room before other rooms do not
	// wait for it any longer; 0: 30 s.
	Stalled time.Duration
	// Log; nil: slog's default.
	Log *slog.Logger
}

// Sweeper deletes the stored media of shows that have expired or that a host
// deletes.
type Sweeper struct {
	o    Options
	wake chan struct{} // holds a value when a sweep was requested

	running sync.WaitGroup // the turns of rooms

	mu sync.Mutex
	// Guarded by mu.
	progress map[string]Progress // by show, while it is deleted
	turns    map[string]*turn    // by room, while its shows are deleted
}

// Progress tells how far a deletion is.
type Progress struct {
	Deleted int   // objects, since this process began with it
	Of      int   // about how many there are
	Waits   error // why it cannot go on now; nil: it goes on
}

// NewSweeper makes a Sweeper that does nothing before Run.
func NewSweeper(o Options) *Sweeper {
	if o.Every <= 0 {
		o.Every = time.Minute
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Stalled <= 0 {
		o.Stalled = 30 * time.Second
	}
	return &Sweeper{o: o, wake: make(chan struct{}, 1), progress: make(map[string]Progress), turns: make(map[string]*turn)}
}

// Run deletes until ctx ends. The next process continues an unfinished
// deletion.
func (s *Sweeper) Run(ctx context.Context) error {
	defer s.running.Wait()
	tick := time.NewTicker(s.o.Every)
	defer tick.Stop()
	var said string
	var when, forgot time.Time
	for {
		err := s.Sweep(ctx)
		if now := time.Now(); ctx.Err() == nil && now.Sub(forgot).Abs() >= forgetEvery {
			forgot, err = now, errors.Join(err, s.forget(ctx))
		}
		switch now := time.Now(); {
		case ctx.Err() != nil:
		case err == nil:
			said = ""
		// A bucket may lock its objects for years. The object that is refused first
		// differs between attempts.
		case unnamed(err) != said || now.Sub(when) >= time.Hour:
			said, when = unnamed(err), now
			s.o.Log.Warn("not everything could be deleted; trying again", "in", s.o.Every, "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		case <-s.wake:
		}
	}
}

var quoted = regexp.MustCompile(`"[^"]*"`)

// unnamed gives the text of an error without the names of objects.
func unnamed(err error) string { return quoted.ReplaceAllString(err.Error(), "") }

// Wake makes Run sweep at once.
func (s *Sweeper) Wake() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Sweep deletes once everything that is marked for deletion or has expired. A
// show that cannot be deleted now does not delay the others, and a room whose store
// or disk hangs delays no other room.
func (s *Sweeper) Sweep(ctx context.Context) error {
	expired, err := s.o.Rows.ExpireShows(ctx, s.o.Retention)
	for _, show := range expired {
		s.o.Log.Info("show expired", "room", show.Room, "show", show.ID, "ended", show.Ended)
	}
	doomed, derr := s.o.Rows.DeletingShows(ctx)
	err = errors.Join(err, derr)
	err = errors.Join(err, s.rooms(ctx, doomed))
	if ctx.Err() != nil {
		return ctx.Err()
	}
	// The rows of deleted rooms and products follow, now that their media is gone.
	return errors.Join(err, s.o.Rows.SweepDeleted(ctx))
}

// forget erases what is kept about people when its time has come.
func (s *Sweeper) forget(ctx context.Context) error {
	done, err := s.o.Rows.ForgetPeople(ctx, s.o.People)
	for kind, n := range done {
		if n > 0 {
			s.o.Log.Info("what was kept about people is erased: its time has come", "kind", kind, "rows", n)
		}
	}
	return err
}

// Progress tells how far the deletion of a show is; false: it has not begun,
// or has ended.
func (s *Sweeper) Progress(show string) (Progress, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.progress[show]
	return p, ok
}

// Deletions gives all deletions that run or wait.
func (s *Sweeper) Deletions() []Progress {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Progress, 0, len(s.progress))
	for _, p := range s.progress {
		out = append(out, p)
	}
	return out
}

func (s *Sweeper) note(show overlay.Show, change func(*Progress)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.progress[show.ID]
	change(&p)
	s.progress[show.ID] = p
	t := s.turns[show.Room]
	t.show = show.ID
	t.timer.Reset(s.o.Stalled)
}

func (s *Sweeper) over(show string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.progress, show)
}
