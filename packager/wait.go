package packager

import (
	"context"
	"sync"
	"time"
)

// watch is await for a playlist: whoever waits for it counts as a viewer.
func (s *Stream) watch(ctx context.Context, d directives) (w *window, ok bool) {
	if w = s.snapshot(); d.satisfied(w) {
		return w, true
	}
	s.published.watching.Add(1)
	defer s.published.watching.Add(-1)
	return s.await(ctx, d.satisfied)
}

// look is watch for a host's preview, which counts as no viewer.
func (s *Stream) look(ctx context.Context, d directives) (w *window, ok bool) {
	return s.await(ctx, d.satisfied)
}

// await gives the first window for which enough says true, or the newest one
// when the stream stops, the wait has lasted too long, or the viewer left;
// then ok is false.
func (s *Stream) await(ctx context.Context, enough func(*window) bool) (w *window, ok bool) {
	w = s.snapshot()
	if enough(w) {
		return w, true
	}
	limit := s.published.limits.after(w.holdLimit())
	for {
		if w.ended || w.leaving {
			return w, false
		}
		select {
		case <-w.next:
		case <-limit:
			return w, false
		case <-ctx.Done():
			return w, false
		}
		w = s.snapshot()
		if enough(w) {
			return w, true
		}
	}
}

// limits ends the waits of many, perhaps ten thousand for one part. Waits that begin soon
// after each other share a timer.
type limits struct {
	mu sync.Mutex
	// Guarded by mu.
	at   time.Time
	over chan struct{} // closed then
}

// sharing is how much sooner than asked a wait may be over.
const sharing = 100 * time.Millisecond

// after gives a channel that is closed when d is over, or a little before.
func (l *limits) after(d time.Duration) <-chan struct{} {
	at := time.Now().Add(d)
	l.mu.Lock()
	defer l.mu.Unlock()
	if early := at.Sub(l.at); l.over == nil || early < 0 || early > sharing {
		over := make(chan struct{})
		time.AfterFunc(d, func() { close(over) })
		l.at, l.over = at, over
	}
	return l.over
}
