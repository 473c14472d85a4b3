package m3u8

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// recording has ten segments of two seconds; the dates leave out a minute behind
// the fourth.
func recording() *Media {
	m := &Media{TargetDuration: 2, Type: "VOD", Ended: true}
	for i := range 10 {
		date := epoch.Add(time.Duration(2*i) * time.Second)
		if i > 3 {
			date = date.Add(time.Minute)
		}
		m.Segments = append(m.Segments, Segment{URI: fmt.Sprintf("%d.ts", i), Duration: 2 * time.Second, Date: date, Discontinuity: i == 4})
		m.DateRanges = append(m.DateRanges, DateRange{ID: fmt.Sprint(i), Start: date.Add(time.Second)})
	}
	return m
}

func after(seconds float64) time.Time {
	return epoch.Add(time.Duration(seconds * float64(time.Second)))
}

func TestOffset(t *testing.T) {
	m := recording()
	for at, want := range map[float64]float64{-5: 0, 0: 0, 3.5: 3.5, 7.9: 7.9, 8: 8, 40: 8, 68: 8, 70.25: 10.25, 79.9: 19.9, 80: 20, 500: 20} {
		if got := m.Offset(after(at)).Seconds(); got != want {
			t.Errorf("%v s lies at %v, want %v", at, got, want)
		}
	}
}

func TestAt(t *testing.T) {
	m := recording()
	for at, want := range map[float64]float64{0: 0, 3.5: 3.5, 7.9: 7.9, 8: 68, 10.25: 70.25, 20: 80} {
		if got := m.At(time.Duration(at * 1e9)); !got.Equal(after(want)) {
			t.Errorf("at %v s it is %v, want %v", at, got, after(want))
		}
	}
}

func TestExcerpt(t *testing.T) {
	for _, c := range []struct {
		spans [][2]float64
		uris  string
		start time.Duration
		cut   string // DISCONTINUITY before these
	}{
		{[][2]float64{{2.5, 5}}, "1.ts 2.ts", ms(500), ""},
		{[][2]float64{{2, 4}}, "1.ts", 0, ""},
		{[][2]float64{{5, 70}}, "2.ts 3.ts 4.ts", ms(1000), "4.ts"},
		{[][2]float64{{75, 76}, {1, 2.5}}, "0.ts 1.ts 7.ts", ms(1000), "7.ts"},
		{[][2]float64{{30, 69}}, "4.ts", 0, "4.ts"},
		{[][2]float64{{20, 40}}, "", 0, ""},
		{nil, "", 0, ""},
	} {
		var spans []Span
		for _, s := range c.spans {
			spans = append(spans, Span{after(s[0]), after(s[1])})
		}
		m := recording().Excerpt(spans)
		if m == nil {
			if c.uris != "" {
				t.Errorf("%v: nothing", c.spans)
			}
			continue
		}
		text, err := m.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		back, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		var uris, cut, ids []string
		for _, s := range back.Segments {
			uris = append(uris, s.URI)
			if s.Discontinuity {
				cut = append(cut, s.URI)
			}
		}
		for _, d := range back.DateRanges {
			ids = append(ids, d.ID+".ts")
		}
		if got := strings.Join(uris, " "); got != c.uris || strings.Join(ids, " ") != c.uris || strings.Join(cut, " ") != c.cut || m.Start != c.start || !back.Ended {
			t.Errorf("%v: %s, with ranges %v, cut before %v, from %v\n%s", c.spans, got, ids, cut, m.Start, text)
		}
		if has := strings.Contains(string(text), fmt.Sprintf("#EXT-X-START:TIME-OFFSET=%s,PRECISE=YES\n", seconds(c.start))); has != (c.start > 0) {
			t.Errorf("%v: the begin is not said:\n%s", c.spans, text)
		}
	}
}

func TestDateRangeWithDuration(t *testing.T) {
	m := recording()
	m.DateRanges = []DateRange{{ID: "chapter-1", Class: "mediad.chapter", Start: after(3), Duration: 12500 * time.Millisecond}}
	text, err := m.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	back, err := Parse(text)
	if err != nil || back.DateRanges[0].Duration != 12500*time.Millisecond || !strings.Contains(string(text), "DURATION=12.500") {
		t.Errorf("%v\n%s", err, text)
	}
}
