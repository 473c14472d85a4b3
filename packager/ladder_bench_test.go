package packager

import (
	"testing"
	"time"

	"mediad/ingest"
)

// BenchmarkLadder takes access units to parts in the window: 720p30 at 2.6 Mbit/s, and half
// and a sixth of that, with AAC, as one stream of three renditions and as three streams. An
// operation is one moment: three pictures with their share of sound.
func BenchmarkLadder(b *testing.B) {
	for _, together := range []bool{true, false} {
		name := "three streams"
		if together {
			name = "one ladder"
		}
		b.Run(name, func(b *testing.B) {
			now := testAnchor
			var sinks []*Session
			tracks := []ingest.Track{videoTrack(), audioTrack()}
			for range 3 {
				s := NewStream(Options{Room: "demo", Epoch: "01test", Anchor: testAnchor, Now: func() time.Time { return now }})
				if sinks = append(sinks, s.Attach()); together {
					tracks = append(tracks, videoTrack(), videoTrack())
				}
				if err := sinks[len(sinks)-1].SetTracks(tracks); err != nil {
					b.Fatal(err)
				}
				if together {
					break
				}
			}
			var key, delta [3][][]byte
			for k := range 3 {
				key[k], delta[k] = [][]byte{make([]byte, 48000/(k*k+k+1))}, [][]byte{make([]byte, 9000/(k*k+k+1))}
				key[k][0][0], delta[k][0][0] = 0x65, 0x41
			}
			sound := [][]byte{make([]byte, 341)}
			i, heard := int64(0), int64(0)
			write := func(sink int, u ingest.Unit) {
				if err := sinks[sink].WriteUnit(u); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportAllocs()
			for b.Loop() {
				dts := i * 3000
				now = testAnchor.Add(ingest.Duration(dts))
				for ; heard*1920 <= dts; heard++ {
					for k := range sinks {
						write(k, ingest.Unit{Track: 1, DTS: heard * 1920, PTS: heard * 1920, NALs: sound})
					}
				}
				for k := range 3 {
					u := ingest.Unit{DTS: dts, PTS: dts, Key: i%30 == 0, NALs: delta[k]}
					if u.Key {
						u.NALs = key[k]
					}
					if together {
						u.Track = k + min(k, 1)
						write(0, u)
					} else {
						write(k, u)
					}
				}
				i++
			}
		})
	}
}
