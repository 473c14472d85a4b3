package restream

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"mediad/ingest"
)

// grace is how long targets stay connected while a room waits for a publisher that was
// lost: an encoder that comes back within it goes on in the same connection. Platforms wait
// about as long before they call a stream over.
const grace = 10 * time.Second

// room has the targets of a room, and its present publisher.
type room struct {
	slug string

	// takers are the targets that take media now; nil: none does. A publisher asks for each
	// unit.
	takers atomic.Pointer[[]*target]

	telling sync.Mutex // held by who tells followers, so that no older state comes last

	mu sync.Mutex
	// Guarded by mu, which is held for work in memory alone.
	targets   []*target
	feed      *Feed       // of the present publisher; nil: nobody publishes
	away      *time.Timer // nil: the room does not wait for its publisher
	clock     clock
	followers []chan []State
}

// Feed takes what one publisher sends. It is for the publisher's goroutine; a nil Feed takes
// nothing.
type Feed struct {
	room *room
	// Guarded by the room's mu.
	fresh  bool // no unit has come yet
	tracks *tracks
}

func (r *room) open() *Feed {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stay()
	r.feed = &Feed{room: r, fresh: true}
	for _, t := range r.targets {
		t.expect()
	}
	r.pick()
	r.wake()
	return r.feed
}

// stay stops the clock of a room that waits. r.mu is held, as in wake.
func (r *room) stay() {
	if r.away != nil {
		r.away.Stop()
		r.away = nil
	}
}

func (r *room) wake() {
	for _, t := range r.targets {
		t.wake()
	}
}

// onAir tells whether targets should be connected: somebody publishes, or was lost a moment
// ago.
func (r *room) onAir() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.feed != nil || r.away != nil
}

func (r *room) over() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stay()
	r.feed = nil
	r.wake()
}

// Close tells that the publisher is gone; lost: it is expected to come back.
func (f *Feed) Close(lost bool) {
	if f == nil {
		return
	}
	r := f.room
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.feed != f {
		return // another one came meanwhile, or the broadcast is over
	}
	r.feed = nil
	if lost {
		r.away = time.AfterFunc(grace, func() {
			r.mu.Lock()
			defer r.mu.Unlock()
			if r.feed == nil {
				r.away = nil
				r.wake()
			}
		})
	}
	r.wake()
}

// SetTracks says what follows. Nothing of it is kept.
func (f *Feed) SetTracks(list []ingest.Track) {
	if f == nil {
		return
	}
	t := newTracks(list)
	f.room.mu.Lock()
	defer f.room.mu.Unlock()
	f.tracks = t
}

// WriteUnit takes a unit. It never waits for a target. All targets share one copy of the
// unit, and where none takes any, there is no copy.
func (f *Feed) WriteUnit(u ingest.Unit) {
	if f == nil {
		return
	}
	takers := f.room.takers.Load()
	if takers == nil {
		return
	}
	f.room.give(f, u, *takers)
}

func (r *room) give(f *Feed, u ingest.Unit, takers []*target) {
	now := time.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.feed != f || f.tracks == nil || !f.tracks.takes(u.Track) {
		return
	}
	m := f.tracks.message(u)
	dts := r.clock.place(m.track(), u.DTS, now, f.fresh)
	f.fresh = false
	m.ms, m.at = dts/ingest.Millisecond, now
	for _, t := range takers {
		t.queue.put(m)
	}
}

// choose finds anew which targets take media.
func (r *room) choose() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.pick()
}

// pick is choose for who holds r.mu.
func (r *room) pick() {
	var takers []*target
	for _, t := range r.targets {
		if t.queue.taking() {
			takers = append(takers, t)
		}
	}
	if takers == nil {
		r.takers.Store(nil)
		return
	}
	r.takers.Store(&takers)
}

// set replaces the targets, and gives those that are new.
func (r *room) set(want []Target, o Options) (added []*target) {
	r.mu.Lock()
	was := r.targets
	r.targets = nil
	for _, w := range want {
		i := slices.IndexFunc(was, func(t *target) bool { return t.Target == w })
		if i < 0 {
			t := newTarget(r, w, o)
			added = append(added, t)
			r.targets = append(r.targets, t)
			continue
		}
		r.targets = append(r.targets, was[i])
		was = slices.Delete(slices.Clone(was), i, i+1)
	}
	r.mu.Unlock()
	for _, t := range was {
		t.quit()
	}
	r.choose()
	r.tell()
	return added
}

func (r *room) list() []*target {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.targets)
}

func (r *room) states() []State {
	list := r.list()
	out := make([]State, len(list))
	for i, t := range list {
		out[i] = t.State()
	}
	return out
}

// measure takes the figures of targets, and tells followers if there are any to tell.
func (r *room) measure(now time.Time) {
	news := false
	for _, t := range r.list() {
		news = t.measure(now) || news
	}
	if news {
		r.tell()
	}
}

// tell gives followers the states. A list that was not read yet is replaced.
func (r *room) tell() {
	r.telling.Lock()
	defer r.telling.Unlock()
	states := r.states()
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, f := range r.followers {
		select {
		case <-f:
		default:
		}
		f <- states
	}
}

func (r *room) follow() (<-chan []State, func()) {
	f := make(chan []State, 1)
	r.telling.Lock()
	defer r.telling.Unlock()
	if states := r.states(); len(states) > 0 {
		f <- states
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.followers = append(r.followers, f)
	return f, func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.followers = slices.DeleteFunc(r.followers, func(o chan []State) bool { return o == f })
	}
}
