package rtmp

import (
	"sync"

	"mediad/ingest"
	"mediad/ingest/rtmp/guard"
)

// account counts what happens to one publish. The goroutine that reads the
// connection counts; any goroutine may ask for Stats.
type account struct {
	mu sync.Mutex
	n  ingest.Stats // guarded by mu; what is counted here
}

// count changes the counts, and gives the new ones.
func (t *account) count(change func(*ingest.Stats)) ingest.Stats {
	t.mu.Lock()
	defer t.mu.Unlock()
	change(&t.n)
	return t.n
}

func (t *account) counted() ingest.Stats {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.n
}

// stats gives the counts, and what the connection knows.
func (t *account) stats(c *transport) ingest.Stats {
	g, s := c.Stats(), t.counted()
	s.Bytes, s.RTT = g.BytesIn, roundTrip(c.NetConn())
	for reason, n := range g.Dropped {
		if odd(reason) {
			s.Refused += n
		}
	}
	return s
}

// odd tells whether one of the guard's reasons says that a message made no sense.
// The other reasons belong to the everyday protocol.
func odd(r guard.Reason) bool {
	switch r {
	case guard.UnknownType, guard.BadData, guard.TooLongData, guard.AMF3, guard.BadAggregate, guard.Restarted:
		return true
	}
	return false
}
