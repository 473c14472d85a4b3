package restream

import (
	"time"

	"mediad/ingest"
)

// Steps of a track's time that are longer are none of its media: the publisher's clock
// jumped, and what follows lies where it arrives.
const (
	jumpForward = 3 * ingest.Clock
	jumpBack    = ingest.Clock / 4
)

// clock gives the units of a room's publishers, one after the other, one time. The zero
// value is ready.
type clock struct {
	running bool
	shift   int64     // from the present publisher's clock
	last    int64     // the latest time given
	at      time.Time // when it was
	tracks  [2]int64  // the latest of each; none yet where it is below 0
}

// place gives the time of a unit that arrives now, in ticks: of the first track (pictures)
// or of the second. fresh: it is the first unit of a publisher.
func (c *clock) place(track int, dts int64, now time.Time, fresh bool) int64 {
	out, own := dts+c.shift, c.tracks[track]
	since := ingest.Ticks(now.Sub(c.at))
	switch {
	case !c.running:
		c.running, out = true, 0
		c.begin(dts, out)
	case fresh || own >= 0 && (out-own > since+jumpForward || own-out > jumpBack):
		out = c.last + max(since, ingest.Millisecond)
		c.begin(dts, out)
	}
	c.tracks[track] = out
	if out >= c.last {
		c.last, c.at = out, now
	}
	return out
}

// begin starts anew: what was dts is out from now on. The other track is expected to follow;
// its next unit is not judged.
func (c *clock) begin(dts, out int64) {
	c.shift, c.tracks = out-dts, [2]int64{-1, -1}
}
