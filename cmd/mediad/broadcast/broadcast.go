package broadcast

import (
	"context"
	"fmt"
	"time"

	"mediad/ingest"
	"mediad/overlay"
	"mediad/overlay/api"
	"mediad/packager"
)

// begin opens a new broadcast, or the one that a former process left open. The
// caller has the room's turn, here and in all functions below.
func (m *Manager) begin(ctx context.Context, in *room) (*onAir, error) {
	if err := m.tryRecordEnd(ctx, in); err != nil {
		return nil, fmt.Errorf("note the end of the room's last broadcast: %w", err)
	}
	b, err := m.store.BeginBroadcast(ctx, in.slug, time.Now())
	if err != nil {
		return nil, err
	}
	return m.open(ctx, in, b)
}

// open puts a broadcast's stream on air.
func (m *Manager) open(ctx context.Context, in *room, b overlay.Begin) (*onAir, error) {
	from := packager.Numbers(b.Numbers)
	if b.Resumed {
		from = unused(from, time.Since(b.Reserved))
	}
	if err := m.numbers.begin(ctx, b.Epoch, from); err != nil {
		return nil, fmt.Errorf("reserve numbers: %w", err)
	}
	class := classOf(b.Latency, m.lengths)
	if b.Rehearsal { // the archive asks, too
		m.rehearsals.know(b.Epoch)
	}
	target := max(ingest.Ticks(class.segment), from.Target) / ingest.Clock
	left, err := m.recover(b.Room, b.Epoch, int(target), class.window)
	if err != nil {
		return nil, err
	}
	if left.edge.IsZero() {
		// Nothing was written anywhere. The last listed media ended after this
		// moment.
		left.edge = b.Reserved
	}
	stream := packager.NewStream(packager.Options{
		Listed: m.listed,
		Room:   b.Room, Epoch: b.Epoch, Anchor: b.Anchor,
		Part: class.part, Segment: class.segment, Window: class.window, SegmentsOnly: class.segmentsOnly, DVR: m.lengths.DVR,
		Begin: from, Resumed: b.Resumed, State: b.State, Edge: left.edge, Past: left.past, Stored: left.records,
		Archive: left.stored, Spool: left.spooled,
		Advance: func(used packager.Numbers) { m.numbers.advance(b.Epoch, used) },
	})
	a := &onAir{begin: b, stream: stream, stored: left.stored, spooled: left.spooled}
	if made, _ := left.stored.Journal(); made && b.Resumed && b.Numbers.Target > 0 && m.archive.Stores() {
		// If the spool reaches back to the begin of the broadcast, nothing is lost.
		if whole := !left.first.IsZero() && left.first.Sub(b.Anchor) < time.Second; whole {
			m.log.Warn("the journal of a broadcast on air is gone or empty; the spool has the whole broadcast, which is stored and written down again",
				"room", b.Room, "epoch", b.Epoch)
		} else {
			a.forgot = true
			m.log.Error("the journal of a broadcast on air is gone or empty: segments that were stored before this start are missing from its replay until mediad storage repair is run after its end",
				"room", b.Room, "epoch", b.Epoch)
		}
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	if m.closing.Load() { // Suspend may not see this broadcast any more; the next process continues it
		return nil, errClosing
	}
	if b.Rehearsal {
		m.rehearsals.onAir.Add(1)
	}
	in.air = a
	m.live.Add(stream)
	m.feed.Attach(b.Show, b.Seq)
	return a, nil
}

// resume stops the clock of a room that waits for its publisher. away: the database
// does not answer, and is told later.
func (m *Manager) resume(ctx context.Context, in *room, away bool) error {
	a := in.air
	if a.timer == nil {
		return nil
	}
	in.mu.Lock()
	a.timer.Stop()
	a.timer = nil
	in.mu.Unlock()
	if away {
		m.recordReturn(in, a)
		return nil
	}
	_, err := m.store.BeginBroadcast(ctx, in.slug, time.Now())
	if err != nil {
		m.recordReturn(in, a)
	}
	return err
}

// gone is called when a publisher's connection has ended. The caller does not
// have the turn.
func (m *Manager) gone(in *room, session *packager.Session, end ingest.End) {
	_ = in.acquire(context.Background()) // which never ends
	defer in.release()
	a := in.air
	if a == nil || a.session != session {
		return // taken over, or ended by the host
	}
	in.mu.Lock()
	a.session = nil
	in.mu.Unlock()
	switch {
	case m.closing.Load():
		m.log.Info("publisher off", "room", in.slug)
	case end == ingest.Unpublished:
		m.end(in, "the encoder stopped")
	case !a.stream.Begun():
		// The publisher was refused before its first segment, for example for its
		// codec. There is nothing to wait for, so viewers must not be told to wait.
		m.end(in, "nothing usable came from the encoder")
	default:
		m.log.Warn("publisher lost", "room", in.slug, "wait", m.lengths.Reconnect)
		e := happened(in.slug, api.PublisherLost, "The connection to the publisher was lost; the room waits for it.")
		e.Until = e.At.Add(m.lengths.Reconnect)
		m.wait(in, e.At)
		if err := m.store.Interrupted(context.Background(), a.begin.Epoch, e.At, e.Until); err != nil {
			m.log.Error("interruption could not be recorded", "room", in.slug, "err", err)
		}
		m.tell(e)
	}
}

// wait ends the broadcast unless its publisher comes back in time. since is when
// the publisher was lost.
func (m *Manager) wait(in *room, since time.Time) {
	in.mu.Lock()
	defer in.mu.Unlock()
	a := in.air
	a.away = api.Away{Since: since, Until: since.Add(m.lengths.Reconnect)}
	var timer *time.Timer
	timer = time.AfterFunc(m.lengths.Reconnect, func() {
		_ = in.acquire(context.Background()) // which never ends
		defer in.release()
		// The timer may be another one: the publisher may have come back, and been
		// lost again, while this one waited for the turn.
		if in.air == a && a.timer == timer && !m.closing.Load() {
			m.end(in, "the encoder did not come back")
		}
	})
	a.timer = timer
}

// end closes a room's broadcast for good.
func (m *Manager) end(in *room, reason string) {
	a := in.air
	epoch := a.begin.Epoch
	in.mu.Lock()
	if a.timer != nil {
		a.timer.Stop()
	}
	published := a.session != nil
	a.session, in.air = nil, nil
	in.mu.Unlock()
	if published {
		a.request.Kick(fmt.Errorf("the broadcast ended: %s", reason))
	}
	m.restream.Over(in.slug)
	a.stream.End()
	a.stored.End()
	m.live.Remove(a.stream)
	if a.begin.Rehearsal {
		m.rehearsals.onAir.Add(-1)
	}
	m.feed.Detach(a.begin.Show)
	used, unsaved := m.numbers.end(epoch)
	m.recordEnd(in, pendingEnd{epoch: epoch, used: used, unsaved: unsaved, at: time.Now(), reason: reason})
	if m.over != nil {
		m.over(in.slug, epoch)
	}
	e := happened(in.slug, api.PublisherEnded, "The broadcast ended: "+reason+".")
	e.Reason = reason
	m.tell(e)
	m.log.Info("broadcast ended", "room", in.slug, "epoch", epoch, "reason", reason)
}

// End ends a broadcast for the host.
func (m *Manager) End(ctx context.Context, slug string) error {
	in := m.room(slug)
	if err := in.acquire(ctx); err != nil {
		return err
	}
	defer in.release()
	if err := m.restoreLeft(ctx, in); err != nil {
		return err // it is on air, and its end could not be recorded
	}
	if in.air == nil {
		return overlay.Errorf(overlay.Conflict, "the room is not live")
	}
	in.cooldown = new(cooldown)
	in.cooldown.start(time.Now()) // a publisher who was lost will also try to come back
	m.end(in, "the host ended it")
	return nil
}
