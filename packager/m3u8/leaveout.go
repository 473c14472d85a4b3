package m3u8

import (
	"sort"
	"time"
)

// LeaveOut takes the segments out for whose index drop says so. It is for
// playlists that nobody has followed from a former version: a replay.
//
// The segment behind a hole gets a DISCONTINUITY, because nothing continues
// there. A date range that began in a hole moves to the join: to the date of
// the segment behind it, or, where none follows, to the last millisecond of the
// one before. Left where it was it would lie in no segment, and players that
// reckon from the segment before it (hls.js) would put it as far behind the
// join as the hole was long; at the join the media says what holds.
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
	// Where that which began in a dropped segment goes.
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
