package rtmp

import (
	"net"
	"sync"

	"mediad/ingest/rtmp/guard"
)

// listener accepts guarded connections for go-rtmp and keeps a list of them, because
// go-rtmp's own Close does not close those that are open.
type listener struct {
	net.Listener // of package guard

	// admit makes a session of a connection. Read only.
	admit func(c *guard.Conn) *transport
	// left is told of each connection that go-rtmp has let go of. Read only.
	left func(t *transport)
	// failed is called when accepting is over. Read only.
	failed func()

	open sync.WaitGroup

	mu    sync.Mutex // guards what follows
	conns map[*transport]struct{}
	ended bool
}

// Accept returns a *transport.
func (l *listener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		// The guard waits after errors that can pass, so this one is final.
		// go-rtmp would try again for ever unless its server is closed.
		l.failed()
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended {
		_ = c.Close() // came in the moment of the shutdown
		return nil, net.ErrClosed
	}
	t := l.admit(c.(*guard.Conn))
	t.released = func() { l.release(t) }
	l.conns[t] = struct{}{}
	l.open.Add(1)
	return t, nil
}

func (l *listener) release(t *transport) {
	l.left(t)
	l.mu.Lock()
	delete(l.conns, t)
	l.mu.Unlock()
	l.open.Done()
}

// shutdown stops accepting and ends all connections.
func (l *listener) shutdown(reason error) {
	_ = l.Close() // nothing is lost with a listener
	l.mu.Lock()
	l.ended = true
	conns := make([]*transport, 0, len(l.conns))
	for t := range l.conns {
		conns = append(conns, t)
	}
	l.mu.Unlock()
	for _, t := range conns {
		t.abort(reason)
	}
}

// wait returns when go-rtmp has let go of every connection. No Accept may
// follow.
func (l *listener) wait() { l.open.Wait() }
