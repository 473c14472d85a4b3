// Package hall bounds the open connections, in a way that no network can shut
// others out. Each connection has a place. When all places are taken, a
// newcomer replaces a connection of the network that has the most, an idle one
// if there is one.
//
// Input: connections from listeners, and notes about which are busy. Output:
// the same connections, some of them closed. The package knows no HTTP except
// http.ConnState.
package hall

import (
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
)

// Hall counts the connections of all its listeners.
type Hall struct {
	key string // key of the configuration that sets the number of places
	log *slog.Logger

	open   atomic.Int64
	closed atomic.Int64 // connections that were closed for a newcomer

	mu sync.Mutex
	// Guarded by mu.
	most   int
	crowds crowds
	said   time.Time // when the log last said that all places are taken
}

// New makes a Hall with a number of places; key is the key of the configuration
// that sets it.
func New(most int, key string, log *slog.Logger) *Hall {
	return &Hall{key: key, log: log, most: most, crowds: newCrowds()}
}

// Resize changes the number of places. Open connections stay until newcomers
// need their places.
func (h *Hall) Resize(most int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.most = most
}

// Most gives the number of places.
func (h *Hall) Most() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.most
}

// Open gives the number of open connections.
func (h *Hall) Open() int64 { return h.open.Load() }

// Closed tells how many connections were closed for a newcomer.
func (h *Hall) Closed() int64 { return h.closed.Load() }

// Listener gives each connection of l, which must be a TCP listener, a place
// in the hall.
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

// enter gives a connection a place, if necessary that of another one.
func (h *Hall) enter(tcp *net.TCPConn) *Conn {
	c := &Conn{TCPConn: tcp, hall: h}
	h.mu.Lock()
	// Two are too many only after Resize.
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
			_ = c.TCPConn.Close() // the server of the connection gets an error
		}
	}
	if say {
		h.log.Warn("all HTTP connections are in use; a new one replaces one of the address that has the most, idle ones first", "places", most, "see", h.key)
	}
	return c
}

// say tells whether to log, which is once a minute. The caller holds mu.
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

// crowdOf gives the network for which a place counts: an IPv4 address, or the
// /48 of an IPv6 address, since one customer may have a whole /48.
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
