package chat

import (
	"context"
	"fmt"
	"net/netip"
	"time"

	"mediad/overlay"
)

// repeated is how long the same words of a writer are one comment.
const repeated = 30 * time.Second

// line is a comment on its way to the database.
type line struct {
	conversation *conversation
	comment      overlay.Comment
	kept         chan struct{} // closed when err says what became of it
	err          error
}

// Post takes a comment for a show, and returns when it is kept. from is where it came from.
func (h *Hub) Post(ctx context.Context, show string, n overlay.NewComment, from netip.Addr) (overlay.Comment, error) {
	for {
		c, err := h.at(ctx, show)
		if err != nil {
			return overlay.Comment{}, err
		}
		l, again, err := h.admit(c, n, from)
		if again {
			continue // it has left memory meanwhile
		}
		if err != nil {
			h.refused.Add(1)
			return overlay.Comment{}, err
		}
		select {
		case <-l.kept:
			return l.comment, l.err
		case <-ctx.Done():
			return l.comment, fmt.Errorf("wait for the database: %w", ctx.Err())
		}
	}
}

// admit judges a comment and queues it.
func (h *Hub) admit(c *conversation, n overlay.NewComment, from netip.Addr) (l *line, again bool, err error) {
	now := h.o.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil, true, nil
	}
	said, err := n.Checked(c.rules, now)
	if err != nil {
		return nil, false, err
	}
	key := n.Viewer
	if n.Host {
		key = "host " + n.Name
	}
	if l := c.same(key, said, now); l != nil {
		return l, false, nil
	}
	if !n.Host {
		if err := c.mayWrite(n, now); err != nil {
			return nil, false, err
		}
		if m, muted := c.mutes[n.Viewer]; muted && !m.Over(now) {
			if !m.Shadow {
				return nil, false, muteWords(m, now)
			}
			said.Shadow = true
		}
		if err := h.often(c, n.Viewer, from, now); err != nil {
			return nil, false, err
		}
	}
	if said.ReplyTo != "" && said.ReplyTo > c.latest {
		return nil, false, overlay.Errorf(overlay.NotFound, "the show has no such comment")
	}
	said.Show = c.show
	l = &line{conversation: c, comment: said, kept: make(chan struct{})}
	if err := h.join(l); err != nil {
		return nil, false, err
	}
	c.writers.with(now, key, func(w writer) writer {
		w.line = l
		return w
	})
	return l, false, nil
}

// same gives the last comment of a writer, if it says the same: it was sent again, since the
// answer was lost.
func (c *conversation) same(key string, said overlay.Comment, now time.Time) (l *line) {
	c.writers.with(now, key, func(w writer) writer {
		if l = w.line; l != nil && (l.failed() || l.comment.Text != said.Text || l.comment.Name != said.Name || l.comment.ReplyTo != said.ReplyTo || now.Sub(l.comment.Sent).Abs() > repeated) {
			l = nil
		}
		return w
	})
	return l
}

// failed tells whether the comment was not kept.
func (l *line) failed() bool {
	select {
	case <-l.kept:
		return l.err != nil
	default:
		return false
	}
}

// mayWrite refuses a viewer of whom the chat takes nothing now. The caller holds mu.
func (c *conversation) mayWrite(n overlay.NewComment, now time.Time) error {
	if err := overlay.ChatOpen(c.chat.Show, c.rules, now); err != nil {
		return err
	}
	if c.rules.Names == overlay.NamesSigned && !n.Verified {
		return overlay.Errorf(overlay.Forbidden, "sign in on the page around the player to write here")
	}
	return overlay.CheckViewer(n.Viewer)
}

func muteWords(m overlay.Mute, now time.Time) error {
	if m.Until.IsZero() {
		return overlay.Errorf(overlay.Forbidden, "you cannot write in this chat")
	}
	return overlay.Errorf(overlay.Forbidden, "you can write again in %d minutes", int(m.Until.Sub(now).Minutes())+1)
}

// often refuses what comes too soon: of a viewer, or of a network. A proxy beside this
// server speaks for everybody, and so it is not one. The caller holds mu of c.
func (h *Hub) often(c *conversation, viewer string, from netip.Addr, now time.Time) (err error) {
	c.writers.with(now, viewer, func(w writer) writer {
		slow := time.Duration(c.rules.Slow) * time.Second
		if since := now.Sub(w.last); !w.last.IsZero() && since >= 0 && since < slow {
			err = tooSoon(slow - since)
			return w
		}
		var wait time.Duration
		if w.rate, wait = w.rate.take(now, viewerBurst, viewerEvery); wait > 0 {
			err = tooSoon(wait)
		} else if err = h.network(from, now); err == nil {
			w.last = now
		}
		return w
	})
	return err
}

// network refuses what comes too often from a network.
func (h *Hub) network(from netip.Addr, now time.Time) (err error) {
	if !overlay.PublicAddress(from) {
		return nil
	}
	h.networks.with(now, overlay.Network(from), func(b *bucket) *bucket {
		b, wait := b.take(now, networkBurst, networkEvery)
		if wait > 0 {
			err = overlay.Errorf(overlay.TooMany, "too many comments come from your network; try again in a moment")
		}
		return b
	})
	return err
}

func tooSoon(wait time.Duration) error {
	return overlay.Errorf(overlay.TooMany, "you can write again in %d seconds", int((wait+time.Second-1)/time.Second))
}

// join gives a comment its id and queues it, in one go: so ids rise in the order in which
// comments are kept and told. Where nobody keeps what waits, a goroutine begins, and ends
// when nothing waits: somebody waits for an answer as long as it runs. The caller holds mu
// of the conversation.
func (h *Hub) join(l *line) error {
	h.queueing.Lock()
	defer h.queueing.Unlock()
	if len(h.queue) >= waiting {
		return overlay.Errorf(overlay.Unavailable, "the server is busy; try again in a moment")
	}
	l.comment.ID = l.conversation.nextID(h.o.NewID())
	h.queue = append(h.queue, l)
	if !h.keeps {
		h.keeps = true
		go h.keep()
	}
	return nil
}

func (h *Hub) keep() {
	for {
		h.queueing.Lock()
		n := min(len(h.queue), batch)
		lines := h.queue[:n:n]
		h.queue = h.queue[n:]
		h.keeps = n > 0
		h.queueing.Unlock()
		if n == 0 {
			return
		}
		h.commit(lines)
	}
}

// commit keeps comments in one transaction, tells listeners, and answers.
func (h *Hub) commit(lines []*line) {
	list := make([]overlay.Comment, len(lines))
	for i, l := range lines {
		list[i] = l.comment
	}
	// The callers share it, so that none of their contexts may end it.
	kept, err := h.o.Store.AddComments(context.Background(), list)
	if err != nil {
		h.failed.Add(uint64(len(lines)))
	}
	told := map[*conversation][]overlay.Comment{}
	for _, l := range lines {
		if err == nil && kept[l.comment.ID] {
			told[l.conversation] = append(told[l.conversation], l.comment)
		}
	}
	for c, list := range told {
		h.comments.Add(uint64(len(list)))
		h.tell(c, list)
	}
	for _, l := range lines {
		if l.err = err; err == nil && !kept[l.comment.ID] {
			l.err = overlay.Errorf(overlay.NotFound, "there is no such show")
		}
		close(l.kept)
	}
}
