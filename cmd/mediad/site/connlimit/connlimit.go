// Package connlimit bounds the open connections, so that no network can shut
// others out. Each connection has a slot. When all slots are taken, a
// newcomer replaces a connection of the network that has the most, an idle one
// if there is one.
//
// Input: connections from listeners, and notes about which are busy. Output:
// the same connections, some of them closed. The package knows no HTTP except
// http.ConnState.
package connlimit

import (
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
)

// Limiter counts the connections of all its listeners.
type Limiter struct {
	key string // key of the configuration that sets the number of slots
	log *slog.Logger

	open   atomic.Int64
	closed atomic.Int64 // connections that were closed for a newcomer

	mu sync.Mutex
	// Guarded by mu.
	max      int
	networks networks
	warned   time.Time // when the log last said that all slots are taken
}

// New makes a Limiter with a number of slots; key is the key of the configuration
// that sets it.
func New(most int, key string, log *slog.Logger) *Limiter {
	return &Limiter{key: key, log: log, max: most, networks: newNetworks()}
}

// Resize changes the number of slots. Open connections stay until newcomers
// need their slots.
func (h *Limiter) Resize(most int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.max = most
}

// Max gives the number of slots.
func (h *Limiter) Max() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.max
}

// Open gives the number of open connections.
func (h *Limiter) Open() int64 { return h.open.Load() }

// Closed tells how many connections were closed for a newcomer.
func (h *Limiter) Closed() int64 { return h.closed.Load() }

// Listener gives each connection of l, which must be a TCP listener,
// a slot.
func (h *Limiter) Listener(l net.Listener) net.Listener { return &listener{l, h} }

type listener struct {
	net.Listener
	limiter *Limiter
}

func (l *listener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if tcp, ok := conn.(*net.TCPConn); ok {
		return l.limiter.enter(tcp), nil
	}
	return conn, err
}

// enter gives a connection a slot, if necessary that of another one.
func (h *Limiter) enter(tcp *net.TCPConn) *Conn {
	c := &Conn{TCPConn: tcp, limiter: h}
	h.mu.Lock()
	// Two are too many only after Resize.
	evicted := [2]*Conn{}
	for i := range evicted {
		if h.networks.total < h.max {
			break
		}
		if evicted[i] = h.networks.victim(); evicted[i] != nil {
			h.networks.remove(evicted[i])
		}
	}
	h.networks.add(c, networkOf(tcp.RemoteAddr()))
	h.open.Store(int64(h.networks.total))
	most, say := h.max, evicted[0] != nil && h.mayWarn()
	h.mu.Unlock()
	for _, c := range evicted {
		if c != nil {
			h.closed.Add(1)
			_ = c.TCPConn.Close() // the server of the connection gets an error
		}
	}
	if say {
		h.log.Warn("all HTTP connections are in use; a new one replaces one of the address that has the most, idle ones first", "limit", most, "see", h.key)
	}
	return c
}

// mayWarn tells whether to log, which is once a minute. The caller holds mu.
func (h *Limiter) mayWarn() bool {
	now := time.Now()
	if now.Sub(h.warned) < time.Minute {
		return false
	}
	h.warned = now
	return true
}

func (h *Limiter) leave(c *Conn) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.networks.remove(c)
	h.open.Store(int64(h.networks.total))
}

// networkOf gives the network for which a slot counts: an IPv4 address, or the
// /48 of an IPv6 address, since one customer may have a whole /48.
func networkOf(a net.Addr) netip.Prefix {
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
