package broadcast

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"mediad/overlay"
)

// restoredAtOnce is how many rooms are restored at the same time. A room that
// takes longer than slowRoom, as on a disk that hangs, does not count any more,
// so another one begins. restoreWait is how long a start waits for all rooms
// before it serves those that are done.
const (
	restoredAtOnce = 32
	slowRoom       = time.Second
	restoreWait    = 10 * time.Second
)

// leftBroadcasts are what a former process left of a room.
type leftBroadcasts struct {
	room  string
	open  *overlay.Broadcast // nil: nothing was on air
	ended []overlay.Broadcast
}

// Restore takes up what a former process left. Each broadcast on air waits for its
// publisher, for the full time from now on. Ended broadcasts get their replay. If
// the disk or the database hangs for a room, other rooms do not wait for it, but
// its own publishers wait until it is done.
func (m *Manager) Restore(ctx context.Context) error {
	left, err := m.findLeft(ctx)
	if err != nil {
		return err
	}
	var rooms sync.WaitGroup
	slots, missing := make(chan struct{}, restoredAtOnce), &missing{log: m.log}
	for _, r := range left {
		in := m.room(r.room)
		if err := in.acquire(ctx); err != nil { // nobody else uses the rooms yet
			return err
		}
		in.left = r.open
		rooms.Go(func() {
			defer in.release()
			slots <- struct{}{}
			free := sync.OnceFunc(func() { <-slots })
			defer free()
			defer time.AfterFunc(slowRoom, free).Stop()
			gone := m.finish(in, r.ended)
			m.restoreOrRetry(context.WithoutCancel(ctx), in)
			missing.add(gone)
		})
	}
	done := make(chan struct{})
	go func() { rooms.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(restoreWait):
		m.log.Error("not every room could be resumed yet; the others continue", "after", restoreWait)
	case <-ctx.Done():
		return ctx.Err()
	}
	missing.tell()
	return nil
}

// findLeft finds what is left of each room, and does not look into the folders
// of rooms.
func (m *Manager) findLeft(ctx context.Context) ([]*leftBroadcasts, error) {
	names, err := m.archive.Rooms()
	if err != nil {
		return nil, fmt.Errorf("find unfinished replays: %w", err)
	}
	open, err := m.store.OpenBroadcasts(ctx)
	if err != nil {
		return nil, fmt.Errorf("find open broadcasts: %w", err)
	}
	var all []overlay.Broadcast
	if m.archive.Stores() {
		if all, err = m.store.AllBroadcasts(ctx); err != nil {
			return nil, fmt.Errorf("find broadcasts: %w", err)
		}
	}
	m.rehearsals.knowAll(open, all)
	var out []*leftBroadcasts
	by := map[string]*leftBroadcasts{}
	of := func(room string) *leftBroadcasts {
		r := by[room]
		if r == nil {
			r = &leftBroadcasts{room: room}
			by[room], out = r, append(out, r)
		}
		return r
	}
	for _, b := range open { // these go first, since viewers wait for them
		of(b.Room).open = &b
	}
	for _, name := range names {
		of(name)
	}
	for _, b := range all {
		if !b.Ended.IsZero() && b.Numbers.Target > 0 {
			r := of(b.Room)
			r.ended = append(r.ended, b)
		}
	}
	return out, nil
}

// finish ends the broadcasts of a room in the archive that are not on air any more,
// and returns those of its ended broadcasts whose journal was gone or empty. The
// caller has the room's turn.
func (m *Manager) finish(in *room, ended []overlay.Broadcast) (missing []overlay.Broadcast) {
	if m.closing.Load() {
		return nil
	}
	aside, err := m.archive.SetAside(in.slug)
	for _, path := range aside {
		m.log.Error("a file in place of a journal is not a journal, and was renamed; stored segments of that broadcast may be missing from its replay", "path", path)
	}
	if err != nil {
		m.log.Error("not all journals could be looked at", "room", in.slug, "err", err)
	}
	missing = m.withoutJournal(ended) // before they are taken up, which makes journals
	left, err := m.archive.Unfinished(in.slug)
	if err != nil { // its segments stay in the spool
		m.log.Error("unfinished replays cannot be found", "room", in.slug, "err", err)
		return missing
	}
	for _, b := range missing {
		if !slices.Contains(left, b.Epoch) && m.spooled(b) {
			left = append(left, b.Epoch)
		}
	}
	live := func(epoch string) bool { return in.left != nil && in.left.Epoch == epoch }
	for _, epoch := range left {
		if live(epoch) {
			continue
		}
		r, err := m.recover(in.slug, epoch, 0, 0)
		if err != nil { // its segments stay in the spool
			m.log.Error("a replay cannot be finished", "room", in.slug, "epoch", epoch, "err", err)
			continue
		}
		if made, _ := r.stored.Journal(); made && !r.first.IsZero() && m.archive.Stores() {
			m.log.Error("the journal of a broadcast that has ended is gone or empty, and data_dir still has segments of it: these are stored and written down again. "+
				"What was stored before them is missing from its replay until mediad storage repair is run", "room", in.slug, "epoch", epoch)
		}
		r.stored.End()
		r.spooled.End()
	}
	if !m.archive.Stores() {
		return missing // segments that wait for a store stay until there is one again
	}
	err = m.spool.Forget(in.slug, func(epoch string) bool { return live(epoch) || slices.Contains(left, epoch) })
	if err != nil {
		m.log.Warn("old files of the spool could not be deleted", "room", in.slug, "err", err)
	}
	return missing
}

// spooled tells whether the spool may have segments of a broadcast. Such segments
// may exist nowhere else.
func (m *Manager) spooled(b overlay.Broadcast) bool {
	found, err := m.spool.Find(b.Room, b.Epoch)
	return err != nil || len(found.Segments) > 0
}

// withoutJournal gives the broadcasts that have no journal.
func (m *Manager) withoutJournal(ended []overlay.Broadcast) (missing []overlay.Broadcast) {
	for _, b := range ended {
		if !m.archive.Has(b.Room, b.Epoch) {
			missing = append(missing, b)
		}
	}
	return missing
}
