package packager

import (
	"fmt"
	"testing"
	"time"

	"mediad/ingest"
	"mediad/packager/align"
	"mediad/packager/check"
	"mediad/packager/mpegts"
)

// Sound and picture that start with a skew stay as the publisher has them, up to what
// a transport stream can say; beyond it the one that is behind is moved once, to
// where it can be heard or seen. The studio judges every part, those of the slate as well.
func TestSkewIsKept(t *testing.T) {
	t.Parallel()
	for class, o := range classes {
		for _, ms := range []int64{0, 250, 500, 600, 700, 1000, 2000, 3000, 5000, 20_000} {
			for _, ms := range []int64{ms, -ms} {
				t.Run(fmt.Sprintf("%s %d ms", class, ms), func(t *testing.T) {
					o.State = state(0)
					s := newStudio(t, o)
					skewed := func(_ int, u av) (av, bool) {
						if u.audio {
							u.dts += ms
						}
						return u, true
					}
					s.feed(program(0, 20_000, skewed))
					want, fuzz, moves := ms, int64(45), uint64(0) // a part begins anywhere in a frame of either
					if ms > 600 || ms < -600 {
						want, fuzz, moves = 500*ms/max(ms, -ms), 100, 1
					}
					s.holdSkew(want, fuzz)
					if c := s.stream.Health().Counts; c.Moves != moves || (c.LateUnits > 0) != (moves > 0) {
						t.Errorf("sound was moved %d times, %d units came too late", c.Moves, c.LateUnits)
					}
					// Whoever waits for a part is answered all the while.
					// (The studio's clock begins with the first unit: sound that is behind.)
					limit := 3*max(o.Part, 500*time.Millisecond) + time.Duration(max(-ms, 0))*time.Millisecond
					if s.stood > limit {
						t.Errorf("nothing was listed for %v", s.stood)
					}
					s.away(4 * time.Second)
					s.feed(program(24_000, 10_000, skewed))
					s.holdSkew(want, fuzz)
					s.stream.End()
					s.look()
				})
			}
		}
	}
}

// holdSkew holds the last segment's sound against its pictures.
func (s *studio) holdSkew(ms, fuzz int64) {
	s.t.Helper()
	var ts check.TS
	segments := s.stream.snapshot().segments
	var video, audio check.Span
	for _, p := range segments[len(segments)-1].parts {
		ts.Part(p.data)
		if video.Units == 0 {
			video, audio = ts.Video(), ts.Audio()
		}
	}
	got := ingest.Duration(audio.FirstDTS - video.FirstDTS).Milliseconds()
	if got < ms-fuzz || got > ms+fuzz {
		s.t.Errorf("sound is %d ms ahead of the picture, want %d ms, give or take %d ms", got, ms, fuzz)
	}
}

// What align keeps of the tracks' skew lies above the program clock.
func TestSkewIsAboveTheProgramClock(t *testing.T) {
	if want := int64(mpegts.PCRDelay - ingest.Clock/20); align.MaxSkew != want {
		t.Errorf("tracks may lie %d ticks apart, want %d", align.MaxSkew, want)
	}
}
