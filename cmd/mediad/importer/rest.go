package importer

import (
	"context"
	"time"
)

// While somebody streams, long work takes a fifth of the time: it rests four times as
// long as it works. A rest is bounded, since a step may have waited for hosts, not worked.
const (
	rests    = 4
	longRest = time.Second
)

// Rest makes what the store calls behind each step of long work.
func Rest(streams func() bool) func(ctx context.Context, worked time.Duration) {
	return func(ctx context.Context, worked time.Duration) {
		if !streams() {
			return
		}
		timer := time.NewTimer(min(rests*worked, longRest))
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
		}
	}
}
