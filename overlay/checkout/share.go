package checkout

import (
	"hash/maphash"
	"net/netip"
	"sync"
	"time"

	"mediad/overlay"
)

// How many open checkouts one buyer and one network may have. Many buyers share a network,
// and behind a proxy all have its address.
const (
	buyerHolds   = 5
	networkHolds = 2000
	maxShares    = 100_000 // buyers and networks that are known; beyond it all are forgotten
)

// Buyer is what a request without a cookie tells of who asks. Mark tells buyers apart that
// share an address; it proves nothing.
type Buyer struct {
	Address netip.Addr
	Mark    string
}

// share bounds the open checkouts of one buyer, in memory: anybody may ask. Counts end
// with the time of the holds. The zero value is ready.
type share struct {
	mu    sync.Mutex
	seed  maphash.Seed   // guarded by mu; made with open
	open  map[uint64]int // guarded by mu; since began
	past  map[uint64]int // guarded by mu; of the time before
	began time.Time      // guarded by mu
}

func (s *share) keys(b Buyer) (buyer, network uint64) {
	b.Address = overlay.Network(b.Address)
	return maphash.Comparable(s.seed, b), maphash.Comparable(s.seed, b.Address)
}

// take counts a checkout, if the buyer may have another one.
func (s *share) take(b Buyer, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if age := now.Sub(s.began); s.open == nil || age >= overlay.HoldTime || age < 0 || len(s.open) >= maxShares {
		if s.past = s.open; s.open == nil {
			s.seed = maphash.MakeSeed()
		}
		s.open, s.began = map[uint64]int{}, now
	}
	buyer, network := s.keys(b)
	if s.open[buyer]+s.past[buyer] >= buyerHolds || s.open[network]+s.past[network] >= networkHolds {
		return false
	}
	s.open[buyer]++
	s.open[network]++
	return true
}

// giveBack takes a checkout out of the count that was not opened.
func (s *share) giveBack(b Buyer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	buyer, network := s.keys(b)
	for _, key := range []uint64{buyer, network} {
		if s.open[key] > 0 {
			s.open[key]--
		}
	}
}
