package http1

import (
	"bytes"
	"context"
	"errors"
	"net"
	"net/http"
	"runtime/debug"
	"sync/atomic"
	"time"
)

// conn is a connection that was taken over. It belongs to one goroutine; only a
// drain touches it from outside.
type conn struct {
	net.Conn
	s      *Server
	head   head
	answer answer
	tell   func(busy bool) // reports to the limiter (connlimit), which counts the connection

	// Deadlines of the socket, counted from started; 0: none.
	writeBy, readBy time.Duration
	begun           bool // a head has begun to arrive, and has a deadline of its own

	state  atomic.Int32
	asked  atomic.Uint32 // requests so far
	seen   uint32        // the value of asked at the last sweep; owned by sweep
	cancel context.CancelFunc
	visits int // how often it was given back after few requests

	have int // bytes in buf
	buf  [headSize]byte
}

// headSize is the longest head in bytes, the same as net/http's buffer.
const headSize = 4 << 10

// States of a connection.
const (
	busy int32 = iota
	idle       // waits for a request, or the rest of one
	over       // was closed while idle
)

// headTimeout is how long the rest of a head may take. idleSlack is how much too
// late an idle connection may be closed, since its deadline is not set for each
// request.
const (
	headTimeout = 10 * time.Second
	idleSlack   = 10 * time.Second
)

// A connection that was taken over and given back so often, with so few requests
// each time, comes from a proxy that asks for pages and media. The change costs
// more than it saves.
const (
	maxVisits   = 3
	fewRequests = 8
)

func newConn(s *Server, from net.Conn) *conn {
	c := &conn{Conn: from, s: s}
	if r, ok := from.(*rest); ok {
		c.visits = r.visits
		if len(r.ahead) == 0 { // net/http has read it
			c.Conn = r.Conn
		}
	}
	c.tell = teller(from)
	ctx, cancel := context.WithCancel(context.Background())
	c.cancel = cancel
	c.head.takes = s.opts.Takes
	c.head.blank = *new(http.Request).WithContext(ctx)
	c.head.blank.RemoteAddr = from.RemoteAddr().String()
	c.answer.c, c.answer.header = c, http.Header{}
	return c
}

// teller gives the method Busy of a connection, if it has one.
func teller(c net.Conn) func(bool) {
	if r, ok := c.(*rest); ok {
		c = r.Conn
	}
	if b, ok := c.(interface{ Busy(bool) }); ok {
		return b.Busy
	}
	return func(bool) {}
}

// serve answers r and the requests after it.
func (c *conn) serve(r *http.Request) {
	kept := false
	defer func() {
		if p := recover(); p != nil && p != http.ErrAbortHandler {
			c.s.opts.Log.Error("an answer was given up", "peer", r.RemoteAddr, "path", r.URL.Path, "panic", p, "stack", string(debug.Stack()))
		}
		c.cancel()
		if !kept {
			c.Conn.Close()
		}
		c.s.members.Leave(c)
	}()
	for r != nil {
		c.asked.Add(1)
		c.answer.begin(r)
		c.s.opts.Handler.ServeHTTP(&c.answer, r)
		if !c.answer.finish() {
			return
		}
		r, kept = c.next()
	}
}

// next waits for a request. If there is none, the connection has ended, or, if
// kept, goes back to net/http.
func (c *conn) next() (r *http.Request, kept bool) {
	for {
		if c.have > 0 {
			r, n, v := c.head.read(c.buf[:c.have])
			switch {
			case v == ours:
				c.begun = false
				c.have = copy(c.buf[:], c.buf[n:c.have])
				return r, false
			case bytes.HasPrefix(c.buf[:c.have], prefaceOfHTTP2):
				return nil, false // net/http accepts this only at the beginning
			case v == theirs || c.have == len(c.buf):
				return nil, c.giveBack()
			}
		}
		if !c.read() {
			return nil, false
		}
	}
}

var prefaceOfHTTP2 = []byte("PRI ")

// read reads the bytes that have arrived; false: there will be no more.
func (c *conn) read() bool {
	if !c.bound() {
		return false
	}
	if c.state.Store(idle); c.s.members.Draining() {
		return false
	}
	c.tell(false)
	n, err := c.Conn.Read(c.buf[c.have:])
	c.tell(true)
	c.have += n
	return c.state.CompareAndSwap(idle, busy) && err == nil
}

// bound sets a deadline, so that a read ends.
func (c *conn) bound() bool {
	if c.have > 0 {
		if c.begun {
			return true
		}
		c.begun, c.readBy = true, 0
		return c.Conn.SetReadDeadline(time.Now().Add(headTimeout)) == nil
	}
	by := time.Since(started) + c.s.opts.Idle
	if by <= c.readBy {
		return true
	}
	c.readBy = by + idleSlack
	return c.Conn.SetReadDeadline(started.Add(c.readBy)) == nil
}

// giveBack gives the connection, with the bytes that were read ahead, to
// net/http.
func (c *conn) giveBack() bool {
	if c.Conn.SetDeadline(time.Time{}) != nil {
		return false
	}
	c.tell(false) // until net/http has read a request
	if c.asked.Load() < fewRequests {
		c.visits++
	} else {
		c.visits = 0
	}
	select {
	case c.s.back <- &rest{Conn: c.Conn, ahead: bytes.Clone(c.buf[:c.have]), visits: c.visits}:
		return true
	case <-c.s.members.done:
		return false
	}
}

// hangUp closes the connection if it waits for a request.
func (c *conn) hangUp() {
	if c.state.CompareAndSwap(idle, over) {
		c.Conn.Close()
	}
}

// cut closes the connection in any state. It cancels the handler after that. In
// the other order the handler could still answer as if nothing had happened.
func (c *conn) cut() {
	c.Conn.Close()
	c.cancel()
}

// rest is a connection with bytes that were read ahead.
type rest struct {
	net.Conn
	ahead  []byte
	visits int
}

func (r *rest) Read(b []byte) (int, error) {
	if len(r.ahead) == 0 {
		return r.Conn.Read(b)
	}
	n := copy(b, r.ahead)
	r.ahead = r.ahead[n:]
	return n, nil
}

// NetConn gives the connection below.
func (r *rest) NetConn() net.Conn { return r.Conn }

// CloseWrite lets net/http end an answer before it closes the connection.
func (r *rest) CloseWrite() error {
	c, ok := r.Conn.(interface{ CloseWrite() error })
	if !ok {
		return errors.ErrUnsupported
	}
	return c.CloseWrite()
}
