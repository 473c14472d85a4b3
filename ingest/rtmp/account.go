package rtmp

import (
	"sync/atomic"

	"mediad/ingest"
	"mediad/ingest/rtmp/guard"
)

// account counts what happens to one publish. The reading goroutine writes,
// whoever asks for Stats reads.
type account struct {
	jumps, clamped, dropped, headers, repeats, wraps atomic.Uint64
}

func (t *account) stats(c *transport) ingest.Stats {
	g := c.Stats()
	s := ingest.Stats{
		Bytes: g.BytesIn,
		Jumps: t.jumps.Load(), Clamped: t.clamped.Load(), Dropped: t.dropped.Load(), Headers: t.headers.Load(),
		Repeats: t.repeats.Load(), Wraps: t.wraps.Load(),
		RTT: roundTrip(c.NetConn()),
	}
	for reason, n := range g.Dropped {
		if odd(reason) {
			s.Refused += n
		}
	}
	return s
}

// odd tells which of the guard's reasons say that a message made no sense; the
// others are everyday protocol.
func odd(r guard.Reason) bool {
	switch r {
	case guard.UnknownType, guard.BadData, guard.TooLongData, guard.AMF3, guard.BadAggregate, guard.Restarted:
		return true
	}
	return false
}
