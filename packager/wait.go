package packager

import (
	"context"
	"time"
)

// watch is await for a playlist: who waits for it counts as a viewer.
func (s *Stream) watch(ctx context.Context, d directives) (w *window, ok bool) {
	if w = s.window.Load(); d.satisfied(w) {
		return w, true
	}
	s.watching.Add(1)
	defer s.watching.Add(-1)
	return s.await(ctx, d.satisfied)
}

// await gives the first window for which enough says true, or the newest one
// when the stream stops, the wait has lasted too long, or the viewer left;
// then ok is false.
func (s *Stream) await(ctx context.Context, enough func(*window) bool) (w *window, ok bool) {
	w = s.window.Load()
	if enough(w) {
		return w, true
	}
	// Ten thousand may wait for one part: a timer serves many of them in turn.
	// Since Go 1.23 nothing of its last use is left in a stopped one.
	limit := s.timers.Get().(*time.Timer)
	limit.Reset(w.holdLimit())
	defer func() {
		limit.Stop()
		s.timers.Put(limit)
	}()
	for {
		if w.ended || w.leaving {
			return w, false
		}
		select {
		case <-w.next:
		case <-limit.C:
			return w, false
		case <-ctx.Done():
			return w, false
		}
		w = s.window.Load()
		if enough(w) {
			return w, true
		}
	}
}

func stoppedTimer() *time.Timer {
	t := time.NewTimer(time.Hour)
	t.Stop()
	return t
}
