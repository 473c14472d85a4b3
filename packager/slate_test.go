package packager

import (
	"context"
	"fmt"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"mediad/ingest"
)

// away lets time pass without media.
func (s *studio) away(d time.Duration) {
	s.t.Helper()
	for end := s.now.Add(d); s.now.Before(end); {
		s.now = s.now.Add(min(tick, end.Sub(s.now)))
		s.stream.Tick(s.now)
		s.look()
	}
}

// length is the whole length of what is listed, in seconds.
func (w *window) length() (sum float64) {
	for _, seg := range append(append([]*segment{}, w.segments...), &w.open) {
		sum += float64(seg.duration) / ingest.Clock
	}
	return sum
}

// While a publisher is away the playlist goes on by the clock; what comes back
// lies behind one DISCONTINUITY, and no time is listed twice. The studio holds
// every part and playlist on the way against the rules.
func TestStreamGoesOnWithoutPublisher(t *testing.T) {
	silent := func(s *studio) {}
	lost := func(s *studio) { s.sink.Close(ingest.Lost); s.look() }
	surround := audioTrack()
	surround.Channels, surround.Config = 6, []byte{0x11, 0xb0}
	for _, c := range []struct {
		name   string
		tracks []ingest.Track
		b      bool
		leave  func(*studio)
		gap    bool
	}{
		{"lost", nil, false, lost, false},
		{"silent", nil, false, silent, false},
		{"B-frames, lost", nil, true, lost, false},
		{"B-frames, silent", nil, true, silent, false},
		{"video only", []ingest.Track{videoTrack()}, false, lost, false},
		{"silence cannot be said", []ingest.Track{videoTrack(), surround}, false, lost, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newStudio(t, Options{State: state(1), Window: time.Hour}, c.tracks...)
			s.send(shot{fps: 30, gop: 60, frames: 250, b: c.b})
			for i, away := range []time.Duration{3 * time.Second, 700 * time.Millisecond, 10 * time.Second, 60 * time.Second, 1900 * time.Millisecond} {
				before := s.stream.snapshot()
				breaks := s.stream.published.breaks
				c.leave(s)
				s.away(away)
				quiet := s.stream.snapshot()
				grown := quiet.length() - before.length()
				if want := away.Seconds(); away > 2*time.Second && (grown < want-0.7 || grown > want+0.7) {
					t.Errorf("away for %v: the list grew by %.3f s", away, grown)
				}
				if s.stream.published.breaks != breaks {
					t.Errorf("away for %v: a DISCONTINUITY before the return", away)
				}
				if away > 2*time.Second && quiet.segments[len(quiet.segments)-1].gap != c.gap {
					t.Errorf("away for %v: last segment's gap is %t", away, !c.gap)
				}
				from := int64(s.now.Sub(testAnchor) / time.Millisecond)
				if s.stream.session == nil {
					s.publish()
					from = int64(i) // timestamps of its own
				}
				s.send(shot{fps: 30, gop: 60, frames: 200, from: from, b: c.b})
				if n := s.stream.published.breaks - breaks; n != 1 && (away > 2*time.Second || s.stream.session == nil) {
					t.Errorf("away for %v: %d DISCONTINUITY tags", away, n)
				}
				// The list is as long as time was, to a second of start-up.
				if off := s.stream.line.Date(s.stream.published.edge).Sub(s.now); off < -time.Second || off > time.Second {
					t.Errorf("away for %v: the list ends %v off the clock", away, off)
				}
			}
			s.stream.End()
			s.look()
		})
	}
}

// Media that a silent publisher sends late is left out: viewers would be that
// much later for good.
func TestStreamLeavesBacklogOut(t *testing.T) {
	s := newStudio(t, Options{})
	s.send(shot{fps: 30, gop: 60, frames: 240})
	s.away(8 * time.Second)
	s.send(shot{fps: 30, gop: 60, frames: 240, from: 8000, burst: true})
	s.send(shot{fps: 30, gop: 60, frames: 240, from: 16000})
	if late := s.stream.line.Date(s.stream.published.edge).Sub(s.now); late > 2*time.Second {
		t.Errorf("the list ends %v ahead of the clock", late)
	}
}

// A pin while the publisher is away appears on the slate.
func TestStreamCuesOnSlate(t *testing.T) {
	s := newStudio(t, Options{State: state(1)})
	s.send(shot{fps: 30, gop: 60, frames: 240})
	s.sink.Close(ingest.Lost)
	s.away(5 * time.Second)
	var landed []Landing
	c := event(2)
	c.Landed = func(l Landing) { landed = append(landed, l) }
	s.stream.Cue(c)
	s.away(time.Second)
	if len(landed) != 1 {
		t.Fatalf("%d landed", len(landed))
	}
	if told := s.told(); told[len(told)-1] != (testCue{Kind: "state", Seq: 2}) {
		t.Errorf("last cue %+v", told[len(told)-1])
	}
}

// The end while somebody is away, and a shutdown, leave a legal list.
func TestStreamEndsWithoutPublisher(t *testing.T) {
	for _, end := range []func(*Stream){(*Stream).End, (*Stream).Suspend} {
		s := newStudio(t, Options{})
		s.send(shot{fps: 30, gop: 60, frames: 240})
		s.sink.Close(ingest.Lost)
		s.away(4700 * time.Millisecond)
		end(s.stream)
		s.look()
		w := s.stream.snapshot()
		if len(w.open.parts) != 0 {
			t.Error("a segment is open")
		}
		s.away(5 * time.Second)
		if s.stream.snapshot() != w {
			t.Error("the list goes on")
		}
	}
}

// Blocking requests are answered within a part or so, by Run's clock.
func TestRunAnswersWhileAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		live := NewLive(nil)
		s := &studio{t: t, now: time.Now(), tracks: []ingest.Track{videoTrack(), audioTrack()}, body: map[uint64][]byte{}, segments: map[uint64][]byte{}}
		pretend := true // the studio's clock first, then the bubble's
		s.stream = NewStream(Options{Room: "demo", Epoch: "01test", Anchor: s.now, Now: func() time.Time {
			if pretend {
				return s.now
			}
			return time.Now()
		}})
		s.read = s.stream.snapshot().nextPart
		live.Add(s.stream)
		s.publish()
		s.send(shot{fps: 30, gop: 60, frames: 240})
		time.Sleep(8 * time.Second)
		pretend = false
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- live.Run(ctx) }()
		s.sink.Close(ingest.Lost)
		for range 100 {
			w := s.stream.snapshot()
			began := time.Now()
			r := httptest.NewRecorder()
			live.ServeHTTP(r, httptest.NewRequest("GET", fmt.Sprintf("/live/demo/01test/main/index.m3u8?_HLS_msn=%d&_HLS_part=%d", w.lastMSN()+1, len(w.open.parts)), nil))
			if took := time.Since(began); r.Code != 200 || took > 2500*time.Millisecond {
				t.Fatalf("%d after %v", r.Code, took)
			}
			s.look()
		}
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

// After a restart a gap leads from what is known of the past to the present, so
// that players find their place; it is one DISCONTINUITY, and none of it counts
// as lost in the archive.
func TestStreamBridgesRestart(t *testing.T) {
	numbers := Numbers{MSN: 130, Part: 600, Target: 2 * ingest.Clock, PartTarget: 505 * ingest.Millisecond}
	for _, away := range []time.Duration{300 * time.Millisecond, 7 * time.Second, time.Hour} {
		s := newStudio(t, Options{Begin: numbers, Resumed: true, Edge: testAnchor.Add(-away)})
		s.away(time.Second)
		s.send(shot{fps: 30, gop: 60, frames: 240})
		w := s.stream.snapshot()
		first := w.segments[0]
		if away == time.Hour { // no further back than the window
			if first.msn > 160 {
				t.Errorf("away for %v: %d segments", away, first.msn-130)
			}
			continue
		}
		if !first.gap || first.discontinuity || !first.archived().Discontinuity || first.msn != 130 {
			t.Errorf("away for %v: the list begins with %+v", away, first)
		}
		if want := testAnchor.Add(-away); !first.date.Equal(want) {
			t.Errorf("away for %v: the list begins at %v, want %v", away, first.date, want)
		}
		if s.stream.published.breaks != 1 {
			t.Errorf("away for %v: %d DISCONTINUITY tags", away, s.stream.published.breaks)
		}
	}
}

// The archive is told which segments stood in, slate or gap, and of no other
// that it did.
func TestArchiveKnowsStandIns(t *testing.T) {
	surround := audioTrack()
	surround.Channels, surround.Config = 6, []byte{0x11, 0xb0}
	for name, tracks := range map[string][]ingest.Track{"slate": nil, "gap": {videoTrack(), surround}} {
		s := newStudio(t, Options{Window: time.Hour}, tracks...)
		s.send(shot{fps: 30, gop: 60, frames: 240})
		s.sink.Close(ingest.Lost)
		left := s.stream.published.edge
		s.away(9 * time.Second)
		s.publish()
		s.send(shot{fps: 30, gop: 60, frames: 240})
		s.stream.End()
		s.look()
		there, away := 0, 0
		for _, seg := range s.stream.snapshot().segments {
			if seg.discontinuity {
				left = 1 << 60 // the return
			}
			want := seg.start >= left
			if got := seg.archived(); got.StandIn != want || got.Gap != (want && name == "gap") {
				t.Errorf("%s: segment %d: stands in %t, gap %t; want %t", name, seg.msn, got.StandIn, got.Gap, want)
			}
			if want {
				away++
			} else {
				there++
			}
		}
		if there < 6 || away < 4 {
			t.Errorf("%s: %d segments with a publisher and %d without", name, there, away)
		}
	}
}
