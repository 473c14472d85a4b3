package packager

import (
	"time"

	"mediad/ingest"
	"mediad/packager/m3u8"
)

// skip says what a client lets a playlist leave out (RFC 8216bis 6.2.5.1).
type skip uint8

const (
	skipNothing  skip = iota
	skipSegments      // _HLS_skip=YES
	skipRanges        // _HLS_skip=v2: older date ranges, too
	skips             // how many kinds there are
)

// longWindow is the shortest window for which delta updates are offered. Below
// it they save less than they cost: a second text for each part, and a second
// entry in every cache on the way (Apple authoring 14.4 wants them from there).
const longWindow = 2 * time.Minute

// skipBoundary is CAN-SKIP-UNTIL: six target durations (RFC 8216bis 4.4.3.8), or
// 0 where delta updates are not offered.
func (s *Stream) skipBoundary() int64 {
	if s.opts.Window < longWindow {
		return 0
	}
	return 6 * s.seg.Target
}

// skippable is how many segments a delta update leaves out: those that lie
// wholly beyond the skip boundary from the end of the last segment. After
// ENDLIST and where there is none, everybody gets the full list.
func (w *window) skippable() int {
	if w.skipUntil == 0 || w.ended {
		return 0
	}
	var behind int64
	for i := len(w.segments) - 1; i >= 0; i-- {
		if behind >= w.skipUntil {
			return i + 1
		}
		behind += w.segments[i].duration
	}
	return 0
}

// shorten makes a full list a delta update. It keeps what is newer than the
// boundary, tag by tag as in the full list.
func (w *window) shorten(m *m3u8.Media, s skip, n int) {
	if s == skipNothing {
		return
	}
	m.Skipped = n
	if s != skipRanges {
		return
	}
	old := 0
	for _, seg := range w.segments[:n] {
		old += len(seg.cues)
	}
	m.SkippedRanges, m.DateRanges = true, m.DateRanges[old:]
	// What left the list within the boundary, and a little before: an ID that
	// the client has forgotten costs nothing. Retired segments are kept for
	// longer than that.
	since := w.segments[0].start - w.skipUntil - 2*w.target
	for _, seg := range w.retired {
		if seg.start+seg.duration < since {
			continue
		}
		for _, mark := range seg.cues {
			m.RemovedRanges = append(m.RemovedRanges, mark.ID)
		}
	}
}

// segmentsOnly makes a list one without parts, for players and caches of plain
// HLS: it changes once a segment. It can still be waited for, which spares
// everybody polling and is legal without parts (RFC 8216bis 6.2.5.2).
func (w *window) segmentsOnly(m *m3u8.Media) {
	m.PartTarget, m.PartHoldBack, m.Hint, m.Open = 0, 0, "", m3u8.Segment{}
	m.HoldBack = 3 * ingest.Duration(w.target) // the least (4.4.3.8)
	m.DateRanges = m.DateRanges[:len(m.DateRanges)-len(w.open.cues)]
	for i := range m.Segments {
		m.Segments[i].Parts = nil
	}
}
