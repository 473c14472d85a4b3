package broadcast

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
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
	var all sync.WaitGroup
	for _, b := range open {
		in := m.room(b.Room)
		if err := in.take(ctx); err != nil { // nobody else is there yet
			return err
		}
		in.left = &b
		all.Go(func() {
			defer in.give()
			m.retakeUp(context.WithoutCancel(ctx), in)
		})
	}
	done := make(chan struct{})
	go func() { all.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(restoreWait):
		m.log.Error("not every broadcast could be taken up yet; the other rooms go on", "after", restoreWait)
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}

// How long a start waits for the broadcasts that are taken up, all at the same
// time: a disk that hangs for one of them keeps no other room off the air. And how
// long one waits that could not be taken up, as when the disk is full.
const (
	restoreWait = 10 * time.Second
	takeUpAgain = 5 * time.Second
)

// retakeUp takes up what is left of a room, now or as soon as it can be. The
// caller has the room's turn.
func (m *Manager) retakeUp(ctx context.Context, in *room) {
	if m.closing.Load() {
		return
	}
	if err := m.takeUpLeft(ctx, in); err != nil && !errors.Is(err, errClosing) {
		m.log.Error("broadcast cannot be taken up yet", "room", in.slug, "again", takeUpAgain, "err", err)
		if in.left == nil {
			return
		}
		time.AfterFunc(takeUpAgain, func() {
			_ = in.take(context.Background()) // which never ends
			defer in.give()
			m.retakeUp(context.Background(), in)
		})
	}
}

// takeUpLeft takes up what a former process left of a room, if it still has to
// be. The caller has the room's turn.
func (m *Manager) takeUpLeft(ctx context.Context, in *room) error {
	if in.left == nil {
		return nil
	}
	// Who asks may leave; the broadcast is taken up all the same.
	err := m.takeUp(context.WithoutCancel(ctx), in, *in.left)
	if code := overlay.CodeOf(err); err == nil || code == overlay.NotFound || code == overlay.Gone {
		in.left = nil // where it is no more, the next publisher begins anew
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
func (m *Manager) takeUp(ctx context.Context, in *room, b overlay.Broadcast) error {
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
		// The process went away between the archive's end and the database's.
		m.end(in, "ended before the restart")
		return nil
	}
	m.wait(in, now)
	e := happened(b.Room, api.PublisherLost, "The server was started anew; the room waits for its publisher.")
	e.Until = deadline
	m.tell(e)
	m.log.Info("waiting for a publisher to come back", "room", b.Room, "epoch", b.Epoch, "wait", m.lengths.Reconnect)
	return nil
}

// Suspend takes every room off without ending its broadcast: the process goes
// down and the next one continues. It waits for nothing that a room waits for.
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
