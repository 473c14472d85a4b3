package restream

import (
	"sync"
	"time"

	"mediad/ingest/rtmp/flv"
)

// What may wait for a target, beside what is delayed: whichever is reached first.
const (
	maxWaiting = 2000 // ms
	maxBytes   = 4 << 20
)

// queue holds what a target has not been sent yet. Where it is full, it is emptied up to the
// next key frame: what waits is as new as it can be, and always begins where a decoder can.
type queue struct {
	delay time.Duration // read only, as are the bounds
	span  int64         // ms
	most  int           // bytes
	ready chan struct{} // has a value when something was put

	mu sync.Mutex
	// Guarded by mu.
	open     bool      // it takes messages
	counting bool      // the target is connected: what is dropped counts
	waits    bool      // for a message with which a decoder can begin
	begun    bool      // it has taken one: what is dropped from then on is missing
	items    []message // the first one waits at head; what is before it is gone
	head     int
	bytes    int
	dropped  uint64 // pictures
}

func newQueue(delay time.Duration, bitrate int64) *queue {
	return &queue{delay: delay, span: maxWaiting + delay.Milliseconds(), most: maxBytes + int(delay.Seconds()*float64(bitrate)/8), ready: make(chan struct{}, 1)}
}

// take opens the queue, empty, or closes and empties it.
func (q *queue) take(open bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.open, q.waits, q.begun, q.counting = open, true, false, false
	q.clear()
}

func (q *queue) clear() {
	clear(q.items)
	q.items, q.head, q.bytes = q.items[:0], 0, 0
}

// waiting are the messages that wait.
func (q *queue) waiting() []message { return q.items[q.head:] }

// count begins to count what is dropped.
func (q *queue) count() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.counting = true
}

func (q *queue) taking() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.open
}

// put adds a message, or drops it. It does not wait.
func (q *queue) put(m message) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.open {
		return
	}
	if q.waits && !m.begins {
		q.drop(m)
		return
	}
	q.waits, q.begun = false, true
	q.items, q.bytes = append(q.items, m), q.bytes+len(m.body)
	for w := q.waiting(); len(w) > 1 && (q.bytes > q.most || m.ms-w[0].ms > q.span); w = q.waiting() {
		q.skip()
	}
	select {
	case q.ready <- struct{}{}:
	default:
	}
}

// skip drops what waits, up to the next message with which a decoder can begin.
func (q *queue) skip() {
	w, n := q.waiting(), 1
	for n < len(w) && !w[n].begins {
		n++
	}
	for _, m := range w[:n] {
		q.drop(m)
		q.bytes -= len(m.body)
	}
	q.remove(n)
	q.waits = len(q.waiting()) == 0
}

func (q *queue) drop(m message) {
	if q.counting && q.begun && m.kind == flv.Video {
		q.dropped++
	}
}

// remove takes n messages off the front.
func (q *queue) remove(n int) {
	clear(q.items[q.head : q.head+n])
	q.head += n
	if q.head*2 >= len(q.items) { // each message is moved once at most
		left := copy(q.items, q.waiting())
		clear(q.items[left:])
		q.items, q.head = q.items[:left], 0
	}
}

// next takes the first message off, if it is due. Otherwise it tells how long until then; 0:
// the queue is empty.
func (q *queue) next(now time.Time) (m message, wait time.Duration, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	w := q.waiting()
	if len(w) == 0 {
		return message{}, 0, false
	}
	m = w[0]
	if wait = m.at.Add(q.delay).Sub(now); wait > 0 {
		return message{}, wait, false
	}
	q.bytes -= len(m.body)
	q.remove(1)
	return m, 0, true
}

// figures gives what waits, in bytes, and how many pictures were dropped.
func (q *queue) figures() (bytes int, dropped uint64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.bytes, q.dropped
}
