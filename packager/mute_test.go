package packager

import (
	"testing"
	"time"

	"mediad/ingest"
	"mediad/packager/check"
)

// Pictures alone are given silence without a hole, and the tracks stay the same
// when the publisher comes back with sound of its own.
func TestPicturesAloneHaveSilence(t *testing.T) {
	s := newStudio(t, Options{}, videoTrack())
	s.send(shot{fps: 25, gop: 50, frames: 250})
	w := s.stream.window.Load()
	if len(w.tracks) != 2 || w.tracks[1].RFC6381 != "mp4a.40.2" {
		t.Fatalf("tracks %+v", w.tracks)
	}
	var ts check.TS
	frames, until, length := 0, int64(0), int64(0)
	for _, seg := range w.segments {
		length += seg.duration
		for _, p := range seg.parts {
			ts.Part(p.data)
			a := ts.Audio()
			frames += a.Frames
			if hole := a.FirstDTS - until; until != 0 && (hole < -2 || hole > 2) {
				t.Errorf("part %d: silence begins %d ticks after it ended", p.number, hole)
			}
			until = a.FirstDTS + int64(a.Frames)*samplesPerFrame*ingest.Clock/48000
		}
	}
	if want := int(length * 48000 / samplesPerFrame / ingest.Clock); frames < want-1 || frames > want+1 {
		t.Errorf("%d frames of silence in %v, want %d", frames, ingest.Duration(length), want)
	}

	s.sink.Close(ingest.Lost)
	s.now = s.now.Add(time.Second)
	s.tracks = []ingest.Track{videoTrack(), audioTrack()}
	s.publish()
	s.send(shot{fps: 25, gop: 50, frames: 150})
	w = s.stream.window.Load()
	if s.stream.breaks != 1 || len(w.tracks) != 2 || w.tracks[1].Config == nil {
		t.Errorf("%d discontinuities, tracks %+v", s.stream.breaks, w.tracks)
	}
}
