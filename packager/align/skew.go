package align

import (
	"time"

	"mediad/ingest"
)

// MaxSkew is how far below the newest unit of the one track the other may come,
// in ticks, for both to lie above the program clock (ISO/IEC 13818-1 2.4.2.6): 50 ms
// less than that clock is behind the pictures. Up to it the publisher's relation is
// kept. Sound that comes later is left out. A picture that comes later is shown as early
// as it can be, because the next pictures are usually in time again.
const MaxSkew = 650 * ingest.Millisecond

// If every unit of a track comes later than that for as long as patience, the track's
// clock lies there. It is moved, once, until the skew is nearSkew.
const (
	patience = 2 * time.Second
	nearSkew = ingest.Clock / 2
)

// Skew watches how late the units of one track come beside the other.
type Skew struct {
	since, last time.Time // of the first and last of a run of units that were too late
	least       int64     // how late the least late of them was
}

// Add hears of a unit that lies `by` below the newest of the other track, and
// says by how much the tracks are too far apart, if they are so for good.
func (s *Skew) Add(now time.Time, by int64) (excess int64) {
	switch {
	case by <= MaxSkew:
		*s = Skew{}
		return 0
	case now.Sub(s.last) > patience/2: // the first, or the first after a pause
		*s = Skew{since: now, least: by}
	}
	s.last, s.least = now, min(s.least, by)
	if now.Sub(s.since) < patience {
		return 0
	}
	excess = s.least - nearSkew
	*s = Skew{}
	return excess
}
