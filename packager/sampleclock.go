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

// fit says how a frame lies on the sample clock.
type fit uint8

const (
	inTime fit = iota
	gap        // samples are missing before it: the clock was set anew
	extra      // there is no room for it: its samples would overlap others
)

// peek foretells the next frame's time; 0 before the first.
func (c *sampleClock) peek() int64 {
	if !c.set {
		return 0
	}
	return c.base + c.n*samplesPerFrame*ingest.Clock/c.rate
}

// next gives the time of the frame that the publisher stamped with given. The
// clock runs on by itself and yields only when the publisher is off by more
// than a frame: samples were lost, or its clocks run apart. Ahead, it is set
// anew and leaves a gap; behind, the frame is extra, and is to be left out, so
// that no two frames overlap and sound stays with the picture.
func (c *sampleClock) next(given int64) (at int64, f fit) {
	at = c.base + c.n*samplesPerFrame*ingest.Clock/c.rate
	switch off := given - at; {
	case c.set && off < -c.frame():
		return at, extra
	case !c.set || off > c.frame():
		if c.set {
			f = gap
		}
		c.base, c.n, c.set = given, 0, true
		at = given
	}
	c.n++
	return at, f
}
