package packager

import (
	"runtime"
	"testing"
	"time"
	"weak"

	"mediad/ingest"
)

// TestMemory: a stream holds what players may still fetch and nothing else:
// parts at their own size, and none that has left the window.
func TestMemory(t *testing.T) {
	s := newStudio(t, Options{Window: 12 * time.Second})
	var old []weak.Pointer[segment]
	seen := uint64(0)
	for range 60 {
		s.send(shot{from: s.now.Sub(testAnchor).Milliseconds(), frames: 30, fps: 30, gop: 30})
		w := s.stream.snapshot()
		for _, seg := range w.segments {
			if seg.msn > seen {
				seen, old = seg.msn, append(old, weak.Make(seg))
			}
		}
	}
	w := s.stream.snapshot()
	want := int64(w.open.size())
	first := w.open.msn
	for _, list := range [][]*segment{w.retired, w.segments} {
		for _, seg := range list {
			first = min(first, seg.msn)
			for _, p := range seg.parts {
				want += int64(len(p.data))
				if slack := cap(p.data) - len(p.data); slack > len(p.data)/7 {
					t.Errorf("part %d of %d bytes has room for %d more", p.number, len(p.data), slack)
				}
			}
		}
	}
	if got := s.stream.Held(); got != want || got == 0 {
		t.Errorf("%d bytes held, want %d", got, want)
	}
	s.window, w = nil, nil
	runtime.GC()
	for _, p := range old {
		if seg := p.Value(); seg != nil && seg.msn < first {
			t.Errorf("segment %d is still in memory; players may fetch from %d", seg.msn, first)
		}
	}
	if len(old) < 25 || first < 10 {
		t.Fatalf("%d segments, the first that is left is %d", len(old), first)
	}
	runtime.KeepAlive(s)
}

// BenchmarkSession takes access units to parts in the window: 720p30 at 2.6
// Mbit/s, with AAC. An operation is a picture with its share of sound.
func BenchmarkSession(b *testing.B) {
	now := testAnchor
	s := NewStream(Options{Room: "demo", Epoch: "01test", Anchor: testAnchor, Now: func() time.Time { return now }})
	sink := s.Attach()
	if err := sink.SetTracks([]ingest.Track{videoTrack(), audioTrack()}); err != nil {
		b.Fatal(err)
	}
	key, delta, sound := [][]byte{make([]byte, 48000)}, [][]byte{make([]byte, 9000)}, [][]byte{make([]byte, 341)}
	key[0][0], delta[0][0] = 0x65, 0x41
	write := func(u ingest.Unit) {
		if err := sink.WriteUnit(u); err != nil {
			b.Fatal(err)
		}
	}
	i, heard := int64(0), int64(0)
	b.ReportAllocs()
	b.SetBytes((30*9000 + 39000 + 47*341) / 30)
	for b.Loop() {
		dts := i * 3000
		now = testAnchor.Add(ingest.Duration(dts))
		for ; heard*1920 <= dts; heard++ {
			write(ingest.Unit{Track: 1, DTS: heard * 1920, PTS: heard * 1920, NALs: sound})
		}
		u := ingest.Unit{DTS: dts, PTS: dts, NALs: delta}
		if i%30 == 0 {
			u.Key, u.NALs = true, key
		}
		write(u)
		i++
	}
}
