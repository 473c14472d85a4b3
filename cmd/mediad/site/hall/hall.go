// Package hall gives places to connections, so that nobody who takes many shuts
// others out: where all places are taken, a newcomer gets one that is held by
// the network with the most of them, an idle one if there is.
//
// In flow connections from listeners, and word of which are busy; out flow the
// same connections, and closed ones. It knows no HTTP but http.ConnState.
package hall

import (
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
)

// Hall counts who is connected over all listeners that were given to it.
type Hall struct {
	key string // of the configuration, which bounds it
	log *slog.Logger

	open   atomic.Int64
	closed atomic.Int64 // for a newcomer's sake

	mu sync.Mutex
	// Guarded by mu.
	most   int
	crowds crowds
	said   time.Time // when it was logged last that all places are taken
}

// New gives a Hall of so many places; key is what bounds them in the configuration.
func New(most int, key string, log *slog.Logger) *Hall {
	return &Hall{key: key, log: log, most: most, crowds: newCrowds()}
}

// Resize changes the number of places. Who is in stays until newcomers need
// the places.
func (h *Hall) Resize(most int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.most = most
}

// Most is the number of places.
func (h *Hall) Most() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.most
}

// Open is the number of open connections.
func (h *Hall) Open() int64 { return h.open.Load() }

// Closed is how many connections were closed for a newcomer's sake.
func (h *Hall) Closed() int64 { return h.closed.Load() }

// Listener makes l, which is of TCP, keep to the hall's places.
func (h *Hall) Listener(l net.Listener) net.Listener { return &listener{l, h} }

type listener struct {
	net.Listener
	hall *Hall
}

func (l *listener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if tcp, ok := conn.(*net.TCPConn); ok {
		return l.hall.enter(tcp), nil
	}
	return conn, err
}

// enter gives a connection a place, if need be another's.
func (h *Hall) enter(tcp *net.TCPConn) *Conn {
	c := &Conn{TCPConn: tcp, hall: h}
	h.mu.Lock()
	// There are two too many only after Resize.
	loses := [2]*Conn{}
	for i := range loses {
		if h.crowds.total < h.most {
			break
		}
		if loses[i] = h.crowds.loser(); loses[i] != nil {
			h.crowds.leave(loses[i])
		}
	}
	h.crowds.enter(c, crowdOf(tcp.RemoteAddr()))
	h.open.Store(int64(h.crowds.total))
	most, say := h.most, loses[0] != nil && h.say()
	h.mu.Unlock()
	for _, c := range loses {
		if c != nil {
			h.closed.Add(1)
			_ = c.TCPConn.Close() // whoever serves it learns of it
		}
	}
	if say {
		h.log.Warn("all HTTP connections are taken; newcomers get those of the addresses that hold the most, idle ones first", "places", most, "see", h.key)
	}
	return c
}

// say tells whether the operator is to be told, once a minute. The caller holds mu.
func (h *Hall) say() bool {
	now := time.Now()
	if now.Sub(h.said) < time.Minute {
		return false
	}
	h.said = now
	return true
}

func (h *Hall) leave(c *Conn) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.crowds.leave(c)
	h.open.Store(int64(h.crowds.total))
}

// crowdOf is what places are counted under: an IPv4 address, or the /48 of an
// IPv6 address, all of which one customer may own.
func crowdOf(a net.Addr) netip.Prefix {
	t, ok := a.(*net.TCPAddr)
	if !ok {
		return netip.Prefix{}
	}
	ip := t.AddrPort().Addr().Unmap().WithZone("")
	bits := 48
	if ip.Is4() {
		bits = 32
	}
	p, _ := ip.Prefix(bits) // fails only for bits that no address has
	return p
}
