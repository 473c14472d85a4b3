package main

import (
	"os"
	"runtime/debug"
)

// gcPercent is how much garbage may stand beside what is in use before it is
// collected. Nearly all that is in use are parts that players may still fetch,
// and these have no pointers in them: a collection costs little, while each per
// cent that waits for it is one of all windows' memory. With Go's own 100 a
// server would take twice what it needs; with this, at most half as much again.
const gcPercent = 30

// saveMemory sets it, unless the operator said otherwise.
func saveMemory() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
}
