package chat

import (
	"context"
	"slices"

	"mediad/overlay"
)

// Moderated takes what has changed in the database: how the chat of a show's room is, who is
// muted, what is pinned, and these comments. Listeners hear of it.
func (h *Hub) Moderated(ctx context.Context, show string, ids ...string) error {
	c, err := h.at(ctx, show)
	if err != nil {
		return err
	}
	if err := h.reread(ctx, c, ids); err != nil {
		return err
	}
	c.mu.Lock()
	room := c.chat.RoomID
	c.mu.Unlock()
	for _, other := range h.list() {
		if other == c || !other.of(room) {
			continue
		}
		if err := h.reread(ctx, other, nil); err != nil {
			return err
		}
	}
	return nil
}

// of tells whether it is the chat of a show of a room.
func (c *conversation) of(room string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.loaded && c.chat.RoomID == room
}

// reread reads what moderators have changed, one after the other, so that the last that is
// told is what holds.
func (h *Hub) reread(ctx context.Context, c *conversation, ids []string) error {
	c.reading.Lock()
	defer c.reading.Unlock()
	changed := h.o.Store.Changed()
	chat, err := h.o.Store.Chat(ctx, c.show)
	if err != nil {
		return err
	}
	var list []overlay.Comment
	if len(ids) > 0 {
		if list, err = h.o.Store.CommentsNamed(ctx, c.show, ids); err != nil {
			return err
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	before, pinned := c.state(h.o.Now()), c.chat.Pinned
	c.changed = changed
	c.take(chat)
	h.tellState(c, before)
	var gone []string
	for _, now := range list {
		now.Likes += c.likes[now.ID]
		h.tellHosts(c, "chat.change", now.ForHosts())
		if !now.Seen() {
			c.lose(now.ID)
			gone = append(gone, now.ID)
			continue
		}
		c.gone = slices.DeleteFunc(slices.Clone(c.gone), func(id string) bool { return id == now.ID })
		if i, had := c.place(now.ID); had {
			c.recent[i] = now
		} else if i > 0 || len(c.recent) < recent {
			c.recent = slices.Insert(c.recent, i, now)
		}
		c.viewers.add(h.o.Now(), frame("change", "", now.Card()))
	}
	if len(gone) > 0 {
		c.viewers.add(h.o.Now(), frame("gone", "", goneBody{gone}))
	}
	if was, is := cardOf(pinned), cardOf(c.chat.Pinned); (was == nil) != (is == nil) || was != nil && *was != *is {
		c.viewers.add(h.o.Now(), frame("pinned", "", is))
		h.tellHosts(c, "chat.pinned", is)
	}
	return nil
}
