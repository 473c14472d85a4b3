package rtmp

import (
	"errors"
	"maps"
	"sync"

	"mediad/ingest/rtmp/guard"
)

// Refusal says why a peer was refused or disconnected. It is a metric's label.
type Refusal string

// The refusals.
const (
	refusedTotal   Refusal = "too_many_connections"
	refusedAddress Refusal = "too_many_from_address"
	refusedBanned  Refusal = "banned"
	refusedApp     Refusal = "unknown_application"
	refusedKey     Refusal = "wrong_key"
	refusedPublish Refusal = "rejected" // by the Publisher
	refusedCodec   Refusal = "unsupported_codec"
	refusedBitrate Refusal = "bitrate"
)

// refusalOf names a listener's reason to refuse.
func refusalOf(reason error) Refusal {
	switch {
	case errors.Is(reason, guard.ErrTooManyConns):
		return refusedTotal
	case errors.Is(reason, guard.ErrTooManyFromAddr):
		return refusedAddress
	}
	return refusedBanned
}

// Stats is a snapshot of what a Server has seen.
type Stats struct {
	Connections int                     // open now
	Refused     map[Refusal]uint64      // those that never happened are 0
	Dropped     map[guard.Reason]uint64 // messages that the guard did not pass on; absent: none
	Bans        uint64                  // networks banned so far
	Banned      int                     // networks banned now
}

// tally counts over all connections.
type tally struct {
	mu      sync.Mutex // guards what follows
	open    map[*transport]struct{}
	refused map[Refusal]uint64
	dropped map[guard.Reason]uint64 // by those that are closed
	bans    uint64
}

func newTally() *tally {
	t := &tally{open: make(map[*transport]struct{}), refused: make(map[Refusal]uint64), dropped: make(map[guard.Reason]uint64)}
	for _, r := range []Refusal{refusedTotal, refusedAddress, refusedBanned, refusedApp, refusedKey, refusedPublish, refusedCodec, refusedBitrate} {
		t.refused[r] = 0 // Prometheus sees the first increase only of a counter that exists before
	}
	return t
}

func (t *tally) enter(c *transport) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.open[c] = struct{}{}
}

func (t *tally) leave(c *transport) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.open, c)
	sum(t.dropped, c.Stats().Dropped)
}

func (t *tally) refuse(r Refusal) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.refused[r]++
}

func (t *tally) ban() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.bans++
}

func (t *tally) stats() Stats {
	t.mu.Lock()
	defer t.mu.Unlock()
	out := Stats{Refused: maps.Clone(t.refused), Dropped: maps.Clone(t.dropped), Bans: t.bans}
	for c := range t.open {
		sum(out.Dropped, c.Stats().Dropped)
	}
	return out
}

func sum(into, n map[guard.Reason]uint64) {
	for r, k := range n {
		into[r] += k
	}
}
