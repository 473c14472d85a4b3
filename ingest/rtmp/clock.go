package rtmp

// The rules for timestamps that do not simply rise.
const (
	// jumpForward and jumpBack, in milliseconds, are the greatest steps that
	// count as irregular. A greater step begins another timeline.
	jumpForward = 3000
	jumpBack    = 250
	// ticksPerMS turns RTMP's milliseconds into the 90-kHz clock.
	ticksPerMS = 90
)

// clock unwraps RTMP's 32-bit millisecond timestamps (RTMP1 5.3.1.2.1) of all
// messages of a publish, which share one clock. The zero value is ready.
type clock struct {
	last    int64
	highest int64 // near a wrap, the tracks' timestamps alternate between its sides
	running bool
	wraps   uint64 // times that 24 or 32 bits were full
}

// extended is the first timestamp that does not fit a chunk header's 24 bits.
const extended = 1<<24 - 1

// unwrap returns the timestamp as a number that goes on beyond 2^32. Of the two
// ways around the wrap, it takes the shorter one.
func (c *clock) unwrap(ts uint32) int64 {
	if !c.running {
		c.last, c.highest, c.running = int64(ts), int64(ts), true
		return c.last
	}
	c.last += int64(int32(ts - uint32(c.last)))
	if was := c.highest; c.last > was {
		c.highest = c.last
		if was>>32 < c.last>>32 || uint32(was) < extended && uint32(c.last) >= extended {
			c.wraps++
		}
	}
	return c.last
}

// timeline gives units their decoding times. The zero value is ready.
type timeline struct {
	// shared is the time of the latest unit of any track, in ms.
	shared int64
	tracks [kinds]trackTime
}

type trackTime struct {
	running bool
	ms      int64 // of the latest unit
	dts     int64 // of the latest unit, in ticks
}

// next returns the DTS of a unit in ticks, and whether the timeline breaks
// before it.
//
// A step back is judged by the unit's own track. A step forward is a jump only
// if it also leads far away from the latest unit of any track: where pictures
// pause for ten seconds beside running sound, there is no jump.
func (t *timeline) next(k kind, ms int64) (dts int64, broken bool) {
	tr := &t.tracks[k]
	if tr.running && (tr.ms-ms > jumpBack || ms-tr.ms > jumpForward && ms-t.shared > jumpForward) {
		// The other track is expected to follow; its first unit is not judged.
		*t, broken = timeline{}, true
	}
	dts = ms * ticksPerMS
	if tr.running && dts <= tr.dts {
		dts = tr.dts + 1
	}
	*tr = trackTime{running: true, ms: ms, dts: dts}
	t.shared = ms
	return dts, broken
}
