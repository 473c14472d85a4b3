package http2

import (
	"encoding/binary"
	"time"
)

// round is the time between two checks of connections, askAfter is after what
// silence a ping is sent, and askWait is how long its answer may take.
const (
	sweepEvery = 2 * time.Second
	askAfter   = 15 * time.Second
	askWait    = 15 * time.Second
)

// sweep ends connections whose peers have vanished, those that send a frame too
// slowly, and those that have been idle too long.
func (s *Server) sweep() {
	s.members.Sweep(sweepEvery, func(c *conn) { c.visit(s.now()) })
}

func (c *conn) visit(at int64) {
	silent := time.Duration(at - c.heard.Load())
	idle, asked := c.idle.Load(), c.pinged.Load()
	switch {
	case idle != 0 && time.Duration(at-idle) > c.s.opts.Idle:
		go c.stopAccepting() // it may wait for the socket
	case asked == 0 && silent > askAfter:
		c.pinged.Store(at)
		go c.ping(at)
	case asked != 0 && time.Duration(at-asked) > askWait && silent > askWait:
		c.cut()
	case asked != 0 && silent < askWait:
		c.pinged.Store(0) // the peer is alive
	}
}

func (c *conn) ping(at int64) {
	var data [8]byte
	binary.BigEndian.PutUint64(data[:], uint64(at))
	_ = c.out.control(ping(data)) // the connection fails by itself
}
