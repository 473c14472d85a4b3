package packager

import (
	"time"

	"mediad/ingest"
	"mediad/packager/mpegts"
)

// maxApart is how far below the newest unit of the one track the other may come,
// in ticks, for both to lie above the program clock (ISO/IEC 13818-1 2.4.2.6).
// Up to it the publisher's relation is kept. Sound that comes later is left
// out, and a picture is shown as early as it can be, since what came late once
// is in time again soon.
const maxApart = mpegts.Lead - ingest.Clock/20

// Where every unit of a track came later than that for as long as patient, its
// clock lies there: sound is moved, once, until they are nearApart.
const (
	patient   = 2 * time.Second
	nearApart = ingest.Clock / 2
)

// behind watches how late the units of one track come beside the other. It is a
// value without a clock.
type behind struct {
	since, last time.Time // of the first and last of a run of units that were too late
	least       int64     // how late the least late of them was
}

// add hears of a unit that lies `by` below the newest of the other track, and
// says by how much the tracks are too far apart, if they are so for good.
func (b *behind) add(now time.Time, by int64) (excess int64) {
	switch {
	case by <= maxApart:
		*b = behind{}
		return 0
	case now.Sub(b.last) > patient/2: // the first, or the first after a pause
		*b = behind{since: now, least: by}
	}
	b.last, b.least = now, min(b.least, by)
	if now.Sub(b.since) < patient {
		return 0
	}
	excess = b.least - nearApart
	*b = behind{}
	return excess
}
