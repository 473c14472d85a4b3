package hall

import (
	"crypto/tls"
	"net"
	"net/http"
	"sync/atomic"
)

// Conn is a connection with a place. It gives the place back when it is
// closed.
type Conn struct {
	*net.TCPConn
	hall *Hall
	busy atomic.Bool // a request is being answered

	// Guarded by the hall's mu.
	crowd        *crowd // nil: it has no place any more
	before, next *Conn  // in the crowd, ordered: the one that has been idle longest is first
}

// Close gives the place back.
func (c *Conn) Close() error {
	c.hall.leave(c)
	return c.TCPConn.Close()
}

// Busy records whether a request is being answered. It costs one atomic store,
// since http1 calls it for each request.
func (c *Conn) Busy(busy bool) { c.busy.Store(busy) }

// Note is for http.Server.ConnState. The server that takes over a hijacked
// connection calls Busy itself.
func Note(conn net.Conn, state http.ConnState) {
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
