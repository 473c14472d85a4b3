// Package flight bounds how many requests are answered at the same time on
// connections that carry many: in total, and for one network, so that no network
// shuts others out. The HTTP/2 server bounds the requests on one connection.
package flight

import (
	"net/http"
	"net/netip"
	"sync"
)

// Bounds counts requests in flight.
type Bounds struct {
	most, own int
	network   func(remote string) netip.Addr

	mu sync.Mutex
	// Guarded by mu.
	all     int
	by      map[netip.Addr]int
	refused int64
}

// New makes Bounds of most requests at once, own of them for one network. The
// loopback address may have all of them, since a proxy there speaks for
// everybody.
func New(most, own int, network func(remote string) netip.Addr) *Bounds {
	return &Bounds{most: most, own: own, network: network, by: map[netip.Addr]int{}}
}

// Before gives a handler that answers 503 beyond the bounds. The answer has no
// body: HTTP/2 can send headers even to a peer that accepts no data.
func (b *Bounds) Before(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor < 2 { // HTTP/1.1 has one request at a time, and its connections are counted
			next.ServeHTTP(w, r)
			return
		}
		from := b.network(r.RemoteAddr)
		if !b.enter(from) {
			w.Header().Set("Cache-Control", "no-store")
			w.Header().Set("Retry-After", "1")
			w.Header().Set("Content-Length", "0")
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		defer b.leave(from)
		next.ServeHTTP(w, r)
	})
}

func (b *Bounds) enter(from netip.Addr) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.all >= b.most || b.by[from] >= b.own && !from.IsLoopback() {
		b.refused++
		return false
	}
	b.all++
	b.by[from]++
	return true
}

func (b *Bounds) leave(from netip.Addr) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.all--
	if b.by[from]--; b.by[from] == 0 {
		delete(b.by, from)
	}
}

// Counts tells how many requests are in flight, and how many were refused so
// far.
func (b *Bounds) Counts() (now int, refused int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.all, b.refused
}
