package guard

import (
	"crypto/tls"
	"errors"
	"net"
	"sync"
	"time"
)

// Reasons why a listener closes a connection.
var (
	// ErrTooManyConns: MaxConns are open. The closed connection is a stranger's,
	// which makes room for a newcomer; or the newcomer's, where all others publish.
	ErrTooManyConns = errors.New("guard: too many connections")
	// ErrTooManyFromAddr: MaxConnsPerAddr are open from that address.
	ErrTooManyFromAddr = errors.New("guard: too many connections from this address")
)

// ListenerOptions is for NewListener. Numbers may be negative, which means no
// limit.
type ListenerOptions struct {
	// Limits is for every accepted connection.
	Limits Limits
	// MaxConns is the number of open connections; default 1024. Above it, each
	// newcomer closes the connection of a stranger, for which AllowMedia has not
	// been called: the oldest one from the network (an IPv4 address or IPv6 /48)
	// that has the most strangers.
	MaxConns int
	// MaxConnsPerAddr is the number of open connections from one IPv4 address
	// or IPv6 /64 network; default 64. All peers behind a proxy share an address.
	// Connections from 127.0.0.1 and ::1, and those without an IP address, are
	// not counted.
	MaxConnsPerAddr int
	// Quota, if set, replaces the two numbers above. Listeners with the same Quota
	// are counted together.
	Quota *Quota
	// Admit, if set, is asked about each connection before it is counted; with
	// an error it is closed at once. It runs on the accepting goroutine.
	Admit func(remote net.Addr) error
	// OnRefuse, if set, is told of each connection that is closed at once, or to
	// make room for a newcomer. It runs on the accepting goroutine.
	OnRefuse func(remote net.Addr, reason error)
	// OnAcceptError, if set, is told of each failed accept and how long the
	// listener will wait before the next. It runs on the accepting goroutine.
	OnAcceptError func(err error, wait time.Duration)
}

// NewListener wraps ln. Accept returns a *Conn for each connection within the
// limits and closes the others. For RTMPS let ln be a tls.NewListener: TLS
// handshakes then run under the guard's handshake timeout.
//
// Accept fails only when the listener is closed; after other errors, such as too
// many open files, it waits and tries again. A caller that goes on accepting on a
// closed listener is slowed down, so that it does not spin: go-rtmp does that,
// unless its Server was closed first.
func NewListener(ln net.Listener, o ListenerOptions) net.Listener {
	if o.Quota == nil {
		o.Quota = NewQuota(o.MaxConns, o.MaxConnsPerAddr)
	}
	return &listener{ln: ln, o: o, done: make(chan struct{})}
}

type listener struct {
	ln   net.Listener
	o    ListenerOptions
	once sync.Once
	done chan struct{} // closed by Close

	mu    sync.Mutex // guards what follows
	ended bool       // Accept has said so once
}

func (l *listener) Addr() net.Addr { return l.ln.Addr() }

// Close closes the listener; accepted connections stay open.
func (l *listener) Close() error {
	l.once.Do(func() { close(l.done) })
	return l.ln.Close()
}

func (l *listener) Accept() (net.Conn, error) {
	const first, longest = 5 * time.Millisecond, time.Second
	wait := first
	for {
		conn, err := l.ln.Accept()
		if err != nil {
			if l.closed(err) {
				if l.again() {
					time.Sleep(longest)
				}
				return nil, net.ErrClosed
			}
			if l.o.OnAcceptError != nil {
				l.o.OnAcceptError(err, wait)
			}
			l.sleep(wait)
			wait = min(2*wait, longest)
			continue
		}
		wait = first
		p, err := l.enter(conn)
		if err != nil {
			l.refuse(conn, err)
			continue
		}
		c := New(conn, l.o.Limits)
		c.slot = p
		return c, nil
	}
}

// refuse closes a connection at once.
func (l *listener) refuse(conn net.Conn, reason error) {
	// Closing a TLS connection first sends an alert, and would wait for a peer
	// that does not read.
	if t, ok := conn.(*tls.Conn); ok {
		_ = t.NetConn().Close()
	}
	_ = conn.Close() // refused: its error tells nothing
	if l.o.OnRefuse != nil {
		l.o.OnRefuse(conn.RemoteAddr(), reason)
	}
}

func (l *listener) closed(err error) bool {
	select {
	case <-l.done:
		return true
	default:
		return errors.Is(err, net.ErrClosed)
	}
}

// again tells whether it has been called before.
func (l *listener) again() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	was := l.ended
	l.ended = true
	return was
}

func (l *listener) sleep(d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-l.done:
	}
}

// enter finds a slot for a connection. Where all are taken, it takes a stranger's.
func (l *listener) enter(conn net.Conn) (*slot, error) {
	if l.o.Admit != nil {
		if err := l.o.Admit(conn.RemoteAddr()); err != nil {
			return nil, err
		}
	}
	p, evicted, err := l.o.Quota.enter(conn)
	if evicted != nil {
		l.refuse(evicted, ErrTooManyConns)
	}
	return p, err
}
