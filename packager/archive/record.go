package archive

import (
	"fmt"
	"math"
	"time"

	"mediad/packager/m3u8"
)

// Segment is one closed segment on its way into the store.
type Segment struct {
	// MSN is the media sequence number; it rises over all broadcasts of a room.
	MSN      uint64
	Duration time.Duration
	Date     time.Time // of the first frame
	// Discontinuity: timestamps or coding change before this segment.
	Discontinuity bool
	// Gap: no media came; there is no object to store.
	Gap bool
	// StandIn: nobody published; what viewers saw meanwhile, or the gap in its
	// place. The plain playlist lists it, the replay does not.
	StandIn bool
	// Data are the parts' bytes in order. They are shared and must not change.
	Data [][]byte
	// Kept is their number of bytes where Options.Spool has them already, and
	// Data is empty.
	Kept int64
	// DateRanges begin within this segment.
	DateRanges []m3u8.DateRange
}

// Record is what the journal keeps of a segment.
type Record struct {
	MSN           uint64
	Duration      time.Duration
	Date          time.Time
	Discontinuity bool
	Gap           bool  // there is no object here: given up, never seen, or in another store
	StandIn       bool  // nobody published; not in the replay
	Bytes         int64 // of the object, also of one in another store
	DateRanges    []m3u8.DateRange
}

// Record is what is kept of the segment.
func (s *Segment) Record() Record {
	r := Record{
		MSN: s.MSN, Duration: s.Duration, Date: s.Date.UTC(),
		Discontinuity: s.Discontinuity, Gap: s.Gap, StandIn: s.StandIn, DateRanges: s.DateRanges,
	}
	r.Bytes = s.Kept
	for _, d := range s.Data {
		r.Bytes += int64(len(d))
	}
	return r
}

// listable tells whether a record can stand in a playlist: one that cannot
// would spoil every version that lists it.
func (r *Record) listable() error {
	if r.Duration <= 0 {
		return fmt.Errorf("duration %v", r.Duration)
	}
	if y := r.Date.Year(); y < 1970 || y > 9000 { // room for gaps before ISO 8601 ends
		return fmt.Errorf("date %v", r.Date)
	}
	if r.MSN >= math.MaxInt64 {
		return fmt.Errorf("media sequence number %d", r.MSN)
	}
	_, err := playlist([]Record{*r}, inEpoch).Bytes()
	return err
}

// target is the smallest TARGETDURATION that the record allows, by the
// segmenter's rule: whole seconds, with a tenth above one rounded away.
func (r *Record) target() int {
	return int(math.Ceil((r.Duration - 100*time.Millisecond).Seconds()))
}
