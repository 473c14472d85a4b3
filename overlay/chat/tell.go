package chat

import (
	"encoding/json"
	"time"

	"mediad/overlay"
)

// deliveries is how many comments a second all listeners of a show together are sent. A
// greater crowd hears a part, and readable comments each second at least.
const (
	deliveries = 200_000
	readable   = 10
)

// State is how the chat of a show is.
type State struct {
	Open  bool   `json:"open" doc:"Viewers may write"`
	Slow  int    `json:"slow" doc:"Seconds between two comments of a viewer"`
	Names string `json:"names" enum:"free,signed" doc:"signed: only those write for whom the embedding site signs"`
}

// state gives how the chat is now. The caller holds mu.
func (c *conversation) state(now time.Time) State {
	return State{overlay.ChatOpen(c.chat.Show, c.rules, now) == nil, c.rules.Slow, c.rules.Names}
}

// frame makes an event of the stream (server-sent events).
func frame(kind, id string, data any) []byte {
	text, err := json.Marshal(data)
	if err != nil {
		return nil // texts and numbers can always be written
	}
	var b []byte
	if id != "" {
		b = append(append(append(b, "id: "...), id...), '\n')
	}
	b = append(append(append(b, "event: "...), kind...), '\n')
	return append(append(append(b, "data: "...), text...), '\n', '\n')
}

type goneBody struct {
	IDs []string `json:"ids"`
}

type moreBody struct {
	Comments int `json:"comments"`
}

// tell tells of new comments.
func (h *Hub) tell(c *conversation, list []overlay.Comment) {
	now := h.o.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	var frames [][]byte
	for _, said := range list {
		h.tellHosts(c, "chat.comment", said.ForHosts())
		if said.Shadow {
			continue
		}
		if len(c.recent) >= 2*recent {
			c.recent = append(make([]overlay.Comment, 0, 2*recent), c.recent[recent:]...)
		}
		c.recent = append(c.recent, said)
		c.version++
		if m := c.room(now); m != nil {
			frames = append(frames, m)
		}
		if limit := int(max(readable, deliveries/max(1, c.listening()))); !said.Host && c.sent >= limit {
			c.left++
			h.leftOut.Add(1)
			continue
		}
		c.sent++
		frames = append(frames, frame("comment", said.ID, said.Card()))
	}
	c.viewers.add(now, frames...)
}

// room begins another second of what may be sent. It gives what tells how much of the one
// before was left out. The caller holds mu.
func (c *conversation) room(now time.Time) (more []byte) {
	if since := now.Sub(c.second); since >= 0 && since < time.Second {
		return nil
	}
	if c.left > 0 {
		more = frame("more", "", moreBody{c.left})
	}
	c.second, c.sent, c.left = now, 0, 0
	return more
}

// tellState tells of another state. The caller holds mu.
func (h *Hub) tellState(c *conversation, before State) {
	if now := c.state(h.o.Now()); now != before {
		c.version++
		c.moderated++
		c.viewers.add(h.o.Now(), frame("state", "", now))
		h.tellHosts(c, "chat.state", now)
	}
}

// hostTape is what the hosts of a room are told.
type hostTape struct {
	*tape
	uses int // guarded by hosting of the hub
}

func (h *Hub) tellHosts(c *conversation, kind string, data any) {
	h.hosting.RLock()
	t := h.hosts[c.chat.Show.Room]
	h.hosting.RUnlock()
	if t != nil {
		t.add(h.o.Now(), frame(kind, "", hostEvent{c.show, data}))
	}
}

// hostEvent is the data of an event for hosts: a room has one show after the other.
type hostEvent struct {
	Show string `json:"show"`
	Chat any    `json:"chat"`
}
