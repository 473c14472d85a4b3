package broadcast

import (
	"context"
	"errors"
	"fmt"
	"time"

	"mediad/ingest"
	"mediad/overlay"
	"mediad/overlay/api"
	"mediad/packager"
)

// begin opens a broadcast, or the one that a former process left open.
func (m *Manager) begin(ctx context.Context, room string) (*onAir, error) {
	if err := m.payEnd(ctx, room); err != nil {
		return nil, fmt.Errorf("note the end of the room's last broadcast: %w", err)
	}
	b, err := m.store.BeginBroadcast(ctx, room, time.Now())
	if err != nil {
		return nil, err
	}
	return m.open(ctx, b)
}

// open puts a broadcast's stream on air.
func (m *Manager) open(ctx context.Context, b overlay.Begin) (*onAir, error) {
	from := packager.Marks(b.Marks)
	if b.Resumed {
		from = unused(from, time.Since(b.Reserved))
	}
	if err := m.numbers.begin(ctx, b.Epoch, from); err != nil {
		return nil, fmt.Errorf("reserve numbers: %w", err)
	}
	class := classOf(b.Latency, m.lengths)
	target := max(ingest.Ticks(class.segment), from.Target) / ingest.Clock
	left, err := m.recover(b.Room, b.Epoch, int(target), class.window)
	if err != nil {
		return nil, err
	}
	if left.edge.IsZero() {
		// Nothing was written anywhere. What was listed ended after this.
		left.edge = b.Reserved
	}
	stream := packager.NewStream(packager.Options{
		Listed: m.listed,
		Room:   b.Room, Epoch: b.Epoch, Anchor: b.Anchor,
		Part: class.part, Segment: class.segment, Window: class.window, SegmentsOnly: class.segmentsOnly, DVR: m.lengths.DVR,
		Begin: from, Resumed: b.Resumed, State: b.State, Edge: left.edge, Past: left.past, Stored: left.records,
		Archive: left.stored, Spool: left.spooled,
		Advance: func(used packager.Marks) { m.numbers.advance(b.Epoch, used) },
	})
	a := &onAir{begin: b, stream: stream, stored: left.stored, spooled: left.spooled}
	// Where the spool reaches back to the broadcast's begin, nothing is lost.
	whole := !left.first.IsZero() && left.first.Sub(b.Anchor) < time.Second
	if made, _ := left.stored.Journal(); made && !whole && b.Resumed && b.Marks.Target > 0 && m.archive.Stores() {
		a.forgot = true
		m.log.Error("the journal of a broadcast on air is gone: what was stored of it before is not known, and is missing from its replay until mediad storage repair is run behind its end",
			"room", b.Room, "epoch", b.Epoch)
	}
	m.rooms[b.Room] = a
	m.live.Add(stream)
	m.feed.Attach(b.Show, b.Seq)
	return a, nil
}

// resume stops the clock of a room that waits for its publisher.
func (m *Manager) resume(ctx context.Context, a *onAir) error {
	if a.timer == nil {
		return nil
	}
	a.timer.Stop()
	a.timer = nil
	_, err := m.store.BeginBroadcast(ctx, a.begin.Room, time.Now())
	return err
}

// gone hears that a publisher's connection has ended.
func (m *Manager) gone(room string, session *packager.Session, end ingest.End) {
	m.mu.Lock()
	defer m.mu.Unlock()
	a := m.rooms[room]
	if a == nil || a.session != session {
		return // taken over, or ended by the host
	}
	a.session = nil
	switch {
	case m.closing:
		m.log.Info("publisher off", "room", room)
	case end == ingest.Unpublished:
		m.end(a, "unpublished")
	case !a.stream.Begun():
		// Refused before its first segment, as for its codec: there is nothing
		// to wait for, and viewers must not be told to.
		m.end(a, "nothing was published")
	default:
		m.log.Warn("publisher lost", "room", room, "wait", m.lengths.Reconnect)
		e := happened(room, api.PublisherLost, "The connection to the publisher was lost; the room waits for it.")
		e.Until = e.At.Add(m.lengths.Reconnect)
		if err := m.store.Interrupted(context.Background(), a.begin.Epoch, e.At, e.Until); err != nil {
			m.log.Error("interruption could not be noted", "room", room, "err", err)
		}
		m.wait(a, e.At)
		m.tell(e)
	}
}

// wait ends the broadcast unless its publisher, who is away since, comes back in
// time.
func (m *Manager) wait(a *onAir, since time.Time) {
	a.away = api.Away{Since: since, Until: since.Add(m.lengths.Reconnect)}
	var timer *time.Timer
	timer = time.AfterFunc(m.lengths.Reconnect, func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		// Another timer: while this one waited for mu the publisher came back,
		// and was lost once more.
		if m.rooms[a.begin.Room] == a && a.timer == timer && !m.closing {
			m.end(a, "publisher did not come back")
		}
	})
	a.timer = timer
}

// end closes a broadcast for good.
func (m *Manager) end(a *onAir, reason string) {
	room, epoch := a.begin.Room, a.begin.Epoch
	if a.timer != nil {
		a.timer.Stop()
	}
	if a.session != nil {
		a.request.Kick(errors.New(reason))
		a.session = nil
	}
	a.stream.End()
	a.stored.End()
	m.live.Remove(a.stream)
	m.feed.Detach(a.begin.Show)
	used, unsaved := m.numbers.end(epoch)
	delete(m.rooms, room)
	m.oweEnd(room, owedEnd{epoch: epoch, used: used, unsaved: unsaved, at: time.Now(), reason: reason})
	if m.over != nil {
		m.over(room, epoch)
	}
	e := happened(room, api.PublisherEnded, "The broadcast ended: "+reason+".")
	e.Reason = reason
	m.tell(e)
	m.log.Info("broadcast ended", "room", room, "epoch", epoch, "reason", reason)
}

// End is the host's end of a broadcast.
func (m *Manager) End(ctx context.Context, room string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.takeUpLeft(ctx, room); err != nil {
		return err // it is on air, and its end could not be noted
	}
	a := m.rooms[room]
	if a == nil {
		return overlay.Errorf(overlay.Conflict, "the room is not live")
	}
	if m.cooldowns == nil {
		m.cooldowns = map[string]*cooldown{}
	}
	m.cooldowns[room] = new(cooldown)
	m.cooldowns[room].start(time.Now()) // one who was lost tries to come back, too
	m.end(a, "ended by the host")
	return nil
}
