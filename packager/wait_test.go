package packager

import (
	"sync"
	"testing"
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
				w := s.stream.window.Load()
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
