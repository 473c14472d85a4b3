package memory

import "testing"

func TestCollectAt(t *testing.T) {
	for live, want := range map[uint64]int{0: 400, 1 << 20: 400, 4 << 20: 400, 16 << 20: 100, 32 << 20: 50, 64 << 20: 30, 2 << 30: 30} {
		if got := collectAt(live); got != want {
			t.Errorf("%d bytes: %d, want %d", live, got, want)
		}
	}
}
