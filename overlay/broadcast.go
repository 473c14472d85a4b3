package overlay

import "time"

// FirstPTS is the output PTS, in 90-kHz ticks, that lies on a broadcast's anchor
// date.
const FirstPTS = 900000

const ticksPerSecond = 90000

// Numbers are what a restarted process must know of a broadcast: its sequence
// reservation. Numbers below MSN and Part may have been handed out, and are never
// used again.
type Numbers struct {
	MSN, Part       uint64 // media sequence number; running number of parts; both from 1
	Discontinuities uint64 // EXT-X-DISCONTINUITY tags so far
	Target          int64  // TARGETDURATION in 90-kHz ticks, 0: not yet fixed
	PartTarget      int64  // in 90-kHz ticks, 0: not yet fixed
}

// Broadcast is one unbroken life of a room's playlist.
type Broadcast struct {
	Epoch string // lower-case ULID, part of every media URL
	Room  string // slug
	Show  string
	// Latency is its class, fixed when it began.
	Latency Latency
	// Anchor is the date of output PTS FirstPTS, in whole milliseconds.
	Anchor  time.Time
	Numbers Numbers
	// Reserved is when the numbers were reserved last.
	Reserved time.Time
	Begun    time.Time
	// Lost is since when the publisher is lost, Deadline until when it is waited
	// for; zero: not lost.
	Lost, Deadline time.Time
	Ended          time.Time // zero: not ended
	// Rehearsal: its show is one.
	Rehearsal bool
}

// Date is the moment of an output PTS of this broadcast.
func (b Broadcast) Date(pts int64) time.Time { return DateOf(b.Anchor, pts) }

// DateOf is the moment of an output PTS on the line that an anchor gives.
func DateOf(anchor time.Time, pts int64) time.Time {
	d := pts - FirstPTS
	return anchor.Add(time.Duration(d/ticksPerSecond)*time.Second +
		time.Duration(d%ticksPerSecond)*time.Second/ticksPerSecond)
}

// Begin is the answer to a publisher that begins, or comes back.
type Begin struct {
	Room   string // slug
	Show   string
	Epoch  string
	Anchor time.Time
	// Latency is the broadcast's class.
	Latency Latency
	// Rehearsal: its show is one.
	Rehearsal bool
	// Numbers are the first that are free for sure. A caller that still
	// has the broadcast in memory goes on with its own.
	Numbers Numbers
	// Reserved is when the numbers were reserved last, of a broadcast that goes on.
	Reserved time.Time
	// Resumed: the broadcast began earlier and goes on.
	Resumed bool
	// State is the in-band state for the head of the first segment: what held
	// before the events that this beginning appended (show.start), so that
	// those still land after it. Seq is the last event that it includes.
	State []byte
	Seq   uint64
	// Ended is the epoch of an older broadcast whose deadline had passed and
	// that this call ended, "" if none.
	Ended string
}
