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
	used    overlay.Marks // numbers that may have been used
	unsaved bool          // they are not reserved: the room's next broadcast would use them again
	at      time.Time
	reason  string
}

// owedRetry is how long an end waits that could not be noted.
const owedRetry = 5 * time.Second

// oweEnd notes an end, now or as soon as it can be. The caller holds mu.
func (m *Manager) oweEnd(room string, e owedEnd) {
	if m.owed == nil {
		m.owed = map[string]owedEnd{}
	}
	m.owed[room] = e
	if err := m.payEnd(context.Background(), room); err != nil {
		m.log.Error("the end of a broadcast cannot be noted yet", "room", room, "err", err)
		time.AfterFunc(owedRetry, func() { m.retryEnd(room) })
	}
}

// retryEnd tries again until it is noted or the server goes down.
func (m *Manager) retryEnd(room string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.owed[room]; !ok || m.closing {
		return
	}
	if err := m.payEnd(context.Background(), room); err != nil {
		time.AfterFunc(owedRetry, func() { m.retryEnd(room) })
		return
	}
	m.log.Info("the end of a broadcast is noted now", "room", room)
}

// payEnd notes what is owed for a room, if anything is. The caller holds mu.
func (m *Manager) payEnd(ctx context.Context, room string) error {
	e, ok := m.owed[room]
	if !ok {
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
	delete(m.owed, room)
	return nil
}
