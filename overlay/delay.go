package overlay

import (
	"strconv"
	"time"
)

// CueDelay is how much later than asked the cues of a room for now land: the time that
// the picture needs from the host's eyes to this server.
type CueDelay struct {
	Set bool // false: the configuration's holds
	For time.Duration
}

// maxCueDelay is also the longest one of the configuration.
const maxCueDelay = time.Minute

// DelayOf reads a delay in seconds.
func DelayOf(seconds float64) (CueDelay, error) {
	if !(seconds >= 0 && seconds <= maxCueDelay.Seconds()) {
		return CueDelay{}, Errorf(Invalid, "cue_delay: must be from 0 to %d seconds, such as 0.35", int(maxCueDelay.Seconds()))
	}
	return CueDelay{Set: true, For: time.Duration(seconds * float64(time.Second)).Round(time.Millisecond)}, nil
}

// String gives the delay in seconds, or default.
func (d CueDelay) String() string {
	if !d.Set {
		return "default"
	}
	return strconv.FormatFloat(d.For.Seconds(), 'f', -1, 64)
}

// Or gives the delay, or the wider one where none is set.
func (d CueDelay) Or(wider time.Duration) time.Duration {
	if d.Set {
		return d.For
	}
	return wider
}
