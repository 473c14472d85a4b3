package packager

import "mediad/ingest"

// sampleClock stamps audio frames on their own sample clock. RTMP's whole
// milliseconds would leave gaps and overlaps of up to a millisecond between
// frames of 21.3 ms, which players turn into dropped or inserted samples.
type sampleClock struct {
	rate int64 // samples a second
	base int64 // ticks of frame 0
	n    int64 // frames since
	set  bool
}

// samplesPerFrame of AAC-LC and of the core of HE-AAC (ISO/IEC 14496-3).
const samplesPerFrame = 1024

func (c *sampleClock) frame() int64 { return samplesPerFrame * ingest.Clock / c.rate }

// peek foretells the next frame's time; 0 before the first.
func (c *sampleClock) peek() int64 {
	if !c.set {
		return 0
	}
	return c.base + c.n*samplesPerFrame*ingest.Clock/c.rate
}

// next gives the time of the frame that the publisher stamped with given. The
// clock runs on by itself and is set anew only when the publisher is off by
// more than a frame: samples were lost, or the clocks drifted apart.
func (c *sampleClock) next(given int64) (at int64, reset bool) {
	at = c.base + c.n*samplesPerFrame*ingest.Clock/c.rate
	if off := given - at; !c.set || off > c.frame() || off < -c.frame() {
		reset = c.set
		c.base, c.n, c.set = given, 0, true
		at = given
	}
	c.n++
	return at, reset
}
