package connlimit

import (
	"crypto/tls"
	"net"
	"net/http"
	"sync/atomic"
)

// Conn is a connection with a slot. It gives the slot back when it is
// closed.
type Conn struct {
	*net.TCPConn
	limiter *Limiter
	busy    atomic.Bool // a request is being answered

	// Guarded by the limiter's mu.
	network      *network // nil: it has no slot any more
	before, next *Conn    // in the network's list: the one that has been idle longest is first
}

// Close gives the slot back.
func (c *Conn) Close() error {
	c.limiter.leave(c)
	return c.TCPConn.Close()
}

// Busy records whether a request is being answered. It costs one atomic store,
// since http1 calls it for each request.
func (c *Conn) Busy(busy bool) { c.busy.Store(busy) }

// TrackState is for http.Server.ConnState. The server that takes over a hijacked
// connection calls Busy itself.
func TrackState(conn net.Conn, state http.ConnState) {
	c := Find(conn)
	if c == nil {
		return
	}
	switch state {
	case http.StateActive:
		c.Busy(true)
	case http.StateIdle:
		c.Busy(false)
	}
}

// Find gives the Conn below conn; nil if there is none.
func Find(conn net.Conn) *Conn {
	for {
		switch c := conn.(type) {
		case *Conn:
			return c
		case interface{ NetConn() net.Conn }: // a TLS connection, or one with bytes read ahead
			conn = c.NetConn()
		default:
			return nil
		}
	}
}

var _ interface{ NetConn() net.Conn } = (*tls.Conn)(nil)
