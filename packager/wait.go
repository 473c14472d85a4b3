package packager

import (
	"context"
	"time"
)

// await gives the first window for which enough says true, or the newest one
// when the stream stops, the wait has lasted too long, or the viewer left;
// then ok is false.
func (s *Stream) await(ctx context.Context, enough func(*window) bool) (w *window, ok bool) {
	w = s.window.Load()
	if enough(w) {
		return w, true
	}
	limit := time.NewTimer(w.holdLimit())
	defer limit.Stop()
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
