package cut

import "mediad/ingest"

// cadence watches the distance between the frames of one track and says
// whether it is steady. RTMP stamps whole milliseconds, so 30 fps arrives as
// 33, 33, 34 ms: no single delta tells the rate, the mean of a run does.
type cadence struct {
	first int64 // DTS where the run of like frames begins
	last  int64 // DTS of the last frame
	n     int64 // frames since first
	have  bool
}

const (
	// jitter is how far a delta of a steady track may lie from the mean: one
	// millisecond of RTMP's rounding on either end.
	jitter = 2 * ingest.Millisecond
	// longestRun bounds the memory of the mean, so that it follows a slow drift.
	longestRun = 512
)

func (c *cadence) add(dts int64) {
	delta := dts - c.last
	switch mean := c.mean(); {
	case !c.have:
		*c = cadence{first: dts, last: dts, have: true}
		return
	case c.n > 0 && (delta < mean-jitter || delta > mean+jitter):
		c.first, c.n = c.last, 0
	case c.n == longestRun:
		c.first, c.n = c.last-mean*longestRun/2, longestRun/2
	}
	c.last, c.n = dts, c.n+1
}

func (c *cadence) mean() int64 {
	if c.n == 0 {
		return 0
	}
	return (c.last - c.first + c.n/2) / c.n
}

// interval gives the mean distance of the last like frames, and whether there
// are enough of them to foretell the next.
func (c *cadence) interval() (mean int64, steady bool) {
	mean = c.mean()
	return mean, c.n >= 4 && mean > 0
}
