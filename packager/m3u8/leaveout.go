package m3u8

import (
	"sort"
	"time"
)

// LeaveOut removes the segments for whose index drop gives true. It is for
// playlists of which nobody has read a former version: a replay.
//
// The segment behind a hole gets a DISCONTINUITY, because the media does not
// continue there. A date range that began in a hole moves to the join: to the date
// of the segment behind it or, where none follows, to the last millisecond of the
// one before. At its old date it would lie in no segment, and players that count
// from the segment before it (hls.js) would show it too late by the length of the
// hole. At the join it agrees with the state in the media.
func (m *Media) LeaveOut(drop func(i int) bool) {
	kept := make([]Segment, 0, len(m.Segments))
	hole, head := false, 0
	var last time.Time // within what is kept
	for i, s := range m.Segments {
		if drop(i) {
			hole = true
			continue
		}
		if len(kept) == 0 {
			head = i
		} else if hole {
			s.Discontinuity = true
		}
		kept, hole, last = append(kept, s), false, s.Date.Add(s.Duration-tick)
	}
	if len(kept) == len(m.Segments) {
		return
	}
	// The new dates of date ranges that began in a dropped segment.
	joins := make([]time.Time, len(m.Segments))
	for i := len(m.Segments) - 1; i >= 0; i-- {
		if drop(i) {
			joins[i] = last
		} else {
			last = m.Segments[i].Date
		}
	}
	ranges := make([]DateRange, len(m.DateRanges))
	for n, d := range m.DateRanges {
		i := sort.Search(len(m.Segments), func(i int) bool { return m.Segments[i].Date.After(d.Start) }) - 1
		if i >= 0 && !joins[i].IsZero() {
			d.Start = joins[i]
		}
		ranges[n] = d
	}
	m.Segments, m.DateRanges, m.Sequence = kept, ranges, m.Sequence+uint64(head)
}
