package align

import (
	"time"

	"mediad/ingest"
)

// Origin is the output time of a broadcast's anchor: 10 s, so that no
// timestamp is ever zero or negative (Shaka ignores ID3 with PTS 0).
const Origin = 10 * ingest.Clock

// Timeline is the one line on which a whole broadcast lies, whatever the
// clocks of its publishers: output time Origin is the anchor's date, and
// programme date-time is anchor + (PTS - Origin) over reconnects and restarts.
type Timeline struct {
	anchor time.Time
	offset int64 // added to the present publisher's timestamps
	set    bool
}

// NewTimeline gives the timeline of a broadcast that began at anchor.
func NewTimeline(anchor time.Time) Timeline { return Timeline{anchor: anchor} }

// Begin lays a publisher's first timestamp at its arrival, but not before end,
// where the media of the one before it stops.
func (t *Timeline) Begin(first int64, arrival time.Time, end int64) {
	at := ingest.Whole(max(Origin+ingest.Ticks(arrival.Sub(t.anchor)), end+ingest.Millisecond, Origin))
	t.offset, t.set = at-first, true
}

// Leave forgets the publisher's clock: the next timestamp begins anew.
func (t *Timeline) Leave() { t.set = false }

// Begun tells whether a publisher's clock is known.
func (t *Timeline) Begun() bool { return t.set }

// Place puts a unit onto the timeline.
func (t *Timeline) Place(u ingest.Unit) ingest.Unit {
	u.DTS, u.PTS = u.DTS+t.offset, u.PTS+t.offset
	return u
}

// Date is the programme date-time of an output timestamp (RFC 8216bis 6.2.1:
// dates follow the media, never the wall clock at cutting time).
func (t *Timeline) Date(ts int64) time.Time {
	return t.anchor.Add(ingest.Duration(ts - Origin)).Round(time.Millisecond)
}

// Ticks is the output time of a date.
func (t *Timeline) Ticks(date time.Time) int64 {
	return Origin + ingest.Ticks(date.Sub(t.anchor))
}

// Wraps tells whether the 33 bits of a PTS or DTS wrap between two output times.
func Wraps(from, to int64) bool { return from > 0 && from>>33 < to>>33 }
