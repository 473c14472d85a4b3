package feed_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"mediad/overlay"
	"mediad/overlay/feed"
)

// TestPulses: figures come once a second at most, only when they have changed, only of
// shows on air, and never into the log.
func TestPulses(t *testing.T) {
	var mu sync.Mutex
	var now overlay.Pulse
	known := false
	set := func(viewers int64) {
		mu.Lock()
		defer mu.Unlock()
		now, known = overlay.Pulse{Viewers: viewers, Likes: 2 * viewers}, true
	}
	figures := func(room string) (overlay.Pulse, bool) {
		mu.Lock()
		defer mu.Unlock()
		return now, known && room == "corn"
	}
	run(t, feed.Options{Figures: figures}, func(t *testing.T, h *house) {
		pulses := func() []string {
			h.stream.mu.Lock()
			defer h.stream.mu.Unlock()
			got := h.stream.pulses
			h.stream.pulses = nil
			return got
		}
		set(9)
		time.Sleep(5 * time.Second)
		if got := pulses(); len(got) != 0 {
			t.Errorf("off air: %v", got)
		}
		b := h.begin()
		h.feed.Attach(b.Show, b.Seq)
		synctest.Wait()
		time.Sleep(5 * time.Millisecond) // not on the same moments as the pulses
		for second := range 30 {
			for i := range 100 { // every ten milliseconds
				set(int64(max(0, second-10) * (1000 + i)))
				time.Sleep(10 * time.Millisecond)
			}
		}
		time.Sleep(2 * time.Second)
		if got := pulses(); len(got) != 19 { // none while they are 0, then one a second
			t.Errorf("%d pulses in 30 s: %v", len(got), got)
		}
		set(5)
		time.Sleep(3 * time.Second)
		want := []string{`corn {"v":1,"kind":"pulse","show":"` + b.Show + `","at":AT,"viewers":5,"likes":10,"orders":0}`}
		got := pulses()
		for i := range got {
			before, rest, _ := strings.Cut(got[i], `"at":`)
			_, after, _ := strings.Cut(rest, ",")
			got[i] = before + `"at":AT,` + after
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		h.feed.Detach(b.Show)
		set(6)
		time.Sleep(3 * time.Second)
		if got := pulses(); len(got) != 0 {
			t.Errorf("off air: %v", got)
		}
		events, err := h.After(t.Context(), b.Show, 0, 100)
		must(t, err)
		if len(events) != 1 || fmt.Sprint(events[0].Kind) != "show.start" {
			t.Errorf("the log has %d events", len(events))
		}
	})
}
