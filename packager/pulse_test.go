package packager

import (
	"fmt"
	"testing"
)

// A pulse is one tag on the next picture: before the cues and the state of that picture,
// the newest one alone, in no playlist. Segments repeat the state, and no pulse.
func TestPulse(t *testing.T) {
	s := newStudio(t, Options{State: state(1)})
	s.send(shot{fps: 30, gop: 60, frames: 90})
	pulse := func(n int) { s.stream.Pulse(fmt.Appendf(nil, `{"v":1,"kind":"pulse","seq":%d}`, n)) }
	for n := 100; n < 103; n++ {
		pulse(n)
	}
	s.stream.Cue(event(2))
	s.send(shot{fps: 30, gop: 60, frames: 300, from: 3000})
	pulse(103)
	s.send(shot{fps: 30, gop: 60, frames: 300, from: 13000}) // a segment begins with it
	var got []testCue
	for i, c := range s.told() {
		if c.Kind == "pulse" {
			got = append(got, c)
			if next := s.told()[i+1]; c.Seq == 102 && next != (testCue{Kind: "custom", Seq: 2}) {
				t.Errorf("behind the pulse of the cue's picture is %+v", next)
			} else if c.Seq == 103 && next != (testCue{Kind: "state", Seq: 2}) {
				t.Errorf("behind the pulse at the head of a segment is %+v", next)
			}
		}
	}
	if len(got) != 2 || got[0].Seq != 102 || got[1].Seq != 103 {
		t.Errorf("pulses %+v", got)
	}
	if told := s.told(); told[len(told)-1] != (testCue{Kind: "state", Seq: 2}) {
		t.Errorf("the last cue is %+v", told[len(told)-1])
	}
	if n := len(s.stream.snapshot().media().DateRanges); n != 0 {
		t.Errorf("%d date ranges", n)
	}
}
