package chat

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/oklog/ulid/v2"

	"mediad/overlay"
)

// conversation is the chat of a show.
type conversation struct {
	show string

	reading sync.Mutex // held by who reads the database for it; taken before mu

	viewers *tape
	// What was done lately; these guard themselves.
	writers   lately[string, writer]
	likeRates lately[string, *bucket]
	likers    lately[string, bool]

	mu sync.Mutex
	// Guarded by mu.
	loaded  bool
	closed  bool // it has left memory
	chat    overlay.Chat
	rules   overlay.ChatRules
	mutes   map[string]overlay.Mute
	changed <-chan struct{} // closed when the show may have changed since
	latest  string          // the highest id that was given
	recent  []overlay.Comment
	gone    []string // ids that were taken away last
	// version goes up with each change of what viewers see, moderated with those that take
	// something away, or change how the chat is.
	version, moderated uint64
	likes              map[string]int64 // that are not kept yet
	used               time.Time
	second             time.Time // in which sent comments were sent
	sent, left         int
}

// writer is what is known of somebody who writes.
type writer struct {
	rate *bucket
	last time.Time
	line *line // the last comment
}

func newConversation(show string, now time.Time) *conversation {
	return &conversation{
		show: show, viewers: newTape(), used: now,
		writers:   newLately[string, writer](writers, overlay.MaxSlow*time.Second),
		likeRates: newLately[string, *bucket](writers, writerTime),
		likers:    newLately[string, bool](4*writers, time.Hour),
	}
}

// at gives the chat of a show, as it is now.
func (h *Hub) at(ctx context.Context, show string) (*conversation, error) {
	h.mu.Lock()
	c := h.conversations[show]
	if c == nil {
		if len(h.conversations) >= conversations {
			h.mu.Unlock()
			return nil, overlay.Errorf(overlay.Unavailable, "the server is busy; try again in a moment")
		}
		c = newConversation(show, h.o.Now())
		h.conversations[show] = c
	}
	h.mu.Unlock()
	if err := h.refresh(ctx, c); err != nil {
		h.mu.Lock()
		if c.forget() {
			delete(h.conversations, show)
		}
		h.mu.Unlock()
		return nil, err
	}
	return c, nil
}

// forget closes a chat that could not be read the first time: there may be no such show.
func (c *conversation) forget() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = c.closed || !c.loaded
	return c.closed
}

func (c *conversation) listening() int64 { return c.viewers.listeners.Load() }

// close takes a chat out of memory that nobody has asked for.
func (c *conversation) close(now time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = c.closed || now.Sub(c.used).Abs() > idle && len(c.likes) == 0 && c.listening() == 0
	return c.closed
}

// fresh tells whether what is known of the show still holds.
func (c *conversation) fresh(now time.Time) (fresh bool, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.used = now
	if !c.loaded {
		return false, nil
	}
	select {
	case <-c.changed:
		return false, nil
	default:
		return true, c.there()
	}
}

// there refuses a show that viewers do not find. The caller holds mu.
func (c *conversation) there() error {
	if c.chat.Show.Rehearsal || !c.chat.Show.Deleting.IsZero() {
		return overlay.Errorf(overlay.NotFound, "there is no such show")
	}
	return nil
}

// refresh reads the show anew, if it may have changed.
func (h *Hub) refresh(ctx context.Context, c *conversation) error {
	if fresh, err := c.fresh(h.o.Now()); fresh {
		return err
	}
	c.reading.Lock()
	defer c.reading.Unlock()
	if fresh, err := c.fresh(h.o.Now()); fresh {
		return err
	}
	changed := h.o.Store.Changed() // before reading, so that no commit is missed
	c.mu.Lock()
	loaded := c.loaded
	c.mu.Unlock()
	if !loaded {
		return h.load(ctx, c, changed)
	}
	show, err := h.o.Store.GetShow(ctx, c.show)
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	before := c.state(h.o.Now())
	c.chat.Show, c.changed = show, changed
	h.tellState(c, before)
	return c.there()
}

// load reads all that the chat of a show needs. The caller holds reading.
func (h *Hub) load(ctx context.Context, c *conversation, changed <-chan struct{}) error {
	chat, err := h.o.Store.Chat(ctx, c.show)
	if err != nil {
		return err
	}
	if chat.Show.Rehearsal {
		return overlay.Errorf(overlay.NotFound, "there is no such show")
	}
	newest, err := h.o.Store.NewestComment(ctx, c.show)
	if err != nil {
		return err
	}
	list, err := h.o.Store.CommentsBefore(ctx, c.show, "", recent)
	if err != nil {
		return err
	}
	slices.Reverse(list)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.loaded, c.changed, c.latest, c.recent = true, changed, newest, list
	c.take(chat)
	return c.there()
}

// take takes how the chat is. The caller holds mu.
func (c *conversation) take(chat overlay.Chat) {
	c.chat, c.rules = chat, chat.Settings.Rules()
	c.mutes = make(map[string]overlay.Mute, len(chat.Mutes))
	for _, m := range chat.Mutes {
		c.mutes[m.Viewer] = m
	}
	c.version++
	c.moderated++
}

// nextID gives an id above all before it, also where the clock was set back. The caller
// holds mu.
func (c *conversation) nextID(id string) string {
	if id <= c.latest {
		if l, err := ulid.ParseStrict(c.latest); err == nil {
			for i := len(l) - 1; i >= 0; i-- {
				if l[i]++; l[i] != 0 {
					break
				}
			}
			id = l.String()
		}
	}
	c.latest = id
	return id
}

// place gives the place of a comment in recent; false: it is not there. The caller holds mu.
func (c *conversation) place(id string) (int, bool) {
	return slices.BinarySearchFunc(c.recent, id, func(c overlay.Comment, id string) int {
		switch {
		case c.ID < id:
			return -1
		case c.ID > id:
			return 1
		}
		return 0
	})
}

// lose takes a comment out of what viewers see. The caller holds mu.
func (c *conversation) lose(id string) {
	if i, ok := c.place(id); ok {
		c.recent = slices.Delete(c.recent, i, i+1)
	}
	if !slices.Contains(c.gone, id) {
		if len(c.gone) >= goneKept {
			c.gone = slices.Clone(c.gone[1:])
		}
		c.gone = append(c.gone, id)
	}
}
