package packager

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// BenchmarkPublish is what a new window costs its publisher, with nobody and
// with ten thousand waiting for it; they run when it has gone on.
func BenchmarkPublish(b *testing.B) {
	for name, waiters := range map[string]int{"nobody": 0, "10000": 10000} {
		b.Run(name, func(b *testing.B) {
			_, s := onAir(b)
			for b.Loop() {
				b.StopTimer()
				w := s.stream.snapshot()
				var parked, done sync.WaitGroup
				for range waiters {
					parked.Add(1)
					done.Go(func() {
						parked.Done()
						s.stream.await(b.Context(), func(now *window) bool { return now != w })
					})
				}
				parked.Wait()
				time.Sleep(50 * time.Millisecond)
				b.StartTimer()
				s.stream.publish(func(*window) {})
				b.StopTimer()
				done.Wait()
				b.StartTimer()
			}
		})
	}
}

// Waits that begin together end together, none later than it asked for.
func TestLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var l limits
		begun := time.Now()
		first := l.after(time.Second)
		time.Sleep(sharing)
		if l.after(time.Second) != first {
			t.Error("who comes soon after has a timer of its own")
		}
		time.Sleep(time.Millisecond)
		second := l.after(time.Second)
		if second == first {
			t.Error("who comes later has the same timer")
		}
		sooner := l.after(time.Second / 2)
		if sooner == second {
			t.Error("who may wait less has the same timer")
		}
		for _, want := range []struct {
			over <-chan struct{}
			at   time.Duration
		}{{sooner, 601 * time.Millisecond}, {first, time.Second}, {second, 1101 * time.Millisecond}} {
			<-want.over
			if got := time.Since(begun); got != want.at {
				t.Errorf("over after %v, want %v", got, want.at)
			}
		}
	})
}
