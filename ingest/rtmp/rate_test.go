package rtmp

import (
	"testing"
	"time"
)

func TestRate(t *testing.T) {
	const limit = 8_000_000 // a megabyte a second
	type step struct {
		at    time.Duration
		bytes uint64 // more than before
	}
	for _, tc := range []struct {
		name  string
		limit int64
		steps []step
		over  int // which step fails; -1: none
	}{
		{"no limit", 0, []step{{0, 1 << 40}}, -1},
		{"steady, at the limit", limit, []step{{0, 1e6}, {time.Second, 1e6}, {2 * time.Second, 1e6}, {3 * time.Second, 1e6}, {4 * time.Second, 1e6}, {5 * time.Second, 1e6},
			{6 * time.Second, 1e6}, {7 * time.Second, 1e6}, {8 * time.Second, 1e6}, {9 * time.Second, 1e6}, {10 * time.Second, 1e6}, {11 * time.Second, 1e6}}, -1},
		{"a burst", limit, []step{{0, 10e6}, {9900 * time.Millisecond, 0}}, -1},
		{"too large a burst", limit, []step{{0, 10e6}, {time.Millisecond, 1000}}, 1},
		{"two bursts", limit, []step{{0, 6e6}, {5 * time.Second, 6e6}}, 1},
		{"two bursts with a pause", limit, []step{{0, 6e6}, {10 * time.Second, 6e6}, {20 * time.Second, 6e6}}, -1},
		{"a long pause", limit, []step{{0, 9e6}, {time.Hour, 9e6}, {2 * time.Hour, 9e6}}, -1},
		{"a clock that steps back", limit, []step{{5 * time.Second, 5e6}, {time.Second, 5e6}, {0, 1e6}}, 2},
	} {
		t.Run(tc.name, func(t *testing.T) {
			begun, read := time.Unix(1e9, 0), uint64(4000)
			r := newRate(tc.limit, begun, read)
			for i, s := range tc.steps {
				read += s.bytes
				if err := r.read(begun.Add(s.at), read); (err != nil) != (i == tc.over) {
					t.Errorf("step %d: %v", i, err)
				}
			}
		})
	}
}
