package http2

import (
	"net"
	"sync"
)

// Below makes a listener whose connections can gather several TLS records for
// one system call. It goes below TLS.
func (s *Server) Below(l net.Listener) net.Listener { return &corked{l, s} }

type corked struct {
	net.Listener
	s *Server
}

func (l *corked) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &cork{Conn: c, s: l.s}, nil
}

// cork is such a connection. The number of buffers is bounded for all connections
// together. A peer that reads nothing holds one for as long as one write may
// take. Connections without a buffer write record by record.
type cork struct {
	net.Conn
	s *Server

	mu sync.Mutex
	// Guarded by mu.
	gathers bool
	held    []byte
	err     error
}

// NetConn gives the connection below.
func (c *cork) NetConn() net.Conn { return c.Conn }

// CloseWrite lets net/http end an answer before it closes the connection.
func (c *cork) CloseWrite() error {
	if w, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return w.CloseWrite()
	}
	return nil
}

// gather keeps the bytes that are written from now on, if there is a buffer.
func (c *cork) gather() {
	b := c.s.corks.take()
	if b == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.gathers, c.held = true, b
}

func (c *cork) Write(b []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.gathers {
		return c.Conn.Write(b)
	}
	if len(c.held)+len(b) > cap(c.held) {
		if c.flush(); c.err != nil {
			return 0, c.err
		}
	}
	if len(b) > cap(c.held) {
		return c.Conn.Write(b)
	}
	c.held = append(c.held, b...)
	return len(b), nil
}

// flush is called with mu held.
func (c *cork) flush() {
	if c.err == nil && len(c.held) > 0 {
		_, c.err = c.Conn.Write(c.held)
	}
	c.held = c.held[:0]
}

// release writes the kept bytes, and returns the buffer.
func (c *cork) release() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.gathers {
		return nil
	}
	c.flush()
	c.s.corks.put(c.held)
	c.gathers, c.held = false, nil
	return c.err
}

// buffers is a bounded pool. The buffer that was used last is taken next, since
// it is in the processor's cache.
type buffers struct {
	mu sync.Mutex
	// Guarded by mu.
	free [][]byte
	left int // how many may still be made
}

// take gives an empty buffer; nil: there is none.
func (b *buffers) take() []byte {
	b.mu.Lock()
	defer b.mu.Unlock()
	if n := len(b.free); n > 0 {
		one := b.free[n-1]
		b.free = b.free[:n-1]
		return one[:0]
	}
	if b.left == 0 {
		return nil
	}
	b.left--
	return make([]byte, 0, corkSize)
}

func (b *buffers) put(one []byte) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.free = append(b.free, one)
}
