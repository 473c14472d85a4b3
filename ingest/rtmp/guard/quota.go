package guard

import (
	"net"
	"net/netip"
	"sync"
)

// Quota counts open connections, in total and per network. Listeners that
// share one share its limits, as a plain and a TLS port of one server should.
type Quota struct {
	maxConns, maxPerAddr int // read only; negative: no limit

	mu     sync.Mutex // guards what follows
	total  int
	byAddr map[netip.Prefix]int
}

// NewQuota returns a Quota. The numbers mean what those of ListenerOptions
// mean, 0 and negative ones included.
func NewQuota(maxConns, maxPerAddr int) *Quota {
	if maxConns == 0 {
		maxConns = 1024
	}
	if maxPerAddr == 0 {
		maxPerAddr = 64
	}
	return &Quota{maxConns: maxConns, maxPerAddr: maxPerAddr, byAddr: make(map[netip.Prefix]int)}
}

// Open is the number of open connections.
func (q *Quota) Open() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.total
}

// enter counts a connection in, and returns what counts it out.
func (q *Quota) enter(remote net.Addr) (release func(), err error) {
	from, counted := Network(remote)
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.maxConns >= 0 && q.total >= q.maxConns {
		return nil, ErrTooManyConns
	}
	if counted && q.maxPerAddr >= 0 && q.byAddr[from] >= q.maxPerAddr {
		return nil, ErrTooManyFromAddr
	}
	q.total++
	if counted {
		q.byAddr[from]++
	}
	return func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		q.total--
		if !counted {
			return
		}
		if q.byAddr[from]--; q.byAddr[from] == 0 {
			delete(q.byAddr, from)
		}
	}, nil
}

// Network is what an address is counted under: an IPv4 address by itself, and
// the /64 of an IPv6 address, all of which one host may own. There is none for
// an address that is not of TCP.
func Network(a net.Addr) (netip.Prefix, bool) {
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
