package packager

import (
	"context"
	"io"
	"net"
	"net/http"
	"sync"
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
	joint  *joint // nil: nothing is kept back; owned by the handler's goroutine

	mu sync.Mutex // crypto/tls answers some records while a handler sets deadlines
	// Guarded by mu.
	armed  int64 // the socket's write deadline in ns since started; 0: none, or not known
	lifted bool  // no deadline is asked for, and that one holds no longer
}

// joint is where two writes become one.
type joint struct {
	head    []byte
	pair    [2][]byte
	buffers net.Buffers
}

// maxHead is what net/http's buffer holds.
const maxHead = 4 << 10

// deadlineSlack is how much later than asked a write may fail. A viewer's answers
// ask for ten deadlines a second, each a little later than the one before, or, if
// its part is smaller, a little earlier: nearly all of them are kept by one.
const deadlineSlack = 4 * time.Second

// started is what deadlines are counted from: the clock on the wall may be set
// back, and a deadline that is over would be taken for one to come.
var started = time.Now()

// SetWriteDeadline leaves a deadline that is not too early and not much too
// late. That there be none, as net/http asks after each answer, is for the next
// write to see to: most have one again before.
func (c *joinedConn) SetWriteDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lifted = t.IsZero()
	if t.IsZero() {
		return nil
	}
	asked := int64(t.Sub(started))
	if c.armed != 0 && c.armed >= asked && c.armed-asked <= int64(deadlineSlack) {
		return nil
	}
	c.armed = asked + int64(deadlineSlack)
	return c.TCPConn.SetWriteDeadline(t.Add(deadlineSlack))
}

func (c *joinedConn) SetDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.armed, c.lifted = 0, false
	return c.TCPConn.SetDeadline(t)
}

// lift takes away the deadline if none is asked for.
func (c *joinedConn) lift() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.lifted && c.armed != 0 {
		c.armed = 0
		return c.TCPConn.SetWriteDeadline(time.Time{})
	}
	return nil
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
		_, err = c.Write(j.head)
	}
	j.head = j.head[:0]
	c.joints.Put(j)
	return err
}

func (c *joinedConn) Write(b []byte) (int, error) {
	j := c.joint
	if j != nil && len(j.head)+len(b) <= maxHead {
		j.head = append(j.head, b...)
		return len(b), nil
	}
	if err := c.lift(); err != nil {
		return 0, err
	}
	if j == nil {
		return c.TCPConn.Write(b)
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

// ReadFrom goes through Write; TCPConn's own would go past it.
func (c *joinedConn) ReadFrom(r io.Reader) (int64, error) {
	return io.Copy(struct{ io.Writer }{c}, r)
}
