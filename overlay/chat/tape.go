package chat

import (
	"sync"
	"sync/atomic"
	"time"
)

const (
	tapeBytes = 1 << 20 // the longest tape; it is cut to half of that
	// wakeCost is a listener's share of the pause between two wakes: with 20,000, they are
	// woken once a second.
	wakeCost = 50 * time.Microsecond
	longest  = time.Second
)

// tape has what was told last, as the bytes that listeners are sent. All of them read the
// same bytes.
type tape struct {
	listeners atomic.Int64

	mu sync.RWMutex
	// Guarded by mu.
	text   []byte  // what is written is never changed
	base   int64   // the place of its first byte
	frames []int64 // where the frames of text begin
	wake   chan struct{}
	woken  time.Time
	timer  bool // wakes later
}

func newTape() *tape { return &tape{wake: make(chan struct{})} }

// add puts frames onto the tape, and wakes listeners, unless they were woken just now: then a
// little later.
func (t *tape) add(now time.Time, frames ...[]byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, f := range frames {
		if len(t.text)+len(f) > tapeBytes {
			t.cut()
		}
		t.frames = append(t.frames, t.base+int64(len(t.text)))
		t.text = append(t.text, f...)
	}
	if t.timer || len(frames) == 0 {
		return
	}
	pause := min(time.Duration(t.listeners.Load())*wakeCost, longest)
	if since := now.Sub(t.woken); since >= 0 && since < pause {
		t.timer = true
		time.AfterFunc(pause-since, t.later)
		return
	}
	t.rouse(now)
}

func (t *tape) later() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.timer = false
	t.rouse(time.Now())
}

// rouse wakes all who wait. The caller holds mu.
func (t *tape) rouse(now time.Time) {
	t.woken = now
	close(t.wake)
	t.wake = make(chan struct{})
}

// cut forgets the older half. Whoever reads it now keeps the old bytes. The caller holds mu.
func (t *tape) cut() {
	i := 0
	for i < len(t.frames) && t.frames[i]-t.base < tapeBytes/2 {
		i++
	}
	from := int64(len(t.text))
	if i < len(t.frames) {
		from = t.frames[i] - t.base
	}
	t.text = append(make([]byte, 0, tapeBytes), t.text[from:]...)
	t.base += from
	t.frames = append([]int64(nil), t.frames[i:]...)
}

// end is the place behind what was told.
func (t *tape) end() int64 {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.base + int64(len(t.text))
}

// from gives what was told from a place on, and what to wait on when that is nothing. ok is
// false if the tape has moved on beyond the place.
func (t *tape) from(place int64) (text []byte, wake <-chan struct{}, ok bool) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if place < t.base {
		return nil, nil, false
	}
	return t.text[place-t.base : len(t.text) : len(t.text)], t.wake, true
}
