// Package memory sets the garbage collector to what a media server holds.
package memory

import (
	"context"
	"os"
	"runtime/debug"
	gometrics "runtime/metrics"
	"time"
)

// gcPercent is how much garbage may stand beside what is in use before it is
// collected. Nearly all that is in use are parts that players may still fetch,
// and these have no pointers in them: a collection costs little, while each per
// cent that waits for it is one of all windows' memory. With Go's own 100 a
// server would take twice what it needs; with this, at most half as much again.
const gcPercent = 30

// With few streams 30 per cent are little, and thousands of viewers make so much
// garbage in a second that collections would follow each other, each looking
// through a stack per waiting viewer. So gcRoom bytes may always be allocated
// between two of them, up to gcMost per cent.
const (
	gcRoom = 16 << 20
	gcMost = 400
)

// Save keeps the collector's setting to what is in use until ctx ends,
// unless the operator said otherwise.
func Save(ctx context.Context) error {
	if os.Getenv("GOGC") != "" {
		return nil
	}
	live := []gometrics.Sample{{Name: "/gc/heap/live:bytes"}}
	clock := time.NewTicker(time.Second)
	defer clock.Stop()
	for set := 0; ; {
		gometrics.Read(live)
		if want := collectAt(live[0].Value.Uint64()); 10*max(want-set, set-want) > set {
			debug.SetGCPercent(want) // stops the world for a moment
			set = want
		}
		select {
		case <-ctx.Done():
			return nil
		case <-clock.C:
		}
	}
}

// collectAt gives the percentage for what is in use, in bytes.
func collectAt(live uint64) int {
	if live < gcRoom*100/gcMost {
		return gcMost
	}
	return max(gcPercent, int(gcRoom*100/live))
}
