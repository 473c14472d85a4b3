package restream

import (
	"math/rand/v2"
	"time"
)

// steady is how long a connection lasts before its end counts as a first failure again: a
// server that accepts and hangs up is not asked every second.
const steady = 30 * time.Second

// pause is how long to wait after so many failures in a row. A server that refused the key
// will mostly refuse it again, and may shut out who asks too often: it is asked seldom.
func pause(failures int, refused bool) time.Duration {
	steps := []time.Duration{1, 2, 5, 10, 30}
	if refused {
		steps = []time.Duration{30, 60, 120, 300}
	}
	return steps[min(max(failures, 1), len(steps))-1] * time.Second
}

// jittered spreads the moments at which targets are tried again, by a fifth.
func jittered(d time.Duration) time.Duration {
	return d + time.Duration((rand.Float64()-0.5)*0.4*float64(d))
}
