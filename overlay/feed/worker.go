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

// worker holds the work of a room. One goroutine at a time does it, so that the
// room's events keep their order. A worker without work has no goroutine. All
// fields are guarded by Feed.mu.
type worker struct {
	running  bool              // it has a goroutine
	heads    []overlay.Head    // of the room's logs; replaced, never changed
	sent     map[string]uint64 // by show: how far in the log subscribers were told
	due      map[string]bool   // shows in which something is due
	landings []landing         // told by the packager, not yet kept
}

// worker finds a room's worker, or makes it. mu is held.
func (f *Feed) worker(room string) *worker {
	w := f.workers[room]
	if w == nil {
		w = &worker{sent: map[string]uint64{}, due: map[string]bool{}}
		f.workers[room] = w
	}
	return w
}

// setHeads gives the heads of all logs to the workers of their rooms, and forgets logs
// that have no head any more. mu is held.
func (f *Feed) setHeads(heads []overlay.Head) {
	rooms := map[string][]overlay.Head{}
	for _, h := range heads {
		rooms[h.Room] = append(rooms[h.Room], h)
		if a := f.attached[h.Show]; a != nil {
			a.room = h.Room
		}
		f.worker(h.Room)
	}
	for room, w := range f.workers {
		w.heads = rooms[room]
		maps.DeleteFunc(w.sent, func(show string, _ uint64) bool {
			return !slices.ContainsFunc(w.heads, func(h overlay.Head) bool { return h.Show == show })
		})
	}
}

// hasWork tells whether a worker has work. mu is held.
func (f *Feed) hasWork(w *worker) bool {
	return len(w.due) > 0 || len(w.landings) > 0 || slices.ContainsFunc(w.heads, func(h overlay.Head) bool {
		a := f.attached[h.Show]
		return w.sent[h.Show] < h.Pos || a != nil && f.o.Sink != nil && a.seq < h.Seq
	})
}

// startWorkers gives a goroutine to each worker that has work and no goroutine yet, and
// removes the workers of rooms without a log.
func (f *Feed) startWorkers(ctx context.Context, rooms *sync.WaitGroup) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for room, w := range f.workers {
		switch {
		case w.running:
		case f.hasWork(w):
			w.running = true
			rooms.Go(func() { f.runWorker(ctx, room, w) })
		case len(w.heads) == 0:
			delete(f.workers, room)
		}
	}
}

// runWorker does a room's work until there is none. After a failure it pauses and
// tries again.
func (f *Feed) runWorker(ctx context.Context, room string, w *worker) {
	failing := false
	for {
		f.mu.Lock()
		if ctx.Err() != nil || !f.hasWork(w) {
			w.running = false
			f.mu.Unlock()
			return
		}
		heads := w.heads
		f.mu.Unlock()
		err := errors.Join(f.makeDue(ctx, w), f.deliver(ctx, w, heads), f.saveLandings(ctx, w))
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
func (f *Feed) makeDue(ctx context.Context, w *worker) error {
	f.mu.Lock()
	due := w.due
	w.due = map[string]bool{}
	f.mu.Unlock()
	var errs []error
	for show := range due {
		if _, err := f.o.Agenda.MakeDue(ctx, show, time.Now()); err != nil {
			errs = append(errs, fmt.Errorf("make cues due: %w", err))
			f.mu.Lock()
			w.due[show] = true
			f.mu.Unlock()
		}
	}
	return errors.Join(errs...)
}
