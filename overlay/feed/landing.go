package feed

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"

	"mediad/overlay"
)

// landing says where an event landed, as the packager reported it.
type landing struct {
	room, show string
	seq        uint64
	overlay.Landed
}

// landed takes a landing from any goroutine, the media's included, without
// waiting for the log. It holds no more than the cues that were sent.
func (f *Feed) landed(e overlay.Event, l overlay.Landing) {
	f.mu.Lock()
	defer f.mu.Unlock()
	w := f.worker(e.Room)
	w.landings = append(w.landings, landing{e.Room, e.Show, e.Seq, overlay.Landed{ID: e.ID, Landing: l}})
	f.wake()
}

// saveLandings writes the reported landings of a room, then tells the waiting
// requests.
func (f *Feed) saveLandings(ctx context.Context, w *worker) error {
	f.mu.Lock()
	batch := w.landings
	w.landings = nil
	f.mu.Unlock()
	if len(batch) == 0 {
		return nil
	}
	landed := make([]overlay.Landed, len(batch))
	for i, l := range batch {
		landed[i] = l.Landed
	}
	if err := f.o.Log.Landed(ctx, landed); err != nil {
		f.mu.Lock()
		w.landings = append(batch, w.landings...)
		f.mu.Unlock()
		return err
	}
	for _, l := range batch {
		f.mu.Lock()
		for c := range f.waiters[l.ID] {
			c <- l.Landing // has room for one, and gets only one
		}
		delete(f.waiters, l.ID)
		f.mu.Unlock()
		f.publish(Message{Room: l.room, Landed: &Landed{Cue: l.ID, Show: l.show, Seq: l.seq, Landing: l.Landing}})
	}
	return nil
}

// saveLastLandings keeps the landings that were reported before the end, within a
// short time. Rooms do not wait for each other.
func (f *Feed) saveLastLandings(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	var rooms errgroup.Group
	f.mu.Lock()
	for _, w := range f.workers {
		if len(w.landings) > 0 {
			rooms.Go(func() error { return f.saveLandings(ctx, w) })
		}
	}
	f.mu.Unlock()
	return rooms.Wait()
}

// AwaitLanding waits until an event has landed and the landing is kept. ok is
// false if ctx ended before that.
func (f *Feed) AwaitLanding(ctx context.Context, id string) (l overlay.Landing, ok bool, err error) {
	c := make(chan overlay.Landing, 1)
	f.mu.Lock()
	if f.waiters[id] == nil {
		f.waiters[id] = map[chan<- overlay.Landing]struct{}{}
	}
	f.waiters[id][c] = struct{}{}
	f.mu.Unlock()
	defer func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.waiters[id], c)
		if len(f.waiters[id]) == 0 {
			delete(f.waiters, id)
		}
	}()
	// The event may have landed before this request waited.
	kept, err := f.o.Log.Landing(ctx, id)
	if err != nil {
		if ctx.Err() != nil {
			return overlay.Landing{}, false, nil
		}
		return overlay.Landing{}, false, err
	}
	if kept != nil {
		return *kept, true, nil
	}
	select {
	case l := <-c:
		return l, true, nil
	case <-ctx.Done():
		return overlay.Landing{}, false, nil
	}
}
