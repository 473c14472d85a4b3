package broadcast

import (
	"context"
	"fmt"
	"time"

	"mediad/overlay"
)

// pendingEnd is the end of a broadcast that is not yet in the database. The
// database may not take it now, for example while the disk is full, but the
// room must not go on air again in the same broadcast, whose playlist has
// ended. So the end is kept here until it is recorded. If the process ends
// before that, Restore of the next one records it.
type pendingEnd struct {
	epoch   string
	used    overlay.Numbers // numbers that may have been used
	unsaved bool            // the numbers are not reserved: the room's next broadcast would use them again
	at      time.Time
	reason  string
}

// recordRetry is the pause before the next attempt to record an end.
const recordRetry = 5 * time.Second

// recordEnd records an end, now or as soon as the database takes it. The caller has
// the room's turn.
func (m *Manager) recordEnd(in *room, e pendingEnd) {
	in.pendingEnd = &e
	if err := m.tryRecordEnd(context.Background(), in); err != nil {
		m.log.Error("the end of a broadcast cannot be recorded yet", "room", in.slug, "err", err)
		time.AfterFunc(recordRetry, func() { m.retryRecordEnd(in) })
	}
}

// retryRecordEnd tries again until the end is recorded or the server shuts down. The
// caller does not have the turn.
func (m *Manager) retryRecordEnd(in *room) {
	_ = in.acquire(context.Background()) // which never ends
	defer in.release()
	if in.pendingEnd == nil || m.closing.Load() {
		return
	}
	if err := m.tryRecordEnd(context.Background(), in); err != nil {
		time.AfterFunc(recordRetry, func() { m.retryRecordEnd(in) })
		return
	}
	m.log.Info("the end of a broadcast is recorded now", "room", in.slug)
}

// tryRecordEnd records the room's pending end, if there is one. The
// caller has the room's turn.
func (m *Manager) tryRecordEnd(ctx context.Context, in *room) error {
	e := in.pendingEnd
	if e == nil {
		return nil
	}
	if e.unsaved {
		if err := m.store.Reserve(ctx, e.epoch, e.used); err != nil && overlay.CodeOf(err) != overlay.Gone {
			return fmt.Errorf("reserve numbers: %w", err)
		}
	}
	if err := m.store.EndBroadcast(ctx, e.epoch, e.at, e.reason); err != nil {
		return err
	}
	in.pendingEnd = nil
	return nil
}
