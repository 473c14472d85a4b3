package m3u8

import (
	"sort"
	"time"
)

// Span is a stretch of programme date-time.
type Span struct{ From, To time.Time }

// Offset is how far from the list's begin a date lies, in playing time: what is
// not listed between takes none. A date before all is 0, one behind all the
// whole length, and one in a hole lies at the join.
func (m *Media) Offset(date time.Time) (at time.Duration) {
	for _, s := range m.Segments {
		since := date.Sub(s.Date)
		if since < s.Duration {
			return at + max(since, 0)
		}
		at += s.Duration
	}
	return at
}

// At is the date at a place in playing time.
func (m *Media) At(offset time.Duration) time.Time {
	var date time.Time
	for _, s := range m.Segments {
		if date = s.Date.Add(offset); offset < s.Duration {
			return date
		}
		offset -= s.Duration
	}
	return date
}

// Excerpt is a finished list of the segments in which any of the spans lies,
// whole; it asks players to begin where the first span does. It is nil where
// there are none. Like m it shares URIs and date ranges.
func (m *Media) Excerpt(spans []Span) *Media {
	out := *m
	out.Segments = append([]Segment(nil), m.Segments...)
	out.LeaveOut(func(i int) bool {
		s := &m.Segments[i]
		for _, span := range spans {
			if span.From.Before(s.Date.Add(s.Duration)) && span.To.After(s.Date) {
				return false
			}
		}
		return true
	})
	if len(out.Segments) == 0 {
		return nil
	}
	// What happened in what is left out is no part of the excerpt.
	out.DateRanges = nil
	for _, d := range m.DateRanges {
		i := sort.Search(len(out.Segments), func(i int) bool { return out.Segments[i].Date.After(d.Start) }) - 1
		if i >= 0 && d.Start.Before(out.Segments[i].Date.Add(out.Segments[i].Duration)) {
			out.DateRanges = append(out.DateRanges, d)
		}
	}
	first := spans[0].From
	for _, s := range spans {
		if s.From.Before(first) {
			first = s.From
		}
	}
	out.Start = out.Offset(first).Round(tick)
	out.Sequence, out.DiscontinuitySequence, out.Type, out.Ended = 0, 0, "VOD", true
	return &out
}
