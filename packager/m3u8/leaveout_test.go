package m3u8

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// Ten seconds from each letter to the next: an upper-case one begins with a
// DISCONTINUITY, a dot is left out.
func TestLeaveOut(t *testing.T) {
	begin := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	at := func(seconds float64) time.Time { return begin.Add(time.Duration(seconds * float64(time.Second))) }
	for _, c := range []struct {
		name, segments, want string
		ranges, moved        []float64 // seconds
		sequence             uint64
	}{
		{"nothing", "abC", "abC", []float64{0, 15, 29}, []float64{0, 15, 29}, 5},
		{"the middle", "ab..cd", "abCd", []float64{5, 19.999, 20, 31, 39.999, 40}, []float64{5, 19.999, 40, 40, 40, 40}, 5},
		{"where it breaks anyway", "a.Bc", "aBc", []float64{12}, []float64{20}, 5},
		{"twice", "a.b.c", "aBC", []float64{12, 32}, []float64{20, 40}, 5},
		{"the head", "..ab", "ab", []float64{-3, 3, 25}, []float64{-3, 20, 25}, 7},
		{"the end", "ab..", "ab", []float64{3, 25, 99}, []float64{3, 19.999, 19.999}, 5},
		{"all", "..", "", []float64{3}, []float64{3}, 5},
	} {
		m := Media{Sequence: 5}
		for i, r := range c.segments {
			m.Segments = append(m.Segments, Segment{
				URI: strings.ToLower(string(r)), Date: at(float64(10 * i)), Duration: 10 * time.Second, Discontinuity: r >= 'A' && r <= 'Z',
			})
		}
		for i, s := range c.ranges {
			m.DateRanges = append(m.DateRanges, DateRange{ID: fmt.Sprint(i), Start: at(s)})
		}
		m.LeaveOut(func(i int) bool { return c.segments[i] == '.' })
		got := ""
		for _, s := range m.Segments {
			if s.Discontinuity {
				s.URI = strings.ToUpper(s.URI)
			}
			got += s.URI
		}
		if got != c.want || m.Sequence != c.sequence {
			t.Errorf("%s: %q from %d, want %q from %d", c.name, got, m.Sequence, c.want, c.sequence)
		}
		for i, d := range m.DateRanges {
			if !d.Start.Equal(at(c.moved[i])) {
				t.Errorf("%s: what began at %v s begins %v", c.name, c.ranges[i], d.Start.Sub(begin))
			}
		}
	}
}
