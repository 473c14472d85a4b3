package guard

import (
	"errors"
	"net"
	"net/netip"
	"sync"
	"time"
)

// Reasons why a listener closes a connection at once.
var (
	// ErrTooManyConns: MaxConns are open.
	ErrTooManyConns = errors.New("guard: too many connections")
	// ErrTooManyFromAddr: MaxConnsPerAddr are open from that address.
	ErrTooManyFromAddr = errors.New("guard: too many connections from this address")
)

// ListenerOptions is for NewListener. Numbers may be negative, which means no
// limit.
type ListenerOptions struct {
	// Limits is for every accepted connection.
	Limits Limits
	// MaxConns is the number of open connections; default 1024.
	MaxConns int
	// MaxConnsPerAddr is the number of open connections from one IPv4 address
	// or IPv6 /64 network; default 64. Behind a proxy all peers are one.
	// Connections without an IP address are not counted.
	MaxConnsPerAddr int
	// OnRefuse, if set, is told of each connection that is closed at once. It
	// runs on the accepting goroutine.
	OnRefuse func(remote net.Addr, reason error)
	// OnAcceptError, if set, is told of each failed accept and how long the
	// listener will wait before the next. It runs on the accepting goroutine.
	OnAcceptError func(err error, wait time.Duration)
}

// NewListener wraps ln. Accept returns a *Conn for each connection within the
// limits and closes the others. For RTMPS let ln be a tls.NewListener: TLS
// handshakes then run under the guard's handshake timeout.
//
// Accept fails only when the listener is closed; other errors, such as too
// many open files, are waited out. A caller that goes on accepting after that
// — go-rtmp does, unless its Server was closed first — is slowed down instead
// of spinning.
func NewListener(ln net.Listener, o ListenerOptions) net.Listener {
	if o.MaxConns == 0 {
		o.MaxConns = 1024
	}
	if o.MaxConnsPerAddr == 0 {
		o.MaxConnsPerAddr = 64
	}
	return &listener{ln: ln, o: o, done: make(chan struct{}), byAddr: make(map[netip.Prefix]int)}
}

type listener struct {
	ln   net.Listener
	o    ListenerOptions
	once sync.Once
	done chan struct{} // closed by Close

	mu     sync.Mutex // guards what follows
	total  int
	byAddr map[netip.Prefix]int
	ended  bool // Accept has said so once
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
		release, err := l.enter(conn.RemoteAddr())
		if err != nil {
			_ = conn.Close() // refused: nothing to be learned from it
			if l.o.OnRefuse != nil {
				l.o.OnRefuse(conn.RemoteAddr(), err)
			}
			continue
		}
		c := New(conn, l.o.Limits)
		c.release = release
		return c, nil
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

// enter counts a connection in, and returns what counts it out.
func (l *listener) enter(remote net.Addr) (release func(), err error) {
	from, counted := network(remote)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.o.MaxConns >= 0 && l.total >= l.o.MaxConns {
		return nil, ErrTooManyConns
	}
	if counted && l.o.MaxConnsPerAddr >= 0 && l.byAddr[from] >= l.o.MaxConnsPerAddr {
		return nil, ErrTooManyFromAddr
	}
	l.total++
	if counted {
		l.byAddr[from]++
	}
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.total--
		if !counted {
			return
		}
		if l.byAddr[from]--; l.byAddr[from] == 0 {
			delete(l.byAddr, from)
		}
	}, nil
}

// network is what an address is counted under: a host with IPv6 owns a /64.
func network(a net.Addr) (netip.Prefix, bool) {
	t, ok := a.(*net.TCPAddr)
	if !ok {
		return netip.Prefix{}, false
	}
	ip := t.AddrPort().Addr().Unmap().WithZone("")
	bits := 64
	if ip.Is4() {
		bits = 32
	}
	p, err := ip.Prefix(bits)
	return p, err == nil
}
