package packager

import (
	"time"

	"mediad/ingest"
)

// origin is the output time of a broadcast's anchor: 10 s, so that no
// timestamp is ever zero or negative (Shaka ignores ID3 with PTS 0).
const origin = 10 * ingest.Clock

// timeline is the one line on which a whole broadcast lies, whatever the
// clocks of its publishers: output time `origin` is the anchor's date, and
// programme date-time is anchor + (PTS - origin) over reconnects and restarts.
type timeline struct {
	anchor time.Time
	offset int64 // added to the present publisher's timestamps
	set    bool
}

// begin lays a publisher's first timestamp at its arrival, but not before end,
// where the media of the one before it stops.
func (t *timeline) begin(first int64, arrival time.Time, end int64) {
	at := whole(max(origin+ingest.Ticks(arrival.Sub(t.anchor)), end+millisecond, origin))
	t.offset, t.set = at-first, true
}

func (t *timeline) out(ts int64) int64 { return ts + t.offset }

// date is the programme date-time of an output timestamp (RFC 8216bis 6.2.1:
// dates follow the media, never the wall clock at cutting time).
func (t *timeline) date(ts int64) time.Time {
	return t.anchor.Add(ingest.Duration(ts - origin)).Round(time.Millisecond)
}

// ticks is the output time of a date.
func (t *timeline) ticks(date time.Time) int64 {
	return origin + ingest.Ticks(date.Sub(t.anchor))
}
