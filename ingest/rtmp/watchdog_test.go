package rtmp

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestWatchdog(t *testing.T) {
	first, second := errors.New("first"), errors.New("second")
	for _, tc := range []struct {
		name string
		act  func(w *watchdog)
		want time.Duration // when it bites, 0 for never
		why  error
	}{
		{"left alone", func(*watchdog) {}, 10 * time.Second, first},
		{"fed", func(w *watchdog) {
			for range 7 {
				time.Sleep(4 * time.Second)
				w.feed()
			}
		}, 38 * time.Second, first},
		{"given more time", func(w *watchdog) {
			time.Sleep(4 * time.Second)
			w.expect(20*time.Second, second)
		}, 24 * time.Second, second},
		{"given less time", func(w *watchdog) {
			time.Sleep(4 * time.Second)
			w.expect(time.Second, second)
		}, 5 * time.Second, second},
		{"stopped", func(w *watchdog) { w.stop() }, 0, nil},
		{"stopped, then fed", func(w *watchdog) { w.stop(); w.expect(time.Second, second) }, 0, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				var bitten time.Duration
				var why error
				w := newWatchdog(10*time.Second, first, func(reason error) { bitten, why = time.Since(start), reason })
				tc.act(w)
				time.Sleep(time.Minute)
				synctest.Wait()
				if bitten != tc.want || why != tc.why {
					t.Errorf("bit after %v (%v), want %v (%v)", bitten, why, tc.want, tc.why)
				}
			})
		})
	}
}
