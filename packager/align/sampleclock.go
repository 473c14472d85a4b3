package align

import "mediad/ingest"

// SampleClock stamps audio frames on their own sample clock. RTMP's whole
// milliseconds would leave gaps and overlaps of up to a millisecond between
// frames of 21.3 ms, which players turn into dropped or inserted samples.
type SampleClock struct {
	rate int64 // samples a second
	base int64 // ticks of frame 0
	n    int64 // frames since
	set  bool
}

// SamplesPerFrame of AAC-LC and of the core of HE-AAC (ISO/IEC 14496-3).
const SamplesPerFrame = 1024

// NewSampleClock gives a clock for so many samples a second.
func NewSampleClock(rate int) SampleClock { return SampleClock{rate: int64(rate)} }

// Start sets the clock: the next frame lies at an output time.
func (c *SampleClock) Start(at int64) { c.base, c.n, c.set = at, 0, true }

// Frame is how long a frame lasts, in ticks.
func (c *SampleClock) Frame() int64 { return SamplesPerFrame * ingest.Clock / c.rate }

// Fit says how a frame lies on the sample clock.
type Fit uint8

// How a frame may lie.
const (
	InTime Fit = iota
	Gap        // samples are missing before it: the clock was set anew
	Extra      // there is no room for it: its samples would overlap others
)

// Peek foretells the next frame's time; 0 before the first.
func (c *SampleClock) Peek() int64 {
	if !c.set {
		return 0
	}
	return c.base + c.n*SamplesPerFrame*ingest.Clock/c.rate
}

// Next gives the time of the frame that the publisher stamped with given. The
// clock runs on by itself and yields only when the publisher is off by more
// than a frame: samples were lost, or its clocks run apart. Ahead, it is set
// anew and leaves a gap; behind, the frame is extra, and is to be left out, so
// that no two frames overlap and sound stays with the picture.
func (c *SampleClock) Next(given int64) (at int64, f Fit) {
	at = c.base + c.n*SamplesPerFrame*ingest.Clock/c.rate
	switch off := given - at; {
	case c.set && off < -c.Frame():
		return at, Extra
	case !c.set || off > c.Frame():
		if c.set {
			f = Gap
		}
		c.Start(given)
		at = given
	}
	c.n++
	return at, f
}

// Fill gives the time of one frame of silence, if it begins before `to`. The clock
// goes on, but for a hole of more than slack before from: then silence begins there.
func (c *SampleClock) Fill(from, slack, to int64) (at int64, ok bool) {
	at = c.Peek()
	if !c.set || at < from-slack {
		at = from
	}
	if at >= to {
		return 0, false
	}
	c.Next(at)
	return at, true
}
