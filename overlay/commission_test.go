package overlay

import "testing"

// TestCommissionOf: halves go away from zero, and the greatest amounts are exact.
func TestCommissionOf(t *testing.T) {
	for _, c := range []struct{ net, share, want int64 }{
		{1000, 1250, 125}, {4, 1250, 1}, {3, 1250, 0}, {-4, 1250, -1}, {-3, 1250, 0}, {0, 1250, 0}, {7, 0, 0}, {7, 10_000, 7},
		{5, 1000, 1}, {-5, 1000, -1}, {4, 1000, 0}, {1<<53 - 1, 10_000, 1<<53 - 1}, {-(1<<53 - 1), 3333, -3002099511605172},
	} {
		if got := CommissionOf(c.net, c.share); got != c.want {
			t.Errorf("%d of %d is %d, want %d", c.share, c.net, got, c.want)
		}
	}
}
