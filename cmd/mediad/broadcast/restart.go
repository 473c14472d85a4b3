package broadcast

import (
	"context"
	"fmt"
	"slices"
	"time"

	"mediad/overlay"
	"mediad/overlay/api"
	"mediad/packager/archive"
)

// Restore takes up what a former process left: each broadcast on air waits
// once more for its publisher, from now on; what had ended gets its replay. The
// other rooms need not wait for one that cannot be taken up now.
func (m *Manager) Restore(ctx context.Context) error {
	open, err := m.store.OpenBroadcasts(ctx)
	if err != nil {
		return fmt.Errorf("find open broadcasts: %w", err)
	}
	if err := m.finish(open); err != nil {
		return err
	}
	if err := m.missJournals(ctx); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.left = map[string]overlay.Broadcast{}
	for _, b := range open {
		m.left[b.Room] = b
		m.retakeUp(ctx, b.Room)
	}
	return nil
}

// takeUpAgain is how long a broadcast waits that could not be taken up, as when
// the disk is full.
const takeUpAgain = 5 * time.Second

// retakeUp takes up what is left of a room, now or as soon as it can be. The
// caller holds mu.
func (m *Manager) retakeUp(ctx context.Context, room string) {
	if m.closing {
		return
	}
	if err := m.takeUpLeft(ctx, room); err != nil {
		m.log.Error("broadcast cannot be taken up yet", "room", room, "again", takeUpAgain, "err", err)
		if _, still := m.left[room]; !still {
			return
		}
		time.AfterFunc(takeUpAgain, func() {
			m.mu.Lock()
			defer m.mu.Unlock()
			m.retakeUp(context.Background(), room)
		})
	}
}

// takeUpLeft takes up what a former process left of a room, if it still has to
// be. The caller holds mu.
func (m *Manager) takeUpLeft(ctx context.Context, room string) error {
	b, ok := m.left[room]
	if !ok {
		return nil
	}
	// Who asks may leave; the broadcast is taken up all the same.
	err := m.takeUp(context.WithoutCancel(ctx), b)
	if code := overlay.CodeOf(err); err == nil || code == overlay.NotFound || code == overlay.Gone {
		delete(m.left, room) // where it is no more, the next publisher begins anew
	}
	return err
}

// missJournals tells of broadcasts that are over and have no journal.
func (m *Manager) missJournals(ctx context.Context) error {
	if !m.archive.Stores() {
		return nil
	}
	all, err := m.store.AllBroadcasts(ctx)
	if err != nil {
		return fmt.Errorf("find broadcasts: %w", err)
	}
	var missing []overlay.Broadcast
	for _, b := range all {
		if !b.Ended.IsZero() && b.Marks.Target > 0 && !m.archive.Has(b.Room, b.Epoch) {
			missing = append(missing, b)
		}
	}
	if n := len(missing); n > 0 {
		m.log.Error("journals of broadcasts are missing from data_dir: their lengths and sizes are not known. If the store has them, mediad storage repair makes the journals anew",
			"broadcasts", n, "last_room", missing[n-1].Room, "last_epoch", missing[n-1].Epoch)
	}
	return nil
}

// finish ends in the archive what is not on air any more.
func (m *Manager) finish(open []overlay.Broadcast) error {
	aside, err := m.archive.SetAside()
	for _, path := range aside {
		m.log.Error("something that is no journal stood in its place and was set aside; what was stored of that broadcast may be missing from its replay", "path", path)
	}
	if err != nil {
		m.log.Error("not all journals could be looked at", "err", err)
	}
	left, err := m.archive.Unfinished()
	if err != nil {
		return fmt.Errorf("find unfinished replays: %w", err)
	}
	live := func(epoch string) bool {
		return slices.ContainsFunc(open, func(b overlay.Broadcast) bool { return b.Epoch == epoch })
	}
	for _, e := range left {
		if live(e.Epoch) {
			continue
		}
		r, err := m.recover(e.Room, e.Epoch, 0, 0)
		if err != nil { // its segments stay in the spool
			m.log.Error("a replay cannot be finished", "room", e.Room, "epoch", e.Epoch, "err", err)
			continue
		}
		r.stored.End()
		r.spooled.End()
	}
	if !m.archive.Stores() {
		return nil // what waits for a store waits until there is one again
	}
	err = m.spool.Forget(func(_, epoch string) bool {
		return live(epoch) || slices.ContainsFunc(left, func(e archive.Epoch) bool { return e.Epoch == epoch })
	})
	if err != nil {
		m.log.Warn("old files of the spool could not be deleted", "err", err)
	}
	return nil
}

// takeUp puts a broadcast back on air, waiting for its publisher.
func (m *Manager) takeUp(ctx context.Context, b overlay.Broadcast) error {
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
	a, err := m.open(ctx, begin)
	if err != nil {
		return err
	}
	if a.stored.Ended() {
		// The process went away between the archive's end and the database's.
		m.end(a, "ended before the restart")
		return nil
	}
	m.wait(a, now)
	e := happened(b.Room, api.PublisherLost, "The server was started anew; the room waits for its publisher.")
	e.Until = deadline
	m.tell(e)
	m.log.Info("waiting for a publisher to come back", "room", b.Room, "epoch", b.Epoch, "wait", m.lengths.Reconnect)
	return nil
}

// Suspend takes every room off without ending its broadcast: the process goes
// down and the next one continues.
func (m *Manager) Suspend() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closing = true
	for _, a := range m.rooms {
		if a.timer != nil {
			a.timer.Stop()
		}
		a.stream.Suspend()
		if a.session != nil {
			a.request.Kick(errClosing)
		}
	}
}
