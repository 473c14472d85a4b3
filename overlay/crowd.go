package overlay

import "math"

// LowNumbers is how many numbers of viewers of a show are kept: the lowest ones.
const LowNumbers = 16384

// MaxDepth is the deepest sample of viewers: 1 of 2^MaxDepth.
const MaxDepth = 13

// LowViewers are the kept numbers of a show's viewers, each from 0 to 2^63-1 and drawn by chance.
type LowViewers struct {
	N       int64 // how many are below 2^(63-Depth): viewers above it were not always asked
	Highest int64 // the highest of these
	Depth   int
}

// Viewers estimates how many different viewers there were. While few enough came for all
// numbers to be kept, it is how many are kept. Beyond that it follows from how close to
// each other the lowest ones lie (Bar-Yossef and others 2002): within 2 % or so.
func (n LowViewers) Viewers() int64 {
	depth := min(max(n.Depth, 0), MaxDepth)
	if n.N < LowNumbers {
		return n.N << depth
	}
	most := float64(int64(1) << 62)
	return int64(min(float64(n.N-1)*(math.MaxInt64/float64(max(n.Highest, 1))), most))
}
