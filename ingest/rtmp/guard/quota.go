package guard

import (
	"container/list"
	"net"
	"net/netip"
	"sync"
)

// Quota counts open connections, in total and per network. Listeners that
// share one share its limits, as a plain and a TLS port of one server should.
//
// Connections that do not publish must not keep publishers out. Where all slots
// are taken, a newcomer gets the slot of a stranger: a connection for which
// AllowMedia has not been called.
type Quota struct {
	mu sync.Mutex // guards what follows

	maxConns, maxPerAddr int // negative: no limit

	total       int
	byAddr      map[netip.Prefix]int
	strangers   list.List // of *slot, oldest first
	strangersOf map[netip.Prefix]int
}

// slot is what a connection takes of a Quota, whose mu guards what can change.
type slot struct {
	quota    *Quota
	conn     net.Conn
	from     netip.Prefix // invalid: not counted per network
	customer netip.Prefix
	stranger *list.Element // in the Quota's list; nil: it publishes, or is gone
	gone     bool
}

// NewQuota returns a Quota. The numbers mean what those of ListenerOptions
// mean, 0 and negative ones included.
func NewQuota(maxConns, maxPerAddr int) *Quota {
	q := &Quota{byAddr: make(map[netip.Prefix]int), strangersOf: make(map[netip.Prefix]int)}
	q.Resize(maxConns, maxPerAddr)
	return q
}

// Resize changes the numbers for newcomers. Open connections stay.
func (q *Quota) Resize(maxConns, maxPerAddr int) {
	if maxConns == 0 {
		maxConns = 1024
	}
	if maxPerAddr == 0 {
		maxPerAddr = 64
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.maxConns, q.maxPerAddr = maxConns, maxPerAddr
}

// Open is the number of open connections.
func (q *Quota) Open() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.total
}

// enter counts a connection. Where another one loses its slot to it, enter no
// longer counts that one, and the caller closes it.
func (q *Quota) enter(conn net.Conn) (p *slot, evicted net.Conn, err error) {
	p = &slot{quota: q, conn: conn}
	from, _ := Network(conn.RemoteAddr())
	if !isLoopback(conn.RemoteAddr()) {
		p.from = from
	}
	p.customer = customerOf(from)
	q.mu.Lock()
	defer q.mu.Unlock()
	if p.from.IsValid() && q.maxPerAddr >= 0 && q.byAddr[p.from] >= q.maxPerAddr {
		return nil, nil, ErrTooManyFromAddr
	}
	if q.maxConns >= 0 && q.total >= q.maxConns {
		oldest := q.victim()
		if oldest == nil {
			return nil, nil, ErrTooManyConns
		}
		oldest.releaseLocked()
		evicted = oldest.conn
	}
	q.total++
	if p.from.IsValid() {
		q.byAddr[p.from]++
	}
	p.stranger = q.strangers.PushBack(p)
	q.strangersOf[p.customer]++
	return p, evicted, nil
}

// victim is the oldest stranger of the network that has the most of them, or nil
// where there is none. So a flood from a few networks does not push out a publisher
// that is about to send its key. The caller holds mu.
func (q *Quota) victim() (oldest *slot) {
	most := 0
	for e := q.strangers.Front(); e != nil; e = e.Next() {
		if p := e.Value.(*slot); q.strangersOf[p.customer] > most {
			oldest, most = p, q.strangersOf[p.customer]
		}
	}
	return oldest
}

// markPublisher says that the connection publishes: nobody can take its slot.
func (p *slot) markPublisher() {
	p.quota.mu.Lock()
	defer p.quota.mu.Unlock()
	p.removeStranger()
}

// release gives the slot back.
func (p *slot) release() {
	p.quota.mu.Lock()
	defer p.quota.mu.Unlock()
	p.releaseLocked()
}

// releaseLocked is release where mu is held.
func (p *slot) releaseLocked() {
	if p.gone {
		return
	}
	p.gone = true
	p.removeStranger()
	p.quota.total--
	if p.from.IsValid() {
		decrement(p.quota.byAddr, p.from)
	}
}

// removeStranger removes a slot from the list of strangers. The caller holds mu.
func (p *slot) removeStranger() {
	if p.stranger == nil {
		return
	}
	p.quota.strangers.Remove(p.stranger)
	p.stranger = nil
	decrement(p.quota.strangersOf, p.customer)
}

func decrement(counts map[netip.Prefix]int, of netip.Prefix) {
	if counts[of]--; counts[of] == 0 {
		delete(counts, of)
	}
}

// Network is the network that an address counts for: an IPv4 address itself, or
// the /64 of an IPv6 address, because one host may own all of it. Addresses that
// are not of TCP have none.
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

// isLoopback tells whether a peer is on the same machine. Only the two usual addresses
// of the loopback count: a peer has another one only if it chooses so.
func isLoopback(a net.Addr) bool {
	t, ok := a.(*net.TCPAddr)
	if !ok {
		return false
	}
	ip := t.AddrPort().Addr().Unmap()
	return ip == netip.AddrFrom4([4]byte{127, 0, 0, 1}) || ip == netip.IPv6Loopback()
}

// customerOf is the network that a stranger counts for: of IPv6 the /48, because one
// customer may own all of it.
func customerOf(n netip.Prefix) netip.Prefix {
	if n.Addr().Is6() {
		n, _ = n.Addr().Prefix(48)
	}
	return n
}
