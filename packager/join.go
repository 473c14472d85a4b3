package packager

import (
	"context"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// net/http sends a large body with two system calls: its buffer of 4 KiB, with
// the headers and the body's beginning, and then the rest. For a part that is
// nearly twice the work, here and in the reader, who is woken for 4 KiB. Join
// and ConnContext let the handler make one of the two on plain HTTP/1.1
// connections; on others, TLS among them, they change nothing.

// Join wraps a listener of TCP connections.
func Join(l net.Listener) net.Listener { return joining{l, new(sync.Pool)} }

// ConnContext is for http.Server.ConnContext: it lets handlers know their
// connection.
func ConnContext(ctx context.Context, c net.Conn) context.Context {
	if j, ok := c.(*joinedConn); ok {
		return context.WithValue(ctx, connKey{}, j)
	}
	return ctx
}

type connKey struct{}

// joined is the connection that r came on; nil where writes cannot be joined.
func joined(r *http.Request) *joinedConn {
	if r.ProtoMajor != 1 {
		return nil // HTTP/2 in the clear: other requests write to it as well
	}
	c, _ := r.Context().Value(connKey{}).(*joinedConn)
	return c
}

type joining struct {
	net.Listener
	joints *sync.Pool // of *joint
}

func (l joining) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if tcp, ok := c.(*net.TCPConn); ok {
		return &joinedConn{TCPConn: tcp, joints: l.joints}, err
	}
	return c, err
}

// joinedConn keeps, when told so, a small write back until the next.
type joinedConn struct {
	*net.TCPConn
	joints *sync.Pool
	joint  *joint       // nil: nothing is kept back; owned by the handler's goroutine
	armed  atomic.Int64 // the write deadline in ns since 1970; 0: none, or not known
}

// joint is where two writes become one.
type joint struct {
	head    []byte
	pair    [2][]byte
	buffers net.Buffers
}

// maxHead is what net/http's buffer holds.
const maxHead = 4 << 10

// deadlineStep is how much later than asked a write may fail: of the ten
// deadlines that a viewer's answers ask for in a second nearly all are the same then.
const deadlineStep = 2 * time.Second

// SetWriteDeadline rounds up, and sets only what has changed.
func (c *joinedConn) SetWriteDeadline(t time.Time) error {
	if t.IsZero() {
		c.armed.Store(0)
		return c.TCPConn.SetWriteDeadline(t)
	}
	t = t.Truncate(deadlineStep).Add(deadlineStep)
	if c.armed.Swap(t.UnixNano()) == t.UnixNano() {
		return nil
	}
	return c.TCPConn.SetWriteDeadline(t)
}

func (c *joinedConn) SetDeadline(t time.Time) error {
	c.armed.Store(0)
	return c.TCPConn.SetDeadline(t)
}

// hold tells that at least two writes come, or release.
func (c *joinedConn) hold() {
	if c == nil {
		return
	}
	if c.joint, _ = c.joints.Get().(*joint); c.joint == nil {
		c.joint = &joint{head: make([]byte, 0, maxHead)}
	}
}

// release sends what is kept back still.
func (c *joinedConn) release() error {
	if c == nil || c.joint == nil {
		return nil
	}
	j := c.joint
	c.joint = nil
	var err error
	if len(j.head) > 0 {
		_, err = c.TCPConn.Write(j.head)
	}
	j.head = j.head[:0]
	c.joints.Put(j)
	return err
}

func (c *joinedConn) Write(b []byte) (int, error) {
	j := c.joint
	if j == nil {
		return c.TCPConn.Write(b)
	}
	if len(j.head)+len(b) <= maxHead {
		j.head = append(j.head, b...)
		return len(b), nil
	}
	head := len(j.head)
	j.pair = [2][]byte{j.head, b}
	j.buffers = j.pair[:]
	n, err := j.buffers.WriteTo(c.TCPConn)
	j.pair, j.head = [2][]byte{}, j.head[:0]
	c.joint = nil
	c.joints.Put(j)
	return max(0, int(n)-head), err
}
