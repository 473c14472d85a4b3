package packager

import (
	"testing"
	"time"

	"mediad/ingest"
	"mediad/packager/align"
	"mediad/packager/check"
)

// Pictures alone are given silence without a hole, and the tracks stay the same
// when the publisher comes back with sound of its own.
func TestPicturesAloneHaveSilence(t *testing.T) {
	s := newStudio(t, Options{}, videoTrack())
	s.send(shot{fps: 25, gop: 50, frames: 250})
	w := s.stream.snapshot()
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
			until = a.FirstDTS + int64(a.Frames)*align.SamplesPerFrame*ingest.Clock/48000
		}
	}
	if want := int(length * 48000 / align.SamplesPerFrame / ingest.Clock); frames < want-1 || frames > want+1 {
		t.Errorf("%d frames of silence in %v, want %d", frames, ingest.Duration(length), want)
	}

	s.sink.Close(ingest.Lost)
	s.now = s.now.Add(time.Second)
	s.tracks = []ingest.Track{videoTrack(), audioTrack()}
	s.publish()
	s.send(shot{fps: 25, gop: 50, frames: 150})
	w = s.stream.snapshot()
	if s.stream.published.breaks != 1 || len(w.tracks) != 2 || w.tracks[1].Config == nil {
		t.Errorf("%d discontinuities, tracks %+v", s.stream.published.breaks, w.tracks)
	}
}

// Sound that was announced and is not sent, or stops, gives way to silence; what
// comes of it later is heard again, and nothing of it overlaps.
func TestUnheardSoundIsSilence(t *testing.T) {
	for name, c := range map[string]struct {
		lacks  func(i int) bool // whether sound frame i is not sent
		hole   time.Duration    // the longest without any sound
		frames int              // at least, in the 18 s of whole segments
	}{
		"never sent":      {func(int) bool { return true }, 0, 740},
		"no more":         {func(i int) bool { return i > 400 }, 2600 * time.Millisecond, 740},
		"for six seconds": {func(i int) bool { return i > 400 && i < 681 }, 2600 * time.Millisecond, 740},
		"for a second":    {func(i int) bool { return i > 400 && i < 447 }, 1100 * time.Millisecond, 780},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStudio(t, Options{})
			s.feed(program(0, 20_000, func(i int, u av) (av, bool) { return u, !u.audio || !c.lacks(i) }))
			var ts check.TS
			frames, until := 0, int64(0)
			for _, seg := range s.stream.snapshot().segments {
				for _, p := range seg.parts {
					ts.Part(p.data)
					a := ts.Audio()
					if a.Frames == 0 {
						continue
					}
					if hole := a.FirstDTS - until; until != 0 && (hole < -2 || ingest.Duration(hole) > c.hole+time.Millisecond) {
						t.Errorf("part %d: sound begins %v after it ended", p.number, ingest.Duration(hole))
					}
					frames += a.Frames
					until = a.FirstDTS + int64(a.Frames)*align.SamplesPerFrame*ingest.Clock/48000
				}
			}
			if frames < c.frames {
				t.Errorf("%d frames of sound, want %d", frames, c.frames)
			}
			s.stream.End()
			s.look()
		})
	}
}
