// Package memory tunes the garbage collector for a media server.
package memory

import (
	"context"
	"os"
	"runtime/debug"
	gometrics "runtime/metrics"
	"time"
)

// gcPercent is how much garbage may grow, relative to the memory in use, before
// a collection. Nearly all memory in use is parts that players may still fetch,
// and these have no pointers in them. So a collection costs little, while each
// per cent of garbage is a per cent of all windows' memory. With Go's default
// of 100 a server would take twice what it needs; with this value, at most half
// as much again.
const gcPercent = 30

// With few streams, 30 per cent is little memory, and thousands of viewers make
// so much garbage in a second that one collection would follow the other, each
// of which scans the stack of every waiting viewer. So gcRoom bytes may always
// be allocated between two collections, up to gcMost per cent.
const (
	gcRoom = 16 << 20
	gcMost = 400
)

// Save adjusts the collector's setting to the memory in use until ctx ends,
// unless the operator has set GOGC.
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
			debug.SetGCPercent(want) // this stops all goroutines for a moment
			set = want
		}
		select {
		case <-ctx.Done():
			return nil
		case <-clock.C:
		}
	}
}

// collectAt gives the percentage for the memory in use, in bytes.
func collectAt(live uint64) int {
	if live < gcRoom*100/gcMost {
		return gcMost
	}
	return max(gcPercent, int(gcRoom*100/live))
}
