package http1

import (
	"syscall"
	"time"
)

// sweepEvery is the time between two checks of connections whose answer takes long.
const sweepEvery = 2 * time.Second

// sweep ends the contexts of connections whose peer left while it waited. A goroutine
// for each connection, as in net/http, would cost more than the answer, and most
// answers are sent before the next round.
func (s *Server) sweep() {
	s.members.Sweep(sweepEvery, func(c *conn) {
		n := c.asked.Load()
		if c.state.Load() == busy && n == c.seen && c.left() {
			c.cancel()
		}
		c.seen = n
	})
}

// left tells whether the peer has closed the connection and sent nothing before
// that.
func (c *conn) left() (gone bool) {
	socket, ok := c.Conn.(syscall.Conn)
	if !ok {
		return false
	}
	raw, err := socket.SyscallConn()
	if err != nil {
		return true
	}
	err = raw.Control(func(fd uintptr) {
		n, _, err := syscall.Recvfrom(int(fd), make([]byte, 1), syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
		gone = n == 0 && err == nil || err != nil && err != syscall.EAGAIN && err != syscall.EINTR
	})
	return gone || err != nil
}
