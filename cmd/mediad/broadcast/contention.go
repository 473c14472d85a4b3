package broadcast

import (
	"net/netip"
	"time"
)

// A publisher with the right key takes over at once, as a host does who goes
// from one machine to another, and back. But two encoders that both come back
// when they lose the room would take it from each other for ever: who comes
// after the third take-over in a row is refused, and the present one stays for
// as long as the other comes back in the manner of a machine: after the same
// pause, or after half as long again each time, as OBS does. Pauses are those of
// one address: a machine that is forgotten in a corner keeps no other out.
const (
	contentionTakeOvers = 3
	contentionMemory    = 5 * time.Minute // take-overs this far apart are not in a row
	// contentionFor is the pause after which a newcomer is let in, and contentionFactor
	// times the one before, where that is longer: OBS's is 15 minutes at most.
	contentionFor     = 30 * time.Second
	contentionFactor  = 2
	contentionLongest = 30 * time.Minute
	// contentionSilence is when a publisher counts as gone although its connection
	// is open: the encoder that replaces it is then most likely itself, coming
	// back over a network that broke, and takes part in no contention.
	contentionSilence = 2 * time.Second
	// contentionParties is how many addresses are told apart.
	contentionParties = 16
)

// contention decides about take-overs in one room. It knows no clock; the zero
// value is ready.
type contention struct {
	takeOvers int                           // in a row, at most contentionTakeOvers
	last      time.Time                     // take-over, or newcomer that was refused
	first     time.Duration                 // what newcomers had to wait when contention began, or began again
	began     time.Time                     // when it did
	waits     map[netip.Addr]contentionWait // of those who were refused since; nil: newcomers are let in
}

// contentionWait is how long an address has to keep away.
type contentionWait struct {
	last time.Time // when it was refused last
	wait time.Duration
}

// takeOver tells how long a newcomer has to wait; 0: it may take over. heard is
// when the present publisher last sent media. begins tells that the newcomer is
// the first who has to wait.
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

// refuse notes how long an address has to wait. Of too many the one that has been
// away for longest is forgotten.
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

// vacant hears that a newcomer found nobody on air: a row of take-overs ends
// with a loss. Contention does not: the other one may come back.
func (f *contention) vacant() {
	if f.first == 0 {
		*f = contention{}
	}
}
