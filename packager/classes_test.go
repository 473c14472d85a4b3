package packager

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"mediad/ingest"
	"mediad/packager/check"
	"mediad/packager/cut"
)

// classes are how each latency class is cut, with the default configuration.
var classes = map[string]Options{
	"low":      {Part: 500 * time.Millisecond, Segment: 2 * time.Second},
	"short":    {Part: 200 * time.Millisecond, Segment: time.Second},
	"balanced": {Part: time.Second, Segment: 2 * time.Second},
	"mass":     {Part: time.Second, Segment: 2 * time.Second, SegmentsOnly: true},
}

// uneven gives the distance of the next picture in milliseconds, as sources of
// a variable frame rate stamp them.
type uneven func(r *rand.Rand) int64

var unevens = map[string]uneven{
	"screen":  func(r *rand.Rand) int64 { return []int64{16, 17, 33, 50, 66}[r.IntN(5)] + 400*(r.Int64N(60)/59) },
	"phone":   func(r *rand.Rand) int64 { return 28 + r.Int64N(12) },
	"camera":  func(r *rand.Rand) int64 { return []int64{33, 33, 34, 66, 67}[r.IntN(5)] },
	"game":    func(r *rand.Rand) int64 { return 4 + r.Int64N(40) },
	"slides":  func(r *rand.Rand) int64 { return 1 + r.Int64N(2500) },
	"pausing": func(r *rand.Rand) int64 { return 33 + 3000*(r.Int64N(400)/399) },
	"anything": func(r *rand.Rand) int64 {
		return []int64{1, 5, 20, 40, 41, 300, 700, 1400}[r.IntN(8)] + r.Int64N(30)
	},
}

// TestUnevenFrames lets pictures of random distance and random groups run
// through every class. The studio holds each part and each playlist against the
// rules: no part above PART-TARGET, none without cause below 85 % of it (RFC
// 8216bis 4.4.4.9). Here the clock stands beside them: while sound comes, a part
// is listed when its time is over, whatever the pictures do, and a segment
// within one and a half target durations (6.2.1).
func TestUnevenFrames(t *testing.T) {
	t.Parallel()
	for class, o := range classes {
		for name, next := range unevens {
			for seed := range uint64(2) {
				t.Run(fmt.Sprintf("%s %s %d", class, name, seed), func(t *testing.T) {
					runUneven(t, o, next, rand.New(rand.NewPCG(seed, 7)), seed == 1)
				})
			}
		}
	}
}

func runUneven(t *testing.T, o Options, next uneven, r *rand.Rand, silent bool) {
	o.State = state(0)
	tracks := []ingest.Track{videoTrack(), audioTrack()}
	if silent {
		tracks = tracks[:1]
	}
	s := newStudio(t, o, tracks...)
	s.list.Kind = check.LowLatencyPlaylist
	if o.SegmentsOnly {
		s.list.Kind = check.PlainPlaylist
	}
	var part, msn uint64
	var closed time.Time
	var slowest, longest time.Duration
	watch := func() {
		w := s.stream.snapshot()
		if !w.ready() {
			return
		}
		if w.nextPart != part {
			end := w.segments[len(w.segments)-1]
			if len(w.open.parts) > 0 {
				end = &w.open
			}
			if part != 0 {
				slowest = max(slowest, s.now.Sub(end.date.Add(ingest.Duration(end.duration))))
			}
			part = w.nextPart
		}
		if w.lastMSN() != msn {
			if msn != 0 {
				longest = max(longest, s.now.Sub(closed))
			}
			msn, closed = w.lastMSN(), s.now
		}
	}
	var video, audio, wait int64 // ms
	for key := int64(0); video < 60_000; {
		for !silent && audio <= video {
			s.now = testAnchor.Add(time.Duration(audio) * time.Millisecond)
			s.write(ingest.Unit{Track: 1, DTS: audio * 90, PTS: audio * 90, NALs: [][]byte{bytes.Repeat([]byte{0x21}, 160)}})
			s.stream.Tick(s.now)
			s.look()
			watch()
			audio += 21 + audio/21%3/2
		}
		s.now = testAnchor.Add(time.Duration(video) * time.Millisecond)
		s.stream.Tick(s.now)
		s.look()
		u := ingest.Unit{DTS: video * 90, PTS: video * 90, NALs: [][]byte{append([]byte{0x41}, bytes.Repeat([]byte{7}, 300)...)}}
		if u.Key = video >= key; u.Key {
			u.NALs[0][0] = 0x65
			key = video + 500 + r.Int64N(4000)
		}
		s.write(u)
		watch()
		wait = max(next(r), 1)
		video += wait
	}
	w := s.stream.snapshot()
	if len(s.segments) < 8 {
		t.Errorf("%d segments in 60 s", len(s.segments))
	}
	if silent {
		return // nothing tells that time passes while no picture comes, but the clock
	}
	target := ingest.Duration(w.target)
	if slowest > 100*time.Millisecond {
		t.Errorf("a part came %v after its end", slowest)
	}
	if longest > target*3/2 {
		t.Errorf("a segment came %v after the one before, the target is %v", longest, target)
	}
}

// PART-TARGET holds a whole number of frames, so that steady parts are legal
// in every class: none longer, none below 85 %.
func TestPartTargetFitsEveryClass(t *testing.T) {
	for class, o := range classes {
		for _, fps := range []float64{10, 15, 20, 23.976, 24, 25, 29.97, 30, 48, 50, 59.94, 60, 120} {
			f := int64(float64(ingest.Clock)/fps + 0.5)
			part := ingest.Ticks(o.Part)
			pt := cut.FitPartTarget(part, ingest.Ticks(o.Segment), f)
			whole := (pt - cut.Slack/2) / f * f
			if whole*100 < pt*85 || pt > part+part*15/100+cut.Slack+ingest.Millisecond {
				t.Errorf("%s at %v fps: PART-TARGET %v holds frames for %v", class, fps, ingest.Duration(pt), ingest.Duration(whole))
			}
		}
	}
}
