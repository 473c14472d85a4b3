package chat

import (
	"context"

	"mediad/overlay"
)

// Listener hears what is told in a chat. It belongs to one goroutine.
type Listener struct {
	// Greeting is what it is told first: how the chat is, and what was said since it left.
	Greeting []byte

	h     *Hub
	tape  *tape
	place int64
	done  func()
}

// Listen lets somebody hear what is told in a show. after is the last comment that it has
// heard; "": it comes anew.
func (h *Hub) Listen(ctx context.Context, show, after string) (*Listener, error) {
	if after != "" && !overlay.ValidID(after) {
		return nil, overlay.Errorf(overlay.Invalid, "Last-Event-ID: must be the id of a comment")
	}
	c, err := h.at(ctx, show)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if !h.takes(c) {
		return nil, overlay.Errorf(overlay.Unavailable, "too many listen to this chat; ask for its page every few seconds")
	}
	l := &Listener{h: h, tape: c.viewers, place: c.viewers.end(), Greeting: c.greeting(h, after)}
	h.listeners.Add(1)
	c.viewers.listeners.Add(1)
	l.done = func() { h.listeners.Add(-1); c.viewers.listeners.Add(-1) }
	return l, nil
}

// takes tells whether one more may listen. The caller holds mu of c.
func (h *Hub) takes(c *conversation) bool {
	return c.listening() < int64(c.rules.SampleOver) && h.listeners.Load() < int64(h.o.Listeners)
}

// greeting is what a listener is told first. The caller holds mu.
func (c *conversation) greeting(h *Hub, after string) []byte {
	text := frame("state", "", c.state(h.o.Now()))
	text = append(text, frame("pinned", "", cardOf(c.chat.Pinned))...)
	if after == "" {
		return text
	}
	if len(c.gone) > 0 {
		text = append(text, frame("gone", "", goneBody{c.gone})...)
	}
	i, had := c.place(after)
	if had {
		i++
	} else if i == 0 && len(c.recent) >= recent { // there is more between
		text = append(text, frame("missed", "", struct{}{})...)
		i = len(c.recent) - overlay.CommentPage
	}
	for _, said := range c.recent[i:] {
		text = append(text, frame("comment", said.ID, said.Card())...)
	}
	return text
}

func cardOf(c *overlay.Comment) *overlay.CommentCard {
	if c == nil {
		return nil
	}
	card := c.Card()
	return &card
}

// Hear gives what was told since it was last called, or, where that is nothing, what to wait
// on. ok is false if the listener has fallen behind.
func (l *Listener) Hear() (text []byte, wake <-chan struct{}, ok bool) {
	text, wake, ok = l.tape.from(l.place)
	if !ok {
		l.h.dropped.Add(1)
		return nil, nil, false
	}
	l.place += int64(len(text))
	return text, wake, true
}

// Close ends it.
func (l *Listener) Close() { l.done() }

// ListenAsHost lets a host hear what is told in the shows of a room, hidden comments as well.
func (h *Hub) ListenAsHost(room string) *Listener {
	h.hosting.Lock()
	defer h.hosting.Unlock()
	t := h.hosts[room]
	if t == nil {
		t = &hostTape{tape: newTape()}
		h.hosts[room] = t
	}
	t.uses++
	return &Listener{h: h, tape: t.tape, place: t.end(), done: func() {
		h.hosting.Lock()
		defer h.hosting.Unlock()
		if t.uses--; t.uses == 0 {
			delete(h.hosts, room)
		}
	}}
}
