package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"mediad/overlay"
	"mediad/overlay/api"
	"mediad/packager/archive"
)

// restore takes up what a former process left: each broadcast on air waits
// once more for its publisher, from now on; what had ended gets its replay. The
// other rooms need not wait for one that cannot be taken up now.
func (s *stage) restore(ctx context.Context) error {
	open, err := s.store.OpenBroadcasts(ctx)
	if err != nil {
		return fmt.Errorf("find open broadcasts: %w", err)
	}
	if err := s.finish(open); err != nil {
		return err
	}
	if err := s.missJournals(ctx); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.left = map[string]overlay.Broadcast{}
	for _, b := range open {
		s.left[b.Room] = b
		s.retakeUp(ctx, b.Room)
	}
	return nil
}

// takeUpAgain is how long a broadcast waits that could not be taken up, as when
// the disk is full.
const takeUpAgain = 5 * time.Second

// retakeUp takes up what is left of a room, now or as soon as it can be. The
// caller holds mu.
func (s *stage) retakeUp(ctx context.Context, room string) {
	if s.closing {
		return
	}
	if err := s.takeUpLeft(ctx, room); err != nil {
		s.log.Error("broadcast cannot be taken up yet", "room", room, "again", takeUpAgain, "err", err)
		if _, still := s.left[room]; !still {
			return
		}
		time.AfterFunc(takeUpAgain, func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.retakeUp(context.Background(), room)
		})
	}
}

// takeUpLeft takes up what a former process left of a room, if it still has to
// be. The caller holds mu.
func (s *stage) takeUpLeft(ctx context.Context, room string) error {
	b, ok := s.left[room]
	if !ok {
		return nil
	}
	// Who asks may leave; the broadcast is taken up all the same.
	err := s.takeUp(context.WithoutCancel(ctx), b)
	if code := overlay.CodeOf(err); err == nil || code == overlay.NotFound || code == overlay.Gone {
		delete(s.left, room) // where it is no more, the next publisher begins anew
	}
	return err
}

// missJournals tells of broadcasts that are over and have no journal.
func (s *stage) missJournals(ctx context.Context) error {
	if !s.archive.Stores() {
		return nil
	}
	all, err := s.store.AllBroadcasts(ctx)
	if err != nil {
		return fmt.Errorf("find broadcasts: %w", err)
	}
	var missing []overlay.Broadcast
	for _, b := range all {
		if !b.Ended.IsZero() && b.Marks.Target > 0 && !s.archive.Has(b.Room, b.Epoch) {
			missing = append(missing, b)
		}
	}
	if n := len(missing); n > 0 {
		s.log.Error("journals of broadcasts are missing from data_dir: their lengths and sizes are not known. If the store has them, mediad storage repair makes the journals anew",
			"broadcasts", n, "last_room", missing[n-1].Room, "last_epoch", missing[n-1].Epoch)
	}
	return nil
}

// finish ends in the archive what is not on air any more.
func (s *stage) finish(open []overlay.Broadcast) error {
	aside, err := s.archive.SetAside()
	for _, path := range aside {
		s.log.Error("something that is no journal stood in its place and was set aside; what was stored of that broadcast may be missing from its replay", "path", path)
	}
	if err != nil {
		s.log.Error("not all journals could be looked at", "err", err)
	}
	left, err := s.archive.Unfinished()
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
		r, err := s.recover(e.Room, e.Epoch, 0, 0)
		if err != nil { // its segments stay in the spool
			s.log.Error("a replay cannot be finished", "room", e.Room, "epoch", e.Epoch, "err", err)
			continue
		}
		r.stored.End()
		r.spooled.End()
	}
	if !s.archive.Stores() {
		return nil // what waits for a store waits until there is one again
	}
	err = s.spool.Forget(func(_, epoch string) bool {
		return live(epoch) || slices.ContainsFunc(left, func(e archive.Epoch) bool { return e.Epoch == epoch })
	})
	if err != nil {
		s.log.Warn("old files of the spool could not be deleted", "err", err)
	}
	return nil
}

// takeUp puts a broadcast back on air, waiting for its publisher.
func (s *stage) takeUp(ctx context.Context, b overlay.Broadcast) error {
	now := time.Now()
	deadline := now.Add(s.hls.Reconnect)
	// The wait begins with this start, however long the process was away.
	if err := s.store.Interrupted(ctx, b.Epoch, now, deadline); err != nil {
		return err
	}
	begin, err := s.store.WaitingBroadcast(ctx, b.Epoch)
	if err != nil {
		return err
	}
	a, err := s.open(ctx, begin)
	if err != nil {
		return err
	}
	if a.stored.Ended() {
		// The process went away between the archive's end and the database's.
		s.end(a, "ended before the restart")
		return nil
	}
	s.wait(a, now)
	e := happened(b.Room, api.PublisherLost, "The server was started anew; the room waits for its publisher.")
	e.Until = deadline
	s.tell(e)
	s.log.Info("waiting for a publisher to come back", "room", b.Room, "epoch", b.Epoch, "wait", s.hls.Reconnect)
	return nil
}

// suspend takes every room off without ending its broadcast: the process goes
// down and the next one continues.
func (s *stage) suspend() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closing = true
	for _, a := range s.rooms {
		if a.timer != nil {
			a.timer.Stop()
		}
		a.stream.Suspend()
		if a.session != nil {
			a.request.Kick(errClosing)
		}
	}
}
