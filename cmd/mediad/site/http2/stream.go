package http2

import (
	"context"
	"net/http"
	"net/url"
	"runtime/debug"
	"time"

	"golang.org/x/net/http2"
)

// stream is one request and its answer.
type stream struct {
	c      *conn
	id     uint32
	cancel context.CancelFunc
	body   *body // nil: it has none
	answer answer
	asked  http.Request
	url    url.URL
	wake   chan struct{} // has room for one: the stream may go on

	// Guarded by c.mu.
	window  int64 // how many bytes of the answer the peer still accepts
	receive int64 // how many bytes of the request we still accept
	owed    int64 // bytes read since the last WINDOW_UPDATE
	heard   bool  // the request is whole
	said    bool  // the answer is whole
	inLine  bool  // it waits for the connection's window
	err     error // the stream is over
}

// slack is how many more handlers than open streams there may be: handlers that
// have not noticed yet that their stream has ended.
const slack = 16

// headers handles the head of a request, or its trailers.
func (c *conn) headers(f *http2.MetaHeadersFrame) error {
	id := f.StreamID
	c.mu.Lock()
	st, last := c.streams[id], c.last
	c.mu.Unlock()
	switch {
	case id%2 == 0:
		return http2.ConnectionError(http2.ErrCodeProtocol)
	case st != nil:
		return c.trailers(st, f)
	case id <= last && len(f.PseudoFields()) == 0:
		return c.cost(costFrame) // trailers that crossed the end of their stream
	case id <= last:
		return http2.ConnectionError(http2.ErrCodeProtocol)
	}
	c.mu.Lock()
	full := c.running >= c.s.opts.Streams+slack || len(c.streams) >= c.s.opts.Streams
	leaving := c.leaving
	if c.last = id; !full && !leaving {
		if c.running++; c.running == 1 {
			c.idle.Store(0)
			c.state(http.StateActive)
		}
	}
	c.mu.Unlock()
	switch {
	case leaving:
		return c.out.control(rstStream(id, http2.ErrCodeRefusedStream))
	case full:
		return http2.StreamError{StreamID: id, Code: http2.ErrCodeRefusedStream}
	}
	st = &stream{c: c, id: id, receive: streamWindow, heard: f.StreamEnded(), wake: make(chan struct{}, 1)}
	st.answer.st = st
	h, err := st.request(f)
	c.mu.Lock()
	if err != nil {
		c.running--
		c.markIdle()
		c.mu.Unlock()
		return err
	}
	st.window = c.initial
	c.streams[id] = st
	c.mu.Unlock()
	go st.run(h)
	return nil
}

// trailers ends a request's body.
func (c *conn) trailers(st *stream, f *http2.MetaHeadersFrame) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case st.heard:
		return http2.StreamError{StreamID: st.id, Code: http2.ErrCodeStreamClosed}
	case !f.StreamEnded() || len(f.PseudoFields()) > 0:
		return http2.StreamError{StreamID: st.id, Code: http2.ErrCodeProtocol}
	}
	st.heard = true
	if _, err := st.body.push(nil, true, trailer(f)); err != nil {
		c.drop(st, err) // before its handler can answer
		return http2.StreamError{StreamID: st.id, Code: http2.ErrCodeProtocol}
	}
	return nil
}

// run answers the request.
func (st *stream) run(h http.Handler) {
	c, failed := st.c, true
	defer func() {
		if p := recover(); p != nil && p != http.ErrAbortHandler {
			c.s.opts.Log.Error("an answer was given up", "peer", c.remote, "path", st.url.Path, "panic", p, "stack", string(debug.Stack()))
		}
		st.finish(failed)
	}()
	h.ServeHTTP(&st.answer, &st.asked)
	failed = st.answer.finish() != nil
}

// finish ends the stream: with a reset if the answer is not whole, or if the
// rest of the request is not needed (RFC 9113 8.1).
func (st *stream) finish(failed bool) {
	c := st.c
	st.cancel()
	code := http2.ErrCodeNo
	if failed {
		code = http2.ErrCodeInternal
	}
	c.mu.Lock()
	open := st.err == nil
	tell := open && (failed || !st.heard)
	if st.answer.reserved > 0 {
		c.window += int64(st.answer.reserved)
		c.wakeNext()
	}
	c.drop(st, errGone)
	c.running--
	c.markIdle()
	ends := c.leaving && c.running == 0
	c.mu.Unlock()
	if st.body != nil {
		if n := st.body.close(); n > 0 {
			c.s.stock.remove(c.from, n)
			_ = c.returnWindow(nil, n) // the connection fails by itself
		}
	}
	if tell {
		_ = c.out.control(rstStream(st.id, code)) // as above
	}
	if ends {
		c.closeIdle()
	}
}

// markIdle records that the connection is idle, if it is. mu is held.
func (c *conn) markIdle() {
	if c.running == 0 {
		c.idle.Store(c.s.now())
		c.state(http.StateIdle)
	}
}

func (c *conn) state(s http.ConnState) {
	if f := c.s.opts.State; f != nil {
		f(c.Conn, s)
	}
}

// drop ends a stream for its peer; its handler goes on until it notices. mu is held.
func (c *conn) drop(st *stream, why error) {
	if st.err != nil {
		return
	}
	st.err = why
	delete(c.streams, st.id)
	if st.body != nil {
		st.body.fail(why)
	}
	st.cancel()
	c.dequeue(st)
	st.wakeUp()
}

// whole records that the answer was sent.
func (st *stream) whole() {
	c := st.c
	c.mu.Lock()
	defer c.mu.Unlock()
	if st.said = true; st.heard {
		delete(c.streams, st.id)
	}
}

// wakeUp makes a goroutine that waits for the stream check again.
func (st *stream) wakeUp() {
	select {
	case st.wake <- struct{}{}:
	default:
	}
}

// until tells when a deadline passes, and whether it has.
func until(deadline time.Time) (left time.Duration, passed bool) {
	if deadline.IsZero() {
		return 0, false
	}
	left = time.Until(deadline)
	return left, left <= 0
}
