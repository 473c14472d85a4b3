package align

import (
	"testing"
	"time"

	"mediad/ingest"
)

// anchor is any moment.
var anchor = time.Date(2026, 5, 1, 20, 0, 0, 0, time.UTC)

func TestCatchUp(t *testing.T) {
	at := func(ms int) time.Time { return anchor.Add(time.Duration(ms) * time.Millisecond) }
	type unit struct {
		key      bool
		ts, wall int // ms
	}
	for _, c := range []struct {
		name  string
		units []unit
		want  int // the unit with which media goes on, -1: none
	}{
		{"now", []unit{{false, 0, 0}, {false, 33, 33}, {true, 1000, 1010}}, 2},
		{"the first unit tells nothing", []unit{{true, 0, 0}, {true, 2000, 2000}}, 1},
		{"a burst, then now", []unit{{true, 0, 0}, {true, 2000, 20}, {true, 4000, 40}, {true, 6000, 1100}, {true, 8000, 3100}}, 4},
		{"no key frame", []unit{{false, 0, 0}, {false, 1000, 1000}}, -1},
		{"always too fast", []unit{{true, 0, 0}, {true, 10000, 4000}, {true, 20000, 8000}, {true, 30000, 12000}}, 3},
	} {
		var b CatchUp
		got := -1
		for i, u := range c.units {
			if b.Over(0, int64(u.ts)*ingest.Millisecond, at(u.wall)) && u.key {
				got = i
				break
			}
		}
		if got != c.want {
			t.Errorf("%s: goes on with unit %d, want %d", c.name, got, c.want)
		}
	}
}

// Nothing that was dropped for want of a key frame is dropped for ever.
func TestCatchUpEndsWithoutAKeyFrame(t *testing.T) {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name string
		key  func(i int) bool
		want time.Duration
	}{
		{"an endless GOP", func(int) bool { return false }, KeyPatience},
		{"a key frame a second", func(i int) bool { return i > 0 && i%25 == 0 }, time.Second},
	} {
		var b CatchUp
		for i := range 250 {
			at := time.Duration(i) * 40 * time.Millisecond
			if now := start.Add(at); b.Over(0, ingest.Ticks(at), now) && (c.key(i) || b.Keyless(now)) {
				if at != c.want {
					t.Errorf("%s: over after %v", c.name, at)
				}
				break
			}
			if at > c.want {
				t.Errorf("%s: it is not over after %v", c.name, at)
				break
			}
		}
	}
}
