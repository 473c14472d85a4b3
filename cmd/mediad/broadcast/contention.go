package broadcast

import (
	"net/netip"
	"time"
)

// A publisher with the right key takes over at once. A host needs that to change
// from one machine to another, and back. But two encoders that both reconnect
// when they lose the room would take it from each other for ever. So after three
// take-overs in a row a newcomer is refused. The present publisher stays as long
// as the other one comes back like a machine: after the same pause, or after a
// pause half as long again each time, as OBS does. Pauses are counted for each
// address: a forgotten machine does not keep others out.
const (
	contentionTakeOvers = 3
	contentionMemory    = 5 * time.Minute // take-overs that are farther apart are not in a row
	// contentionFor is the pause after which a newcomer may take over, or
	// contentionFactor times its pause before, whichever is longer. OBS pauses for 15
	// minutes at most.
	contentionFor     = 30 * time.Second
	contentionFactor  = 2
	contentionLongest = 30 * time.Minute
	// contentionSilence is after what silence a publisher counts as gone although
	// its connection is open. The newcomer is then most likely the same encoder,
	// which reconnects after its network broke, so this is no contention.
	contentionSilence = 2 * time.Second
	// contentionParties is how many addresses are told apart.
	contentionParties = 16
)

// contention decides about take-overs in one room. It knows no clock; the zero
// value is ready.
type contention struct {
	takeOvers int                           // in a row, at most contentionTakeOvers
	last      time.Time                     // last take-over, or last refused newcomer
	first     time.Duration                 // how long newcomers had to wait when contention began, or began again
	began     time.Time                     // when it did
	waits     map[netip.Addr]contentionWait // of addresses that were refused since; nil: newcomers may take over
}

// contentionWait is how long an address must stay away.
type contentionWait struct {
	last time.Time // when it was refused last
	wait time.Duration
}

// takeOver tells how long a newcomer must wait; 0: it may take over. heard is
// when the present publisher last sent media. begins: the newcomer is the first
// that must wait.
func (f *contention) takeOver(who netip.Addr, now, heard time.Time) (wait time.Duration, begins bool) {
	if now.Sub(heard) >= contentionSilence {
		return 0, false
	}
	if f.waits != nil {
		w, known := f.waits[who]
		if !known {
			w = contentionWait{f.began, f.first}
		}
		if since := now.Sub(w.last); since < w.wait {
			f.refuse(who, contentionWait{now, min(max(w.wait, contentionFactor*since), contentionLongest)})
			return f.waits[who].wait, false
		}
	}
	if now.Sub(f.last) >= contentionMemory {
		*f = contention{}
	}
	f.last = now
	switch {
	case f.takeOvers < contentionTakeOvers:
		f.takeOvers++
		return 0, false
	case f.waits != nil: // it has waited: a person, or a machine with a longer pause
		f.waits = nil
		return 0, false
	}
	f.first, f.began = min(max(contentionFor, contentionFactor*f.first), contentionMemory), now
	f.waits = map[netip.Addr]contentionWait{}
	f.refuse(who, contentionWait{now, f.first})
	return f.first, true
}

// refuse records how long an address must wait. If there are too many addresses,
// the one that was refused longest ago is forgotten.
func (f *contention) refuse(who netip.Addr, w contentionWait) {
	f.last, f.waits[who] = w.last, w
	if len(f.waits) <= contentionParties {
		return
	}
	oldest := who
	for a, o := range f.waits {
		if o.last.Before(f.waits[oldest].last) {
			oldest = a
		}
	}
	delete(f.waits, oldest)
}

// noneOnAir is called when a newcomer finds no publisher on air: a loss ends a
// row of take-overs. It does not end contention, since the other encoder may
// come back.
func (f *contention) noneOnAir() {
	if f.first == 0 {
		*f = contention{}
	}
}
