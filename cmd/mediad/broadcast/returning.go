package broadcast

import (
	"context"
	"time"

	"mediad/overlay"
)

// lookUpFor is how long the key of a publisher that seems to come back to a broadcast
// is looked up, before what this process knows decides.
const lookUpFor = 3 * time.Second

// lookUp finds the room of a stream key. While the database does not answer, a
// publisher may return to a broadcast that this process has on air: returns is true
// then, and no broadcast may begin with that.
func (m *Manager) lookUp(ctx context.Context, key string) (slug string, returns bool, err error) {
	known := m.store.KnownKey(key)
	if known != "" {
		if a, _ := m.room(known).current(); a == nil {
			known = ""
		}
	}
	asked := ctx
	if known != "" {
		var cancel context.CancelFunc
		asked, cancel = context.WithTimeout(ctx, lookUpFor)
		defer cancel()
	}
	room, err := m.store.RoomByKey(asked, key)
	if overlay.CodeOf(err) == overlay.Unavailable && known != "" && ctx.Err() == nil {
		m.log.Warn("the database did not look up a stream key; it is that of a broadcast on air, which goes on", "room", known, "err", err)
		return known, true, nil
	}
	return room.Slug, false, err
}

// recordReturn records that the publisher of a broadcast is back, as soon as the database
// takes it. The caller has the room's turn.
func (m *Manager) recordReturn(in *room, a *onAir) {
	if !a.returnPending {
		a.returnPending = true
		time.AfterFunc(recordRetry, func() { m.retryRecordReturn(in, a) })
	}
}

// retryRecordReturn tries again until the return is recorded, or does not matter any more.
// The caller does not have the turn, and while the database is away it is not taken:
// the publisher may be lost and come back meanwhile.
func (m *Manager) retryRecordReturn(in *room, a *onAir) {
	again := func() { time.AfterFunc(recordRetry, func() { m.retryRecordReturn(in, a) }) }
	if now, _ := in.current(); now != a || m.closing.Load() {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), lookUpFor)
	defer cancel()
	if _, err := m.store.WaitingBroadcast(ctx, a.begin.Epoch); overlay.CodeOf(err) == overlay.Unavailable {
		again()
		return
	}
	_ = in.acquire(context.Background()) // which never ends
	defer in.release()
	if in.air != a || m.closing.Load() {
		return
	}
	if a.session == nil { // lost again; its next return is recorded
		a.returnPending = false
		return
	}
	if err := m.store.Returned(context.Background(), a.begin.Epoch); overlay.CodeOf(err) == overlay.Unavailable {
		again()
		return
	} else if err != nil {
		m.log.Error("the return of a publisher cannot be recorded", "room", in.slug, "err", err)
	}
	a.returnPending = false
}
