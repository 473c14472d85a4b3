package restream

import (
	"strconv"
	"sync"
	"testing"

	"mediad/packager"
)

// BenchmarkTargets is what the goroutine of a publisher does for a second of the demo's clip,
// packager included, where a room has so many targets; none is the reference. Their queues are
// emptied meanwhile; what the connections cost is BenchmarkSend in ingest/rtmp/push.
func BenchmarkTargets(b *testing.B) {
	c := readClip(b)
	for _, n := range []int{-1, 0, 1, 3, 10} {
		name := strconv.Itoa(n)
		if n < 0 {
			name = "no restreaming"
		}
		b.Run(name, func(b *testing.B) {
			session := packager.NewStream(packager.Options{Room: "corn", Epoch: "01test"}).Attach()
			h := New(Options{})
			for i := range n {
				h.Set(map[string][]Target{"corn": append(targetsOf(h), Target{Name: strconv.Itoa(i), URL: "rtmp://h/app"})})
			}
			f := h.Open("corn")
			for _, t := range h.room("corn").list() {
				t.queue.take(true)
			}
			h.room("corn").choose()
			if err := session.SetTracks(c.tracks); err != nil {
				b.Fatal(err)
			}
			f.SetTracks(c.tracks)
			quit := make(chan struct{})
			var all sync.WaitGroup
			for _, t := range h.room("corn").list() {
				all.Go(func() {
					for {
						select {
						case <-t.queue.ready:
							t.queue.take(true)
						case <-quit:
							return
						}
					}
				})
			}
			var shift int64
			last := c.units[len(c.units)-1].DTS
			b.ReportAllocs()
			b.ResetTimer()
			for range b.N {
				for _, u := range c.units {
					u.DTS, u.PTS = u.DTS+shift, u.PTS+shift
					if err := session.WriteUnit(u); err != nil {
						b.Fatal(err)
					}
					if n >= 0 {
						f.WriteUnit(u)
					}
				}
				shift += last + 3000
			}
			b.StopTimer()
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(c.units)), "ns/unit")
			close(quit)
			all.Wait()
		})
	}
}

func targetsOf(h *Hub) (out []Target) {
	for _, t := range h.room("corn").list() {
		out = append(out, t.Target)
	}
	return out
}

// TestNoTargets: a room without targets costs a publisher nothing.
func TestNoTargets(t *testing.T) {
	c := readClip(t)
	f := New(Options{}).Open("corn")
	f.SetTracks(c.tracks)
	if n := testing.AllocsPerRun(100, func() {
		for _, u := range c.units[:100] {
			f.WriteUnit(u)
		}
	}); n > 0 {
		t.Errorf("%v allocations for 100 units", n)
	}
}
