package rtmp

import (
	"sync"
	"time"
)

// watchdog calls expired, with a reason, when nobody has called feed for its patience.
// Feeding is cheap enough for every message: it only notes the time, which the timer
// looks at when it fires.
type watchdog struct {
	expired func(reason error) // read only

	mu       sync.Mutex // guards what follows
	patience time.Duration
	reason   error
	fed      time.Time
	timer    *time.Timer
	stopped  bool
}

// newWatchdog starts watching.
func newWatchdog(patience time.Duration, reason error, expired func(reason error)) *watchdog {
	w := &watchdog{expired: expired, patience: patience, reason: reason, fed: time.Now()}
	w.timer = time.AfterFunc(patience, w.look)
	return w
}

func (w *watchdog) look() {
	w.mu.Lock()
	left := w.patience - time.Since(w.fed)
	if left > 0 && !w.stopped {
		w.timer.Reset(left)
	}
	late, reason := left <= 0 && !w.stopped, w.reason
	w.mu.Unlock()
	if late {
		w.expired(reason)
	}
}

// feed says that the connection is alive.
func (w *watchdog) feed() {
	w.mu.Lock()
	w.fed = time.Now()
	w.mu.Unlock()
}

// expect feeds it and changes its patience, and the reason that it gives.
func (w *watchdog) expect(patience time.Duration, reason error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.patience, w.reason, w.fed = patience, reason, time.Now()
	if !w.stopped {
		w.timer.Reset(patience)
	}
}

// stop ends it. A call of expired that has begun may still be going on.
func (w *watchdog) stop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stopped = true
	w.timer.Stop()
}
