package http2

import (
	"net/netip"
	"sync"
)

// How many unread bytes of bodies are kept in memory, for all requests together and
// for those of one network. There can be many connections, and each may send a whole
// window.
const (
	stockMost = 32 << 20
	stockOwn  = stockMost / 8
)

// stock counts the bytes of bodies that are in memory.
type stock struct {
	mu sync.Mutex
	// Guarded by mu.
	all int64
	by  map[netip.Addr]int64
}

// add counts n bytes more; false: they are too many.
func (s *stock) add(from netip.Addr, n int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all+n > stockMost || s.by[from]+n > stockOwn && !from.IsLoopback() {
		return false
	}
	if s.by == nil {
		s.by = map[netip.Addr]int64{}
	}
	s.all += n
	s.by[from] += n
	return true
}

// remove counts n bytes less.
func (s *stock) remove(from netip.Addr, n int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all -= n
	if s.by[from] -= n; s.by[from] == 0 {
		delete(s.by, from)
	}
}
