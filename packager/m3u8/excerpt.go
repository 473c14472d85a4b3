package m3u8

import (
	"sort"
	"time"
)

// Span is an interval of programme date-time.
type Span struct{ From, To time.Time }

// Offset is the distance of a date from the list's begin, in playing time: holes
// between segments take no time. A date before all segments is at 0, one after all of
// them at the whole length, and one in a hole at the place where the hole is.
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

// At is the date at an offset in playing time.
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

// Excerpt is a finished list of the whole segments that any of the spans touches. It
// asks players to begin where the first span does. It is nil where there is no such
// segment. It shares URIs and date ranges with m.
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
	// Date ranges that began in segments that are left out go with them.
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
