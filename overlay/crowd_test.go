package overlay

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestViewersAreEstimated: few are exact, as are those of Ta Du's show; of many, and of a
// sample, the number is near.
func TestViewersAreEstimated(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 5))
	for _, viewers := range []int{0, 1, 11_951, 16_383, 40_000, 300_000} {
		all := make([]int64, viewers)
		for i := range all {
			all[i] = r.Int64()
		}
		slices.Sort(all)
		for _, depth := range []int{0, 4} {
			low := all
			if i := slices.IndexFunc(low, func(n int64) bool { return n > math.MaxInt64>>depth }); i >= 0 {
				low = low[:i]
			}
			low = low[:min(len(low), LowNumbers)]
			n := LowViewers{N: int64(len(low)), Depth: depth}
			if len(low) > 0 {
				n.Highest = low[len(low)-1]
			}
			got := n.Viewers()
			exact, near := depth == 0 && viewers < LowNumbers, math.Abs(float64(got-int64(viewers))) <= 0.03*float64(viewers)
			if exact && got != int64(viewers) || viewers > 40_000 && !near || depth == 0 && !near {
				t.Errorf("%d viewers at depth %d: %d", viewers, depth, got)
			}
		}
	}
	if n := (LowViewers{N: LowNumbers, Highest: 0}).Viewers(); n <= 0 {
		t.Errorf("numbers that somebody chose make %d", n)
	}
}
