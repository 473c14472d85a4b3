package store

import "sync/atomic"

// Stats count what the writer did since Open, for the metrics.
type Stats struct {
	Actions uint64 // carried out and committed
	Commits uint64 // transactions; several actions can share one
	Failed  uint64 // transactions that could not begin or commit
	Retried uint64 // attempts that were undone by a conflict and repeated (PostgreSQL)
	Waiting int    // actions that wait now
}

// counters become Stats. They are atomic, since they are read while a leader
// writes.
type counters struct{ actions, commits, failed, retried atomic.Uint64 }

// Stats gives the present counts.
func (s *Store) Stats() Stats {
	st := Stats{Actions: s.count.actions.Load(), Commits: s.count.commits.Load(), Failed: s.count.failed.Load(), Retried: s.count.retried.Load()}
	if s.lanes != nil {
		st.Waiting = s.lanes.waits()
		return st
	}
	s.queue.mu.Lock()
	st.Waiting = len(s.queue.waiting)
	s.queue.mu.Unlock()
	return st
}
