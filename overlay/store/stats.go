package store

import "sync/atomic"

// Stats count what the writer did since Open, for the metrics.
type Stats struct {
	Actions uint64 // carried out and committed
	Commits uint64 // transactions that they shared
	Failed  uint64 // transactions that could not begin or commit
	Waiting int    // actions that wait now
}

// counters are Stats in the making. Atomic: read while a leader writes.
type counters struct{ actions, commits, failed atomic.Uint64 }

// Stats gives the counts of now.
func (s *Store) Stats() Stats {
	s.queue.mu.Lock()
	waiting := len(s.queue.waiting)
	s.queue.mu.Unlock()
	return Stats{Actions: s.count.actions.Load(), Commits: s.count.commits.Load(), Failed: s.count.failed.Load(), Waiting: waiting}
}
