package chat

import (
	"context"
	"time"

	"mediad/overlay"
)

// How many likes of a viewer count: so many at once, then one each time.
const (
	likeBurst, likeEvery = 20, time.Second
)

// Like counts that a viewer likes a comment, once. It never waits.
func (h *Hub) Like(ctx context.Context, show, id, viewer string) error {
	if !overlay.ValidID(id) {
		return overlay.Errorf(overlay.NotFound, "the show has no such comment")
	}
	if err := overlay.CheckViewer(viewer); err != nil {
		return err
	}
	c, err := h.at(ctx, show)
	if err != nil {
		return err
	}
	now := h.o.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.chat.Show.State == overlay.ShowEnded {
		return overlay.Errorf(overlay.Conflict, "The chat is closed: the show has ended.")
	}
	if id > c.latest {
		return overlay.Errorf(overlay.NotFound, "the show has no such comment")
	}
	if _, known := c.likes[id]; !known && len(c.likes) >= liked {
		return overlay.Errorf(overlay.Unavailable, "the server is busy; try again in a moment")
	}
	var wait time.Duration
	c.likeRates.with(now, viewer, func(b *bucket) *bucket {
		b, wait = b.take(now, likeBurst, likeEvery)
		return b
	})
	if wait > 0 {
		return tooSoon(wait)
	}
	again := false
	c.likers.with(now, viewer+id, func(had bool) bool {
		again = had
		return true
	})
	if again {
		return nil
	}
	if c.likes == nil {
		c.likes = map[string]int64{}
	}
	c.likes[id]++
	if i, ok := c.place(id); ok {
		c.recent[i].Likes++
		c.version++
	}
	return nil
}

// keepLikes writes the likes of all chats, and tells of them.
func (h *Hub) keepLikes(ctx context.Context) error {
	for _, c := range h.list() {
		c.mu.Lock()
		taken := c.likes
		c.likes = nil
		c.mu.Unlock()
		if len(taken) == 0 {
			continue
		}
		err := h.o.Store.LikeComments(ctx, c.show, taken)
		c.mu.Lock()
		if err != nil {
			for id, n := range c.likes {
				taken[id] += n
			}
			c.likes = taken
			c.mu.Unlock()
			return err
		}
		h.tellLikes(c, taken)
		c.mu.Unlock()
	}
	return nil
}

// tellLikes tells listeners of some comments that have more likes; pages have them all. The
// caller holds mu.
func (h *Hub) tellLikes(c *conversation, likes map[string]int64) {
	var frames [][]byte
	for id := range likes {
		i, ok := c.place(id)
		if !ok {
			continue
		}
		h.tellHosts(c, "chat.change", c.recent[i].ForHosts())
		if frames = append(frames, frame("change", "", c.recent[i].Card())); len(frames) >= told {
			break
		}
	}
	if c.chat.Pinned != nil {
		c.chat.Pinned.Likes += likes[c.chat.Pinned.ID]
	}
	c.viewers.add(h.o.Now(), frames...)
}
