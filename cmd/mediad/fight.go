package main

import "time"

// A publisher with the right key takes over at once, as a host does who goes
// from one machine to another, and back. But two encoders that both come back
// when they lose the room would take it from each other for ever: who comes
// after the third take-over in a row is refused, and the present one stays for
// as long as the other comes back in the manner of a machine: after the same
// pause, or after half as long again each time, as OBS does.
const (
	fightTakeOvers = 3
	fightMemory    = 5 * time.Minute // take-overs this far apart are not in a row
	// fightFor is the pause after which a newcomer is let in, and fightFactor
	// times the one before, where that is longer: OBS's is 15 minutes at most.
	fightFor     = 30 * time.Second
	fightFactor  = 2
	fightLongest = 30 * time.Minute
	// fightSilence is when a publisher counts as gone although its connection
	// is open: the encoder that replaces it is then most likely itself, coming
	// back over a network that broke, and takes part in no fight.
	fightSilence = 2 * time.Second
)

// fight decides about take-overs in one room. It knows no clock; the zero
// value is ready.
type fight struct {
	takeOvers int           // in a row, at most fightTakeOvers
	last      time.Time     // take-over, or newcomer that was refused
	first     time.Duration // what newcomers had to wait when the fight began, or began again
	wait      time.Duration // what they have to wait by now, from last on; 0: they are let in
}

// takeOver tells how long a newcomer has to wait; 0: it may take over. heard is
// when the present publisher last sent media. begins tells that the newcomer is
// the first who has to wait.
func (f *fight) takeOver(now, heard time.Time) (wait time.Duration, begins bool) {
	if now.Sub(heard) >= fightSilence {
		return 0, false
	}
	since := now.Sub(f.last)
	if since < f.wait {
		f.wait = min(max(f.wait, fightFactor*since), fightLongest)
		f.last = now
		return f.wait, false
	}
	if since >= fightMemory {
		*f = fight{}
	}
	f.last = now
	switch {
	case f.takeOvers < fightTakeOvers:
		f.takeOvers++
		return 0, false
	case f.wait > 0: // it has waited: a person, or a machine with a longer pause
		f.wait = 0
		return 0, false
	}
	f.first = min(max(fightFor, fightFactor*f.first), fightMemory)
	f.wait = f.first
	return f.wait, true
}

// vacant hears that a newcomer found nobody on air: a row of take-overs ends
// with a loss. A fight does not: the other one may come back.
func (f *fight) vacant() {
	if f.first == 0 {
		*f = fight{}
	}
}
