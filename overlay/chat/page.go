package chat

import (
	"cmp"
	"context"
	"hash/maphash"
	"slices"
	"time"

	"mediad/overlay"
)

// Page is the newest of a chat.
type Page struct {
	State
	Comments []overlay.CommentCard `json:"comments" doc:"The newest first"`
	Pinned   *overlay.CommentCard  `json:"pinned"`
	Before   *string               `json:"before" doc:"Older ones are asked for with ?before=; null: there are none"`
	Events   bool                  `json:"events" doc:"true: the stream of events takes one more listener. false: ask for this page every so many seconds"`
	Every    float64               `json:"every,omitempty" doc:"Seconds; missing: listen"`
	Sampled  bool                  `json:"sampled,omitempty" doc:"It leaves comments out: so many are sent that nobody could read them"`
}

// Mark tells pages apart: a page with the same mark is the same.
type Mark struct {
	Version uint64
	Events  bool
}

// Mark gives that of a chat; the zero mark: it is not in memory.
func (h *Hub) Mark(show string) Mark {
	c := h.known(show)
	if c == nil {
		return Mark{}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return Mark{c.version, h.takes(c)}
}

// Moderations counts what was taken from viewers of a show, and otherwise changed by
// moderators.
func (h *Hub) Moderations(show string) uint64 {
	c := h.known(show)
	if c == nil {
		return 0
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.moderated
}

func (h *Hub) known(show string) *conversation {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.conversations[show]
}

// Show gives the show, where viewers may read its chat.
func (h *Hub) Show(ctx context.Context, show string) (overlay.Show, error) {
	c, err := h.at(ctx, show)
	if err != nil {
		return overlay.Show{}, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.chat.Show, nil
}

// Page gives the newest of a chat.
func (h *Hub) Page(ctx context.Context, show string) (Page, error) {
	c, err := h.at(ctx, show)
	if err != nil {
		return Page{}, err
	}
	now := h.o.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	p := Page{State: c.state(now), Pinned: cardOf(c.chat.Pinned), Events: h.takes(c), Comments: []overlay.CommentCard{}}
	list := c.recent[max(0, len(c.recent)-overlay.CommentPage):]
	if !p.Events {
		p.Every = Every.Seconds()
		since := now.Add(-2 * Every)
		from, _ := slices.BinarySearchFunc(c.recent, since, func(c overlay.Comment, at time.Time) int { return c.Sent.Compare(at) })
		if window := c.recent[from:]; len(window) > overlay.CommentPage {
			list, p.Sampled = sample(window), true
		}
	}
	for _, said := range slices.Backward(list) {
		p.Comments = append(p.Comments, said.Card())
	}
	if len(list) > 0 && (list[0].ID != c.recent[0].ID || len(c.recent) >= recent) {
		before := list[0].ID
		p.Before = &before
	}
	return p, nil
}

// sampling makes the same choice of comments in each page of this process.
var sampling = maphash.MakeSeed()

// sample chooses a page of comments: those of hosts first, and of the others by chance, the
// same in each page that has them.
func sample(list []overlay.Comment) []overlay.Comment {
	chosen := slices.Clone(list)
	slices.SortFunc(chosen, func(a, b overlay.Comment) int {
		switch {
		case a.Host && !b.Host:
			return -1
		case b.Host && !a.Host:
			return 1
		}
		return cmp.Compare(maphash.String(sampling, a.ID), maphash.String(sampling, b.ID))
	})
	chosen = chosen[:overlay.CommentPage]
	slices.SortFunc(chosen, func(a, b overlay.Comment) int { return cmp.Compare(a.ID, b.ID) })
	return chosen
}
