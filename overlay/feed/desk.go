package feed

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"mediad/overlay"
)

// desk holds the work of a room. One goroutine at a time does it, so that the
// room's events keep their order. A desk without work has no goroutine. All
// fields are guarded by Feed.mu.
type desk struct {
	busy     bool              // it has a goroutine
	heads    []overlay.Head    // of the room's logs; replaced, never changed
	told     map[string]uint64 // by show: how far in the log subscribers were told
	due      map[string]bool   // shows in which something is due
	landings []landing         // told by the packager, not yet kept
}

// desk finds a room's desk, or makes it. mu is held.
func (f *Feed) desk(room string) *desk {
	d := f.desks[room]
	if d == nil {
		d = &desk{told: map[string]uint64{}, due: map[string]bool{}}
		f.desks[room] = d
	}
	return d
}

// spread gives the heads of all logs to the desks of their rooms, and forgets logs
// that have no head any more. mu is held.
func (f *Feed) spread(heads []overlay.Head) {
	rooms := map[string][]overlay.Head{}
	for _, h := range heads {
		rooms[h.Room] = append(rooms[h.Room], h)
		f.desk(h.Room)
	}
	for room, d := range f.desks {
		d.heads = rooms[room]
		maps.DeleteFunc(d.told, func(show string, _ uint64) bool {
			return !slices.ContainsFunc(d.heads, func(h overlay.Head) bool { return h.Show == show })
		})
	}
}

// work tells whether a desk has work. mu is held.
func (f *Feed) work(d *desk) bool {
	return len(d.due) > 0 || len(d.landings) > 0 || slices.ContainsFunc(d.heads, func(h overlay.Head) bool {
		a := f.onAir[h.Show]
		return d.told[h.Show] < h.Pos || a != nil && f.o.Sink != nil && a.seq < h.Seq
	})
}

// staff gives a goroutine to each desk that has work and no goroutine yet, and
// removes the desks of rooms without a log.
func (f *Feed) staff(ctx context.Context, rooms *sync.WaitGroup) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for room, d := range f.desks {
		switch {
		case d.busy:
		case f.work(d):
			d.busy = true
			rooms.Go(func() { f.attend(ctx, room, d) })
		case len(d.heads) == 0:
			delete(f.desks, room)
		}
	}
}

// attend does a room's work until there is none. After a failure it pauses and
// tries again.
func (f *Feed) attend(ctx context.Context, room string, d *desk) {
	failing := false
	for {
		f.mu.Lock()
		if ctx.Err() != nil || !f.work(d) {
			d.busy = false
			f.mu.Unlock()
			return
		}
		heads := d.heads
		f.mu.Unlock()
		err := errors.Join(f.makeDue(ctx, d), f.handOn(ctx, d, heads), f.keepLandings(ctx, d))
		if err == nil {
			failing = false
			continue
		}
		if !failing && ctx.Err() == nil {
			f.o.Logger.Error("the events of a room cannot be handed on; it is tried again", "room", room, "again", retryAfter, "err", err)
		}
		failing = true
		select {
		case <-ctx.Done():
		case <-time.After(retryAfter):
		}
	}
}

// makeDue turns what is due in a room into events.
func (f *Feed) makeDue(ctx context.Context, d *desk) error {
	f.mu.Lock()
	due := d.due
	d.due = map[string]bool{}
	f.mu.Unlock()
	var errs []error
	for show := range due {
		if _, err := f.o.Agenda.MakeDue(ctx, show, time.Now()); err != nil {
			errs = append(errs, fmt.Errorf("make cues due: %w", err))
			f.mu.Lock()
			d.due[show] = true
			f.mu.Unlock()
		}
	}
	return errors.Join(errs...)
}
