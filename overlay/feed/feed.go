// Package feed reads the log of events and hands it on: to the stream of a room
// that is on air, and to the hosts who watch a room.
//
// Input: commits (a wake-up, then the log itself, so that readers hear of every
// commit and of nothing else), scheduled cues when their moment comes, and
// landings from the packager. Output: the events for the picture, as cues for the
// CueSink, and the events that hosts may see, as messages for subscribers, in the
// order of each show's log. A subscriber that does not keep up is disconnected.
// The package never reads a private event. Each room has a goroutine of its own
// while there is work for it: a log that hangs for one room delays no other. The
// package knows no SQL, no HTTP and no media.
package feed

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"mediad/overlay"
)

// Log is the log of events. Changed says when it has grown. A call about one show
// may hang as long as the database hangs for that show.
type Log interface {
	// PictureAfter gives at most limit events of a show that are for the picture,
	// above a seq, in order.
	PictureAfter(ctx context.Context, show string, seq uint64, limit int) ([]overlay.Event, error)
	// HostsAfter gives at most limit events of a show that hosts may see, behind a
	// place in the log, in order.
	HostsAfter(ctx context.Context, show string, pos uint64, limit int) ([]overlay.Event, error)
	// Heads gives the ends of the logs that may still grow or just ended.
	Heads(ctx context.Context) ([]overlay.Head, error)
	// Changed gives a channel that is closed after the next commit.
	Changed() <-chan struct{}
	// Landed keeps landings of one room; Landing gives one, nil if there is none.
	Landed(ctx context.Context, landed []overlay.Landed) error
	Landing(ctx context.Context, id string) (*overlay.Landing, error)
}

// Agenda has the events that the clock alone makes due.
type Agenda interface {
	// Due gives the shows in which something is due, and the first moment after
	// now at which more is due; zero: nothing waits.
	Due(ctx context.Context, now time.Time) (shows []overlay.Head, next time.Time, err error)
	// MakeDue makes events of what is due in a show, at most a batch of it: Due
	// says whether there is more.
	MakeDue(ctx context.Context, show string, now time.Time) ([]overlay.Event, error)
}

// CueSink takes cues to the streams. Cue is called for one cue of a room after the
// other, from a goroutine for each room, and must not block.
type CueSink interface {
	Cue(c overlay.Cue)
	// Pulse takes the figures of a room's show, in place of those that still wait for a
	// picture. It must not block.
	Pulse(room string, text []byte)
}

// Options of a feed. Log and Agenda are needed, and are usually one store.
type Options struct {
	Log    Log
	Agenda Agenda
	Sink   CueSink      // nil: no stream takes cues
	Logger *slog.Logger // nil: the default
	// Delay is how much later a host's cue for now lands in a room that has no delay
	// of its own: the time that the picture needs from the host's eyes to this server.
	// Cues with a date and the events show.* are not delayed.
	Delay time.Duration
	// Figures gives the figures of the show that is on air in a room; false: there are
	// none. nil: there are no pulses. It must not block.
	Figures func(room string) (overlay.Pulse, bool)
	// Buffer is how many messages a subscriber may lag behind before it is
	// disconnected; 0: 64.
	Buffer int
}

// Feed is safe for concurrent use.
type Feed struct {
	o       Options       // set by New, then only read
	signal  chan struct{} // has room for one: there is something new under mu
	started chan struct{} // closed when Run has found the log's end, or ends

	mu sync.Mutex
	// Guarded by mu.
	workers  map[string]*worker                             // by room
	attached map[string]*attachedShow                       // by show
	waiters  map[string]map[chan<- overlay.Landing]struct{} // by event
	subs     map[string]map[*Subscription]struct{}          // by room
}

// New makes a feed; Run does its work.
func New(o Options) *Feed {
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if o.Buffer == 0 {
		o.Buffer = 64
	}
	return &Feed{
		o:        o,
		signal:   make(chan struct{}, 1),
		started:  make(chan struct{}),
		workers:  map[string]*worker{},
		attached: map[string]*attachedShow{},
		waiters:  map[string]map[chan<- overlay.Landing]struct{}{},
		subs:     map[string]map[*Subscription]struct{}{},
	}
}

// The pause after a failure of the log, and the longest sleep: a wall clock that
// was set is noticed after that.
const (
	retryAfter = time.Second
	longest    = 30 * time.Second
)

// Run hands on new events until ctx ends, then keeps the last landings. Failures
// of the log are logged and tried again.
func (f *Feed) Run(ctx context.Context) error {
	defer f.HangUp()
	var rooms sync.WaitGroup
	if f.o.Figures != nil && f.o.Sink != nil {
		rooms.Go(func() { f.runPulses(ctx) })
	}
	timer := time.NewTimer(0)
	defer timer.Stop()
	started := false
	defer func() {
		if !started {
			close(f.started)
		}
	}()
	for {
		changed := f.o.Log.Changed() // before reading, so that no commit is missed
		wait := longest
		if !started {
			if started = f.step(ctx, "find the log's end", &wait, func() error { return f.skipPast(ctx) }); started {
				close(f.started)
			}
		}
		if started {
			f.step(ctx, "find what is due", &wait, func() error { return f.findDue(ctx, &wait) })
			f.step(ctx, "find new events", &wait, func() error { return f.findEvents(ctx) })
			f.startWorkers(ctx, &rooms)
		}
		timer.Reset(wait)
		select {
		case <-ctx.Done():
			rooms.Wait()
			return f.saveLastLandings(ctx)
		case <-changed:
		case <-f.signal:
		case <-timer.C:
		}
	}
}

func (f *Feed) step(ctx context.Context, name string, wait *time.Duration, do func() error) bool {
	err := do()
	if err != nil && ctx.Err() == nil {
		f.o.Logger.Error("cannot "+name, "err", err)
		*wait = min(*wait, retryAfter)
	}
	return err == nil
}

// skipPast sets the heads to the present end of each log. The state that every
// reader begins with contains the events from before the start.
func (f *Feed) skipPast(ctx context.Context) error {
	heads, err := f.o.Log.Heads(ctx)
	if err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.setHeads(heads)
	for _, h := range heads {
		f.workers[h.Room].sent[h.Show] = h.Pos
	}
	return nil
}

// findDue tells the workers of the rooms what is due, and shortens wait to the
// next moment at which something is due.
func (f *Feed) findDue(ctx context.Context, wait *time.Duration) error {
	shows, next, err := f.o.Agenda.Due(ctx, time.Now())
	if err != nil {
		return err
	}
	if !next.IsZero() {
		*wait = min(*wait, max(time.Until(next), 0))
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, s := range shows {
		f.worker(s.Room).due[s.Show] = true
	}
	return nil
}

// findEvents tells the workers how far the logs of their rooms are.
func (f *Feed) findEvents(ctx context.Context) error {
	heads, err := f.o.Log.Heads(ctx)
	if err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.setHeads(heads)
	return nil
}

func (f *Feed) wake() {
	select {
	case f.signal <- struct{}{}:
	default:
	}
}
