package main

import "time"

// A publisher with the right key takes over at once. But two encoders that
// both come back when they lose the room would take it from each other for
// ever: who comes after the third take-over within half a minute is refused
// for as long, and the present one stays.
const (
	fightTakeOvers = 3
	fightWithin    = 30 * time.Second
	fightFor       = 30 * time.Second
	// fightSilence is when a publisher counts as gone although its connection
	// is open: the encoder that replaces it is then most likely itself, coming
	// back over a network that broke, and takes part in no fight.
	fightSilence = 2 * time.Second
)

// fight decides about take-overs in one room. It knows no clock; the zero
// value is ready.
type fight struct {
	at    []time.Time // of the latest take-overs, at most fightTakeOvers
	until time.Time   // newcomers are refused; zero: no fight
}

// takeOver tells how long a newcomer has to wait; 0: it may take over. heard is
// when the present publisher last sent media.
func (f *fight) takeOver(now, heard time.Time) time.Duration {
	if now.Sub(heard) >= fightSilence {
		return 0
	}
	if now.Before(f.until) {
		return f.until.Sub(now)
	}
	if !f.until.IsZero() {
		*f = fight{}
	}
	if len(f.at) == fightTakeOvers {
		if now.Sub(f.at[0]) <= fightWithin {
			f.until = now.Add(fightFor)
			return fightFor
		}
		f.at = append(f.at[:0], f.at[1:]...)
	}
	f.at = append(f.at, now)
	return 0
}
