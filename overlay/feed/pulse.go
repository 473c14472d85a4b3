package feed

import (
	"context"
	"time"

	"mediad/overlay"
)

// beat is the time between two pulses of a show.
const beat = time.Second

// runPulses hands the figures of each show on air to its stream, once a second at most and
// only when they have changed, until ctx ends. It reads memory alone, and its cost grows
// with the shows on air, not with their viewers.
func (f *Feed) runPulses(ctx context.Context) {
	clock := time.NewTicker(beat)
	defer clock.Stop()
	told := map[string]overlay.Pulse{} // by show
	for {
		select {
		case <-ctx.Done():
			return
		case <-clock.C:
		}
		onAir := f.onAir()
		for show := range told {
			if onAir[show] == "" {
				delete(told, show)
			}
		}
		for show, room := range onAir {
			if p, ok := f.o.Figures(room); ok && p != told[show] {
				f.tellPulse(show, room, p)
				told[show] = p
			}
		}
	}
}

// onAir gives the rooms of the shows whose events go to a stream, by show.
func (f *Feed) onAir() map[string]string {
	f.mu.Lock()
	defer f.mu.Unlock()
	out := make(map[string]string, len(f.attached))
	for show, a := range f.attached {
		if a.room != "" {
			out[show] = a.room
		}
	}
	return out
}

func (f *Feed) tellPulse(show, room string, p overlay.Pulse) {
	text, err := p.JSON(show, time.Now())
	if err != nil {
		f.o.Logger.Error("cannot write a pulse", "show", show, "err", err)
		return
	}
	f.o.Sink.Pulse(room, text)
}
