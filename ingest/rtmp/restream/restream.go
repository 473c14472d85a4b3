// Package restream sends what a room's publisher sends to other RTMP servers: to YouTube,
// Douyin, Facebook, or whatever the configuration names.
//
// Units flow in, from the goroutine of the publisher; an RTMP publish for each target flows
// out, on a goroutine of its own. Between the two stands a queue for each target, with
// bounds: a target that is slow, silent or gone loses pictures and is tried again, and
// neither the broadcast nor another target waits for it. The package knows no broadcast, no
// show and no cue. It never tells a stream key: not in a state, not in an error, not in a
// log.
package restream

import (
	"context"
	"crypto/tls"
	"log/slog"
	"sync"
	"time"
)

// Target is a server to which a room is sent. It comes from the configuration.
type Target struct {
	Name string
	URL  string // rtmp://HOST[:PORT]/APP or rtmps://…
	Key  string // never logged, never told
	// Enabled says whether it is on from the start; otherwise it waits for Start.
	Enabled bool
	Delay   time.Duration // how much later it gets everything
}

// MaxDelay is the longest delay of a target: what is delayed is in memory.
const MaxDelay = time.Minute

// Options of a Hub.
type Options struct {
	Log *slog.Logger
	// TLS is for rtmps; nil: the system's roots.
	TLS *tls.Config
	// MaxBitrate, in bits a second, is what a publisher may send: it bounds what is
	// delayed; 0: 50 Mbit/s.
	MaxBitrate int64
	// Timeout bounds connecting, and each write; 0: ten seconds.
	Timeout time.Duration
}

// Hub has the targets of all rooms. It is safe for concurrent use.
type Hub struct {
	o Options // read only

	mu sync.Mutex
	// Guarded by mu.
	rooms map[string]*room
	ctx   context.Context // of Run; nil: it does not run
	going sync.WaitGroup  // the targets' goroutines
}

// New starts nothing: Run does.
func New(o Options) *Hub {
	if o.Timeout == 0 {
		o.Timeout = 10 * time.Second
	}
	if o.MaxBitrate == 0 {
		o.MaxBitrate = 50_000_000
	}
	return &Hub{o: o, rooms: map[string]*room{}}
}

// tick is how often figures are taken, and followers hear of them.
const tick = 2 * time.Second

// Run connects to targets until ctx ends. Then it tells all of them that nothing more comes.
func (h *Hub) Run(ctx context.Context) error {
	h.mu.Lock()
	h.ctx = ctx
	for _, r := range h.rooms {
		for _, t := range r.list() {
			h.launch(t)
		}
	}
	h.mu.Unlock()
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	for {
		select {
		case now := <-ticker.C:
			for _, r := range h.all() {
				r.measure(now)
			}
		case <-ctx.Done():
			h.mu.Lock() // whoever launches has done so; nobody launches from now on
			h.mu.Unlock()
			h.going.Wait()
			return nil
		}
	}
}

// launch starts the goroutine of a target. h.mu is held.
func (h *Hub) launch(t *target) {
	if h.ctx == nil || h.ctx.Err() != nil {
		return
	}
	ctx, cancel := context.WithCancel(h.ctx)
	t.mu.Lock()
	t.end = cancel
	t.mu.Unlock()
	h.going.Go(func() { t.run(ctx) })
}

// Set gives each room its targets, in place of those that it had. One that is the same as
// before goes on as it is.
func (h *Hub) Set(rooms map[string][]Target) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for slug := range rooms {
		h.find(slug)
	}
	for slug, r := range h.rooms {
		for _, t := range r.set(rooms[slug], h.o) {
			h.launch(t)
		}
	}
}

// find gives a room, which it makes if need be. h.mu is held.
func (h *Hub) find(slug string) *room {
	r := h.rooms[slug]
	if r == nil {
		r = &room{slug: slug}
		h.rooms[slug] = r
	}
	return r
}

func (h *Hub) room(slug string) *room {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.find(slug)
}

// known gives a room; nil: it never had a target, nor a publisher.
func (h *Hub) known(slug string) *room {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.rooms[slug]
}

func (h *Hub) all() map[string]*room {
	h.mu.Lock()
	defer h.mu.Unlock()
	out := make(map[string]*room, len(h.rooms))
	for slug, r := range h.rooms {
		out[slug] = r
	}
	return out
}

// Open takes a new publisher of a room in. It takes the place of the one before, and goes on
// in its time.
func (h *Hub) Open(slug string) *Feed { return h.room(slug).open() }

// Over tells that a room's broadcast has ended, whatever its publisher does.
func (h *Hub) Over(slug string) {
	if r := h.known(slug); r != nil {
		r.over()
	}
}

// Start switches a target on, and makes one that waits for its next try connect at once;
// false: there is no such target.
func (h *Hub) Start(slug, name string) bool { return h.turn(slug, name, (*target).start) }

// Stop switches a target off. Its connection ends within a second.
func (h *Hub) Stop(slug, name string) bool { return h.turn(slug, name, (*target).stop) }

func (h *Hub) turn(slug, name string, do func(*target)) bool {
	r := h.known(slug)
	if r == nil {
		return false
	}
	for _, t := range r.list() {
		if t.Name == name {
			do(t)
			r.choose()
			r.tell()
			return true
		}
	}
	return false
}

// States tells how the targets of a room are, in the order of the configuration.
func (h *Hub) States(slug string) []State {
	r := h.known(slug)
	if r == nil {
		return nil
	}
	return r.states()
}

// AllStates tells the same of all rooms that have targets.
func (h *Hub) AllStates() map[string][]State {
	out := map[string][]State{}
	for slug, r := range h.all() {
		if s := r.states(); len(s) > 0 {
			out[slug] = s
		}
	}
	return out
}

// Follow gives the states of a room's targets now, and again whenever they change. A slow
// reader gets the latest alone. stop ends it.
func (h *Hub) Follow(slug string) (states <-chan []State, stop func()) { return h.room(slug).follow() }
