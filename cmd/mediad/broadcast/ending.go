package broadcast

import (
	"context"
	"fmt"
	"time"

	"mediad/overlay"
)

// owedEnd is the end of a broadcast that the database has to be told of. It may
// not take it now, as when the disk is full, and the room must not go back on
// air in the same broadcast: its playlist has ended. So it is owed until it is
// noted. A process that ends before leaves that to the next one's Restore.
type owedEnd struct {
	epoch   string
	used    overlay.Numbers // numbers that may have been used
	unsaved bool            // they are not reserved: the room's next broadcast would use them again
	at      time.Time
	reason  string
}

// owedRetry is how long an end waits that could not be noted.
const owedRetry = 5 * time.Second

// oweEnd notes an end, now or as soon as it can be. The caller has the room's turn.
func (m *Manager) oweEnd(in *room, e owedEnd) {
	in.owed = &e
	if err := m.payEnd(context.Background(), in); err != nil {
		m.log.Error("the end of a broadcast cannot be noted yet", "room", in.slug, "err", err)
		time.AfterFunc(owedRetry, func() { m.retryEnd(in) })
	}
}

// retryEnd tries again until it is noted or the server goes down. The caller has
// no turn.
func (m *Manager) retryEnd(in *room) {
	_ = in.take(context.Background()) // which never ends
	defer in.give()
	if in.owed == nil || m.closing.Load() {
		return
	}
	if err := m.payEnd(context.Background(), in); err != nil {
		time.AfterFunc(owedRetry, func() { m.retryEnd(in) })
		return
	}
	m.log.Info("the end of a broadcast is noted now", "room", in.slug)
}

// payEnd notes what is owed for a room, if anything is. The caller has the room's
// turn.
func (m *Manager) payEnd(ctx context.Context, in *room) error {
	e := in.owed
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
	in.owed = nil
	return nil
}
