package packager

import (
	"testing"
	"time"

	"mediad/ingest"
	"mediad/packager/check"
)

// Sound leaps seconds ahead while its encoder holds the pictures back, in steps that
// ingest may let through. What no part can bridge is a DISCONTINUITY, and nothing from
// behind the leap stands in a part from before it. The studio judges each part.
func TestSoundLeaps(t *testing.T) {
	const from, held = 10_000, 1500 // ms
	at := func(ms int64) func(int64) int64 { return func(int64) int64 { return ms } }
	for name, c := range map[string]struct {
		leap   func(after int64) int64 // by how much sound lies ahead, ms
		silent int64                   // for how long sound is missing before, ms
		gaps   uint64                  // in the sound
		breaks uint64
	}{
		"by 11 s":                    {at(11_000), 0, 1, 1},
		"by 11 s, behind a silence":  {at(11_000), 400, 1, 1},
		"by 11 s, in steps of 2.8 s": {func(after int64) int64 { return min(after/21+1, 4) * 2800 }, 0, 4, 2},
		"by 2.8 s":                   {at(2800), 0, 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStudio(t, Options{State: state(0)})
			var kept []av
			for i, u := range program(0, 20_000, nil) {
				after := u.dts - from
				s.now = testAnchor.Add(time.Duration(u.dts) * time.Millisecond)
				s.stream.Tick(s.now)
				switch {
				case u.audio && after >= 0 && after < c.silent:
				case u.audio:
					if after >= 0 {
						u.dts += c.leap(after - c.silent)
					}
					s.write(u.unit(byte(i)))
				case after >= 0 && after < held:
					kept = append(kept, u)
				default:
					for _, k := range append(kept, u) {
						s.write(k.unit(byte(i)))
					}
					kept = nil
				}
			}
			s.stream.End()
			s.look()
			r := s.stream.Health()
			if r.Pauses != c.breaks || s.stream.published.breaks != c.breaks || r.AudioGaps != c.gaps || r.Moves != 1 {
				t.Errorf("%d pauses and %d discontinuities, want %d; %d gaps, want %d; %d moves, want 1",
					r.Pauses, s.stream.published.breaks, c.breaks, r.AudioGaps, c.gaps, r.Moves)
			}
			var ts check.TS
			for _, seg := range s.stream.snapshot().segments {
				end := seg.start
				for _, p := range seg.parts {
					ts.Part(p.data)
					end += p.duration
					if far := ingest.Duration(max(ts.Video().LastDTS, ts.Audio().LastDTS) - end); far > 3*time.Second {
						t.Errorf("part %d ends %v before its last unit", p.number, far)
					}
				}
			}
		})
	}
}
