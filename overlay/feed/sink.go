package feed

import (
	"context"
	"strings"
	"time"

	"mediad/overlay"
)

// page bounds one reading of the log.
const page = 100

// attachedShow is a show whose events go to the sink.
type attachedShow struct {
	seq       uint64    // guarded by Feed.mu; of the last event that was sent
	room      string    // guarded by Feed.mu; "" until the log was read
	notBefore time.Time // owned by the goroutine of the room; of the last event that was sent
}

// Attach sends a show's events for the picture above seq to the sink, from now on.
// Call it once a broadcast's stream can take cues, with the Seq that its beginning
// answered. So no event since the beginning is lost, and none that the stream's
// first state includes is repeated. A show that is attached already, as after a
// short loss of the publisher, goes on as it was.
func (f *Feed) Attach(show string, seq uint64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.attached[show] == nil {
		f.attached[show] = &attachedShow{seq: seq}
	}
	f.wake()
}

// Detach stops what Attach began. Events of the show do not land any more.
func (f *Feed) Detach(show string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.attached, show)
}

// Attached tells whether the events of a show go to a stream.
func (f *Feed) Attached(show string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.attached[show] != nil
}

// deliver reads the logs of a room that have grown, for the subscribers and for
// the sink.
func (f *Feed) deliver(ctx context.Context, w *worker, heads []overlay.Head) error {
	for _, h := range heads {
		if err := f.sendToHosts(ctx, w, h); err != nil {
			return err
		}
		if err := f.sendToSink(ctx, h); err != nil {
			return err
		}
	}
	return nil
}

func (f *Feed) sendToHosts(ctx context.Context, w *worker, h overlay.Head) error {
	f.mu.Lock()
	from := w.sent[h.Show]
	f.mu.Unlock()
	if from >= h.Pos {
		return nil
	}
	sent := func(pos uint64) {
		f.mu.Lock()
		defer f.mu.Unlock()
		w.sent[h.Show] = max(w.sent[h.Show], pos)
	}
	err := f.read(ctx, f.o.Log.HostsAfter, h.Show, from, func(e overlay.Event) uint64 {
		f.publish(Message{Room: e.Room, Event: &e})
		sent(e.Pos)
		return e.Pos
	})
	if err == nil {
		sent(h.Pos) // private events may stand behind the last one
	}
	return err
}

func (f *Feed) sendToSink(ctx context.Context, h overlay.Head) error {
	f.mu.Lock()
	a, seq := f.attached[h.Show], uint64(0)
	if a != nil {
		seq = a.seq
	}
	f.mu.Unlock()
	if a == nil || f.o.Sink == nil || seq >= h.Seq {
		return nil
	}
	sent := func(seq uint64) {
		f.mu.Lock()
		defer f.mu.Unlock()
		a.seq = max(a.seq, seq)
	}
	err := f.read(ctx, f.o.Log.PictureAfter, h.Show, seq, func(e overlay.Event) uint64 {
		sent(e.Seq)
		now, notBefore := time.Now(), e.NotBefore
		if delay := h.CueDelay.Or(f.o.Delay); notBefore.IsZero() && delay > 0 && !strings.HasPrefix(string(e.Kind), "show.") {
			notBefore = now.Add(delay)
		}
		// A cue with a date is handed over before its moment. One for now that
		// follows waits for it: readers of the stream drop an event below the
		// seq that they have seen, and its state would betray the earlier one.
		if notBefore.After(a.notBefore) {
			a.notBefore = notBefore
		}
		if a.notBefore.After(now) {
			notBefore = a.notBefore
		}
		f.o.Sink.Cue(overlay.Cue{Room: e.Room, Show: e.Show, ID: e.ID, Seq: e.Seq, Kind: e.Kind, Product: e.Product,
			NotBefore: notBefore, Event: e.Payload, State: e.State,
			Landed: func(l overlay.Landing) { f.landed(e, l) }})
		return e.Seq
	})
	if err == nil {
		sent(h.Seq)
	}
	return err
}

// read calls each for the events of a show behind a number. each gives the number
// of its event.
func (f *Feed) read(ctx context.Context, after func(context.Context, string, uint64, int) ([]overlay.Event, error),
	show string, number uint64, each func(overlay.Event) uint64) error {
	for {
		events, err := after(ctx, show, number, page)
		if err != nil {
			return err
		}
		for _, e := range events {
			number = each(e)
		}
		if len(events) < page {
			return nil
		}
	}
}
