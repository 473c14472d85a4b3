package archive

import (
	"math"

	"mediad/packager/layout"
	"mediad/packager/m3u8"
)

// playlist puts records into the words of a playlist. name says how it calls what
// it lists.
func playlist(records []Record, name func(msn uint64) string) *m3u8.Media {
	m := &m3u8.Media{TargetDuration: 1, Segments: make([]m3u8.Segment, len(records))}
	if len(records) > 0 {
		m.Sequence = records[0].MSN
	}
	seen := make(map[string]bool)
	for i, r := range records {
		m.Segments[i] = m3u8.Segment{
			URI:      name(r.MSN),
			Duration: r.Duration, Date: r.Date, Gap: r.Gap,
			// Behind a hole too large to be filled nothing continues.
			Discontinuity: r.Discontinuity || i > 0 && records[i-1].MSN+1 != r.MSN,
		}
		for _, d := range r.DateRanges {
			// An ID stands for one range (RFC 8216bis 4.4.5.1).
			if !seen[d.ID] {
				seen[d.ID] = true
				m.DateRanges = append(m.DateRanges, d)
			}
		}
	}
	return m
}

// inEpoch is how a playlist in the broadcast's own folder calls a segment.
func inEpoch(msn uint64) string { return layout.Broadcast{}.Segment(msn).InEpoch() }

// replay is the VOD playlist of a whole epoch, without the time in which nobody
// published.
func replay(records []Record, target int) *m3u8.Media {
	m := playlist(records, inEpoch)
	m.LeaveOut(func(i int) bool { return records[i].StandIn })
	m.TargetDuration = target
	for _, r := range records {
		m.TargetDuration = max(m.TargetDuration, int(math.Round(r.Duration.Seconds()))) // RFC 8216bis 4.4.3.1
	}
	m.Type, m.Ended = "VOD", true
	return m
}
