package cut

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"mediad/ingest"
)

// source makes the timestamps of one primary track, as RTMP carries them: in
// whole milliseconds.
type source struct {
	frames func(i int) float64 // seconds at which frame i begins
	gop    float64             // seconds between key frames
	part   time.Duration
	audio  bool // a second track of 48 kHz AAC runs beside
}

// firstDTS is where the tracks begin, in ticks.
const firstDTS = 10 * ingest.Clock

func steady(fps float64) func(int) float64 { return func(i int) float64 { return float64(i) / fps } }

// script of one run: what a Stream would do with the cuts, without bytes.
type made struct {
	parts    []madePart
	segments []madeSegment
}

type madePart struct {
	start, end    int64
	key, lastOfIt bool
	units         int
	early         bool // closed on the expected duration
}

type madeSegment struct {
	start, end     int64
	startsWithKey  bool
	forced, broken bool
	parts          int
}

func run(s *Segmenter, src source, seconds float64) (out made) {
	var open madePart
	seg := madeSegment{}
	empty, fresh := true, true
	apply := func(c Cut) {
		if c.Kind == None {
			return
		}
		if !empty {
			open.end, open.early = c.At, c.Foretold
			open.lastOfIt = c.Kind != Part
			out.parts = append(out.parts, open)
			seg.parts++
			seg.end = c.At
		} else if c.Kind != Part && len(out.parts) > 0 {
			out.parts[len(out.parts)-1].lastOfIt = true
		}
		empty = true
		if c.Kind != Part && seg.parts > 0 {
			seg.forced, seg.broken = c.Forced, c.Kind == Break
			out.segments = append(out.segments, seg)
			seg, fresh = madeSegment{}, true
		}
	}
	begin := func(key bool) {
		if !empty {
			return
		}
		open, empty = madePart{start: s.start}, false
		if fresh {
			seg, fresh = madeSegment{start: s.start, startsWithKey: key}, false
		}
	}
	late := 0
	var nextKey, nextAudio float64
	for i := 0; src.frames(i) < seconds; i++ {
		at := src.frames(i)
		for src.audio && nextAudio <= at {
			dts := firstDTS + ingest.Ticks(time.Duration(nextAudio*1e9))
			if late > 0 && s.SecondaryOverdue(dts) {
				begin(false)
				late = 0
			}
			apply(s.BeforeSecondary(dts, empty))
			if empty {
				late++
			}
			nextAudio += 1024. / 48000
		}
		dts := firstDTS + int64(at*1000+0.5)*ingest.Millisecond
		key := at >= nextKey-1e-9
		if key {
			nextKey += src.gop
		}
		if late > 0 && s.Overdue(dts) {
			begin(false)
			late = 0
		}
		apply(s.Before(dts, key, empty))
		begin(key)
		late = 0
		open.units++
		open.key = open.key || key
		apply(s.After(dts))
	}
	apply(s.Stop(empty))
	return out
}

// check holds a run against the rules that a playlist must obey.
func (m made) check(t *testing.T, s *Segmenter) {
	t.Helper()
	for i, p := range m.parts {
		d := p.end - p.start
		if d > s.PartTarget || d <= 0 {
			t.Errorf("part %d lasts %d ms, PART-TARGET is %d ms", i, d/ingest.Millisecond, s.PartTarget/ingest.Millisecond)
		}
		if d*100 < s.PartTarget*85 && !p.key && !p.lastOfIt {
			t.Errorf("part %d lasts %d ms, less than 85 %% of %d ms", i, d/ingest.Millisecond, s.PartTarget/ingest.Millisecond)
		}
		if p.start%ingest.Millisecond != 0 || p.end%ingest.Millisecond != 0 {
			t.Errorf("part %d does not lie on whole milliseconds: %d to %d", i, p.start, p.end)
		}
	}
	if s.Target%ingest.Clock != 0 || s.Target == 0 {
		t.Errorf("TARGETDURATION is %d ticks", s.Target)
	}
	for i, g := range m.segments {
		if round := (g.end - g.start + ingest.Clock/2) / ingest.Clock * ingest.Clock; round > s.Target {
			t.Errorf("segment %d lasts %d ms, TARGETDURATION is %d ms", i, (g.end-g.start)/ingest.Millisecond, s.Target/ingest.Millisecond)
		}
		if i > 0 && !m.segments[i-1].broken && m.segments[i-1].end != g.start {
			t.Errorf("segment %d begins at %d, the one before ends at %d", i, g.start, m.segments[i-1].end)
		}
	}
}

func newSegmenter(src source) *Segmenter {
	part := src.part
	if part == 0 {
		part = 500 * time.Millisecond
	}
	s := New(part, 2*time.Second)
	s.hasSecondary = src.audio
	return &s
}

func TestSegmenterFrameRates(t *testing.T) {
	for _, part := range []time.Duration{200, 333, 500, 1000} {
		for _, fps := range []float64{12, 15, 23.976, 24, 25, 29.97, 30, 48, 50, 59.94, 60, 120} {
			for _, audio := range []bool{false, true} {
				src := source{frames: steady(fps), gop: 2, part: part * time.Millisecond, audio: audio}
				t.Run(fmt.Sprintf("%v fps, %d ms, audio %t", fps, part, audio), func(t *testing.T) {
					s := newSegmenter(src)
					m := run(s, src, 60)
					m.check(t, s)
					if n := len(m.segments); n < 29 || n > 31 {
						t.Errorf("%d segments in 60 s, want 30", n)
					}
					for i, g := range m.segments {
						if !g.startsWithKey || g.broken {
							t.Errorf("segment %d: key %t, broken %t", i, g.startsWithKey, g.broken)
						}
					}
					early := 0
					for _, p := range m.parts {
						if p.early {
							early++
						}
					}
					if early < len(m.parts)*3/5 {
						t.Errorf("%d of %d parts closed on the expected duration", early, len(m.parts))
					}
					if src.part >= 500*time.Millisecond && s.PartTarget > ingest.Ticks(src.part)*116/100 {
						t.Errorf("PART-TARGET %d ms for %v", s.PartTarget/ingest.Millisecond, src.part)
					}
				})
			}
		}
	}
}

func TestSegmenterPartTargets(t *testing.T) {
	for _, c := range []struct {
		fps  float64
		part int64 // ms
		want int64 // ms
	}{
		{30, 500, 505}, {25, 500, 525}, {24, 500, 505}, {60, 500, 505}, {50, 500, 505},
		{29.97, 500, 506}, {30, 200, 205}, {25, 200, 205}, {30, 1000, 1005}, {1, 500, 1005},
	} {
		got := FitPartTarget(c.part*ingest.Millisecond, 2*ingest.Clock, int64(ingest.Clock/c.fps+.5)) / ingest.Millisecond
		if got != c.want {
			t.Errorf("%v fps, %d ms: PART-TARGET %d ms, want %d", c.fps, c.part, got, c.want)
		}
	}
}

func TestSegmenterGOPs(t *testing.T) {
	for _, c := range []struct {
		gop    float64
		target int64 // seconds
		keys   bool  // every segment begins with a key frame
	}{
		{0.5, 2, true}, {1, 2, true}, {1.5, 2, true}, {2, 2, true}, {2.002, 2, true}, {2.4, 3, true},
		{4, 4, true}, {8.333, 9, true}, {10, 10, true},
		{30, 12, false}, // longer than any player waits
	} {
		t.Run(fmt.Sprintf("%v s", c.gop), func(t *testing.T) {
			src := source{frames: steady(30), gop: c.gop, audio: true}
			s := newSegmenter(src)
			m := run(s, src, 90)
			m.check(t, s)
			if s.Target != c.target*ingest.Clock {
				t.Errorf("TARGETDURATION %d s, want %d", s.Target/ingest.Clock, c.target)
			}
			for i, g := range m.segments {
				if c.keys && (!g.startsWithKey || g.forced) {
					t.Errorf("segment %d of %d does not begin with a key frame", i, len(m.segments))
				}
			}
		})
	}
}

// A GOP that grows after TARGETDURATION is fixed is cut at part boundaries.
func TestSegmenterGOPGrows(t *testing.T) {
	src := source{frames: steady(30), gop: 2, audio: true}
	s := newSegmenter(src)
	run(s, src, 10)
	src.gop = 7
	m := run(s, src, 60)
	m.check(t, s)
	forced := 0
	for _, g := range m.segments {
		if g.forced {
			forced++
		}
	}
	if forced == 0 || s.Target != 2*ingest.Clock {
		t.Errorf("%d forced cuts, TARGETDURATION %d", forced, s.Target)
	}
}

func TestSegmenterVariableFrameRate(t *testing.T) {
	for seed := range uint64(200) {
		for _, audio := range []bool{true, false} {
			r := rand.New(rand.NewPCG(seed, 7))
			longest := []float64{0.05, 0.2, 0.45, 0.8, 3}[seed%5]
			times := []float64{0}
			for times[len(times)-1] < 70 {
				step := 1. / 60
				if r.IntN(3) == 0 {
					step = 1./60 + r.Float64()*longest
				}
				times = append(times, times[len(times)-1]+step)
			}
			src := source{frames: func(i int) float64 { return times[i] }, gop: 2, audio: audio}
			s := newSegmenter(src)
			m := run(s, src, 60)
			m.check(t, s)
			for i, g := range m.segments {
				if g.broken && (audio || longest < 0.5) {
					t.Errorf("seed %d, audio %t, longest %v s: segment %d ends in a break", seed, audio, longest, i)
				}
			}
			if t.Failed() {
				t.Fatalf("seed %d audio %t longest %v", seed, audio, longest)
			}
		}
	}
}

// Audio alone leads itself.
func TestSegmenterAudioOnly(t *testing.T) {
	for _, rate := range []float64{22050, 32000, 44100, 48000} {
		src := source{frames: steady(rate / 1024), gop: 0.001}
		s := newSegmenter(src)
		m := run(s, src, 60)
		m.check(t, s)
		if n := len(m.segments); n < 28 || n > 34 {
			t.Errorf("%v Hz: %d segments in 60 s", rate, n)
		}
	}
}

// Low frame rates without audio get a PART-TARGET that holds a frame.
func TestSegmenterSlideShow(t *testing.T) {
	for _, fps := range []float64{3, 2, 1, 0.5} {
		src := source{frames: steady(fps), gop: 2}
		s := newSegmenter(src)
		m := run(s, src, 60)
		m.check(t, s)
		for i, g := range m.segments {
			if g.broken {
				t.Errorf("%v fps: segment %d ends in a break", fps, i)
			}
		}
	}
}

// Where sound leaps while no picture comes, parts bridge three seconds beyond the open
// part. A further leap ends the segment there, and the next one begins with that sound.
func TestSegmenterSoundLeaps(t *testing.T) {
	for _, c := range []struct {
		leap int64 // ms
		want Kind
	}{{400, None}, {520, Part}, {3400, Part}, {3600, Break}, {60_000, Break}} {
		s := newSegmenter(source{audio: true})
		run(s, source{frames: steady(30), gop: 2, audio: true}, 10) // leaves both targets fixed
		s.Before(firstDTS, true, true)
		s.BeforeSecondary(firstDTS, false)
		end, at := s.Latest(), firstDTS+c.leap*ingest.Millisecond
		got := s.BeforeSecondary(at, false)
		if got.Kind != c.want || c.want != None && got.At != end {
			t.Errorf("sound leaps by %d ms: %+v, want %d at %d", c.leap, got, c.want, end)
		}
		if c.want == Break && s.Start() != at {
			t.Errorf("sound leaps by %d ms to %d: the next segment begins at %d", c.leap, at, s.Start())
		}
	}
}
