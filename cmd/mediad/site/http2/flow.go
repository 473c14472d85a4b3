package http2

import (
	"os"
	"slices"
	"time"
)

// take waits until the peer accepts data of the stream, and returns how many
// bytes, up to most, the caller may send now. The caller must send them all.
// Streams that wait for the window of the connection get it in turn.
func (st *stream) take(most int, deadline time.Time) (int, error) {
	if most > 0 && st.answer.reserved > 0 {
		n := min(most, st.answer.reserved)
		st.answer.reserved -= n
		return n, nil
	}
	c := st.c
	var timer *time.Timer
	c.mu.Lock()
	defer c.mu.Unlock()
	for {
		if n, err := st.tryLocked(most); n > 0 || err != nil {
			if timer != nil {
				timer.Stop()
			}
			return n, err
		}
		left, passed := until(deadline)
		if passed {
			c.dequeue(st)
			return 0, os.ErrDeadlineExceeded
		}
		if st.window > 0 && !st.inLine {
			st.inLine = true
			c.queue = append(c.queue, st)
		}
		if timer == nil && !deadline.IsZero() {
			timer = time.AfterFunc(left, st.wakeUp)
		}
		c.mu.Unlock()
		<-st.wake
		c.mu.Lock()
	}
}

// try is take without waiting.
func (st *stream) try(most int) (int, error) {
	if most > 0 && st.answer.reserved > 0 {
		return st.take(most, time.Time{})
	}
	st.c.mu.Lock()
	defer st.c.mu.Unlock()
	return st.tryLocked(most)
}

// tryLocked is called with c.mu held.
func (st *stream) tryLocked(most int) (int, error) {
	c := st.c
	if st.err != nil {
		return 0, st.err
	}
	if len(c.queue) > 0 && c.queue[0] != st {
		return 0, nil // others have waited longer
	}
	n := min(int64(most), st.window, c.window)
	if n <= 0 {
		return 0, nil
	}
	st.window -= n
	c.window -= n
	c.dequeue(st)
	return int(n), nil
}

// allowed tells how many of n bytes, for which a share of the windows was taken, may
// be written now. The peer may have made the window of the stream smaller since, so
// that it is negative: then what is too much of the share, and what is still reserved,
// goes back to the windows. The stream's handler calls it, and holds the mutex of out:
// nobody waits for that while it holds c.mu.
func (st *stream) allowed(n int) (int, error) {
	c := st.c
	c.mu.Lock()
	defer c.mu.Unlock()
	if st.err != nil {
		return 0, st.err
	}
	if st.window >= 0 || n == 0 {
		return n, nil
	}
	share := int64(n + st.answer.reserved)
	keep := min(int64(n), max(0, share+st.window))
	st.answer.reserved = 0
	st.window += share - keep
	c.window += share - keep
	c.wakeNext()
	return int(keep), nil
}

// dequeue removes a stream from the line, and wakes the next one. mu is held.
func (c *conn) dequeue(st *stream) {
	if !st.inLine {
		return
	}
	st.inLine = false
	if i := slices.Index(c.queue, st); i >= 0 {
		c.queue = slices.Delete(c.queue, i, i+1)
	}
	c.wakeNext()
}

// wakeNext wakes the first stream in the line, if the window has room. mu is held.
func (c *conn) wakeNext() {
	if c.window > 0 && len(c.queue) > 0 {
		c.queue[0].wakeUp()
	}
}
