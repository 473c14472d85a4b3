package m3u8

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// rolled is a list of n segments, of odd lengths, with a break, a gap and cues.
func rolled(n int) (segments []Segment, ranges [][]DateRange) {
	date := epoch
	for i := range n {
		s := Segment{URI: fmt.Sprintf("main/%d.ts", i+7), Date: date, Duration: 1966666666 * time.Nanosecond,
			Discontinuity: i%5 == 3, Gap: i == 4}
		var r []DateRange
		if i%3 == 1 {
			r = append(r, DateRange{ID: fmt.Sprintf("S-%d", i), Class: "mediad.cue", Start: date.Add(ms(700)), Attrs: []Attr{{"X-MEDIAD-SEQ", fmt.Sprint(i)}}},
				DateRange{ID: fmt.Sprintf("S-%d-b", i), Start: date.Add(ms(300))})
		}
		segments, ranges = append(segments, s), append(ranges, r)
		date = date.Add(s.Duration)
	}
	return segments, ranges
}

// Whatever was added and dropped, the text is the one that Media writes.
func TestRollingWritesWhatMediaWrites(t *testing.T) {
	segments, ranges := rolled(24)
	r := NewRolling(2, 7, 3)
	first, tags := 0, uint64(3)
	for i := range segments {
		if err := r.Add(segments[i], ranges[i]); err != nil {
			t.Fatal(err)
		}
		for i+1-first > 9 {
			if segments[first].Discontinuity {
				tags++
			}
			first++
			r.Drop(1)
		}
		want := &Media{TargetDuration: 2, Sequence: uint64(7 + first), DiscontinuitySequence: tags, Segments: segments[first : i+1], Ended: i == 23}
		for _, d := range ranges[first : i+1] {
			want.DateRanges = append(want.DateRanges, d...)
		}
		text, err := want.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		got, err := r.Bytes(i == 23)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(text), string(got)); diff != "" {
			t.Fatalf("after %d segments (-Media +Rolling):\n%s", i+1, diff)
		}
	}
	if r.Sequence() != uint64(7+first) || r.Next() != 7+24 {
		t.Errorf("lists %d to %d", r.Sequence(), r.Next())
	}
}

func TestRollingMiss(t *testing.T) {
	segments, ranges := rolled(6)
	r := NewRolling(2, 1, 0)
	for i := range segments {
		if err := r.Add(segments[i], ranges[i]); err != nil {
			t.Fatal(err)
		}
	}
	r.Drop(1)
	for _, n := range []uint64{0, 1, 3, 3, 5, 7} { // 0, 1 and 7 are not listed, 5 is a gap already
		r.Miss(n)
	}
	text, err := r.Bytes(false)
	if err != nil {
		t.Fatal(err)
	}
	m, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range m.Segments {
		if want := i == 1 || i == 3; s.Gap != want {
			t.Errorf("segment %s: gap %t", s.URI, s.Gap)
		}
	}
	r.Drop(100)
	if text, _ := r.Bytes(false); strings.Contains(string(text), "EXTINF") || r.Sequence() != 7 {
		t.Errorf("after all were dropped, from %d:\n%s", r.Sequence(), text)
	}
}

func TestRollingKeepsAnIDForOneRange(t *testing.T) {
	r := NewRolling(2, 1, 0)
	one := []DateRange{{ID: "A", Start: epoch}}
	for range 3 {
		if err := r.Add(Segment{URI: "1.ts", Duration: time.Second, Date: epoch}, one); err != nil {
			t.Fatal(err)
		}
	}
	count := func() int {
		text, err := r.Bytes(false)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Count(string(text), `ID="A"`)
	}
	if n := count(); n != 1 {
		t.Errorf("A is described %d times", n)
	}
	if err := r.Add(Segment{URI: "bad\n.ts", Duration: time.Second, Date: epoch}, nil); err == nil {
		t.Error("a URI of two lines was taken")
	}
}
