package broadcast

import (
	"context"
	"errors"
	"time"

	"mediad/overlay"
	"mediad/overlay/api"
)

// restoreRetry is the pause after an attempt to take up a broadcast that failed, as
// when the disk is full.
const restoreRetry = 5 * time.Second

// restoreOrRetry takes up the broadcast that is left of a room, now or as soon as
// that works. The caller has the room's turn.
func (m *Manager) restoreOrRetry(ctx context.Context, in *room) {
	if m.closing.Load() {
		return
	}
	if err := m.restoreLeft(ctx, in); err != nil && !errors.Is(err, errClosing) {
		m.log.Error("broadcast cannot be resumed yet", "room", in.slug, "again", restoreRetry, "err", err)
		if in.left == nil {
			return
		}
		time.AfterFunc(restoreRetry, func() {
			_ = in.acquire(context.Background()) // which never ends
			defer in.release()
			m.restoreOrRetry(context.Background(), in)
		})
	}
}

// restoreLeft takes up the broadcast that a former process left, if that has
// not been done yet. The caller has the room's turn.
func (m *Manager) restoreLeft(ctx context.Context, in *room) error {
	if in.left == nil {
		return nil
	}
	// The caller may stop waiting; the broadcast is taken up all the same.
	err := m.restoreBroadcast(context.WithoutCancel(ctx), in, *in.left)
	if code := overlay.CodeOf(err); err == nil || code == overlay.NotFound || code == overlay.Gone {
		in.left = nil // it does not exist any more: the next publisher begins a new one
	}
	return err
}

// restoreBroadcast puts a broadcast back on air, where it waits for its publisher.
func (m *Manager) restoreBroadcast(ctx context.Context, in *room, b overlay.Broadcast) error {
	now := time.Now()
	deadline := now.Add(m.lengths.Reconnect)
	// The wait begins with this start, however long the process was away.
	if err := m.store.Interrupted(ctx, b.Epoch, now, deadline); err != nil {
		return err
	}
	begin, err := m.store.WaitingBroadcast(ctx, b.Epoch)
	if err != nil {
		return err
	}
	a, err := m.open(ctx, in, begin)
	if err != nil {
		return err
	}
	if a.stored.Ended() {
		// The process ended after the archive had the end of the broadcast and
		// before the database had it.
		m.end(in, "it had ended before the server restarted")
		return nil
	}
	m.wait(in, now)
	e := happened(b.Room, api.PublisherLost, "The server was restarted; the room waits for its publisher.")
	e.Until = deadline
	m.tell(e)
	m.log.Info("waiting for a publisher to come back", "room", b.Room, "epoch", b.Epoch, "wait", m.lengths.Reconnect)
	return nil
}

// Suspend takes every room off the air without ending its broadcast: this
// process shuts down, and the next one continues. It does not wait for a
// room's turn.
func (m *Manager) Suspend() {
	m.closing.Store(true)
	for _, in := range m.known() {
		in.suspend()
	}
}

func (r *room) suspend() {
	r.mu.Lock()
	defer r.mu.Unlock()
	a := r.air
	if a == nil {
		return
	}
	if a.timer != nil {
		a.timer.Stop()
	}
	a.stream.Suspend()
	if a.session != nil {
		a.request.Kick(errClosing)
	}
}
