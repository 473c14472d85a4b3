package chat

import (
	"testing"
	"time"
)

// TestBucketInDisorder: requests at the same time come in another order than they read the clock, and get no more for it; a clock that is
// set back by far lets people write again.
func TestBucketInDisorder(t *testing.T) {
	start := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	var b *bucket
	taken := 0
	for i := range 10_000 {
		now := start.Add(time.Duration(i) * 100 * time.Microsecond) // a second in all
		if i%2 == 1 {
			now = now.Add(-40 * time.Millisecond)
		}
		var wait time.Duration
		if b, wait = b.take(now, 60, 50*time.Millisecond); wait == 0 {
			taken++
		}
	}
	if taken < 79 || taken > 80 {
		t.Errorf("%d were let through, 60 at once and 20 in a second are allowed", taken)
	}
	back := start.Add(-time.Hour)
	b, _ = b.take(back, 60, 50*time.Millisecond)
	if _, wait := b.take(back.Add(time.Second), 60, 50*time.Millisecond); wait != 0 {
		t.Errorf("the clock was set back, and nobody may write for %v", wait)
	}
}

// TestLatelyInDisorder: what is known stays, where one request read the clock before another one that turned a page.
func TestLatelyInDisorder(t *testing.T) {
	start := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	l := newLately[string, int](100, time.Minute)
	count := func(at time.Duration) (n int) {
		l.with(start.Add(at), "a", func(v int) int { n = v + 1; return n })
		return n
	}
	count(0)
	for i, at := range []time.Duration{time.Minute, time.Minute - time.Millisecond, time.Minute + time.Millisecond} {
		if n := count(at); n != i+2 {
			t.Errorf("at %v it is counted %d times, want %d", at, n, i+2)
		}
	}
	if n := count(-time.Hour); n != 1 {
		t.Errorf("the clock was set back: counted %d times", n)
	}
}
