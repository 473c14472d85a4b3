package store

import (
	"sync"
	"time"

	"mediad/overlay"
)

// stock decides in memory who may try to hold units, so that those who come too late are
// told at once, and the database sees winners alone. What it knows may be old, never what
// is promised: that is the constraint of the database. The zero value is ready.
type stock struct {
	mu     sync.Mutex
	levels map[string]*level  // by allocation; guarded by mu
	names  map[stockName]name // guarded by mu
}

// Bounds of what stock keeps in mind, and how long it believes it: another process may
// have moved units.
const (
	knownLevels = 10_000
	stockAge    = time.Second
)

// stockName is what viewers ask for.
type stockName struct{ show, product, variant string }

// name leads from what viewers ask for to an allocation, for a while.
type name struct {
	allocation string
	at         time.Time
}

// level is what is known of an allocation.
type level struct {
	left    int64     // free units, when the database was asked last
	pending int64     // of them, those that wishes on their way to the database take
	at      time.Time // when it was asked
	unsure  bool      // units were moved since: the database decides
	moves   uint64    // counts these
}

// wish is a hold on its way to the database.
type wish struct {
	hold   overlay.Hold
	level  *level
	answer chan error // has room for one
}

// late tells whether a wish comes too late, as far as memory knows; known is false where
// the database must be asked.
func (q *stock) late(n stockName, quantity int64, now time.Time) (late, known bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	found, ok := q.names[n]
	l := q.levels[found.allocation]
	if !ok || l == nil {
		return false, false
	}
	return !l.take(quantity, now, false), true
}

// take sets units aside, if there may be so many. Now and then one wish goes through
// although nothing is left: the database may know better.
func (l *level) take(quantity int64, now time.Time, really bool) bool {
	old := now.Sub(l.at) >= stockAge || now.Before(l.at)
	if l.left-l.pending < quantity && !l.unsure && !old {
		return false
	}
	if really {
		l.pending += quantity
		if old {
			l.at = now // the others wait for this one's answer
		}
	}
	return true
}

// knows tells whether it was found not long ago to which allocation a name leads.
func (q *stock) knows(n stockName, now time.Time) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	found, ok := q.names[n]
	return ok && now.Sub(found.at) < stockAge && !now.Before(found.at)
}

// admit is late for a wish that goes on, with its units set aside.
func (q *stock) admit(n stockName, quantity int64, now time.Time) (allocation string, l *level, known bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	found, ok := q.names[n]
	if l = q.levels[found.allocation]; !ok || l == nil || now.Sub(found.at) >= stockAge || now.Before(found.at) {
		return "", nil, false
	}
	if !l.take(quantity, now, true) {
		l = nil
	}
	return found.allocation, l, true
}

// release gives back what was set aside for a wish that does not go on.
func (q *stock) release(w *wish) {
	q.mu.Lock()
	defer q.mu.Unlock()
	w.level.pending -= w.hold.Quantity
}

// learn notes what the database says of an allocation.
func (q *stock) learn(n stockName, a overlay.Allocation, now time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.levels == nil || len(q.names) >= knownLevels {
		levels := map[string]*level{}
		for id, l := range q.levels {
			if l.pending > 0 {
				levels[id] = l
			}
		}
		q.levels, q.names = levels, map[stockName]name{}
	}
	q.names[n] = name{a.ID, now}
	l := q.levels[a.ID]
	if l == nil {
		q.levels[a.ID] = &level{left: a.Left(), at: now}
		return
	}
	if l.pending == 0 { // else the answer to what is on its way tells more
		l.left, l.at = a.Left(), now
	}
}

// forget drops what is known of the allocations of a show: others were made, or some are
// gone.
func (q *stock) forget(show string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for n := range q.names {
		if n.show == show {
			delete(q.names, n)
		}
	}
}

// unsure notes that units of allocations were moved, or may have been.
func (q *stock) unsure(allocations []string) {
	if len(allocations) == 0 {
		return
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, id := range allocations {
		if l := q.levels[id]; l != nil {
			l.unsure = true
			l.moves++
		}
	}
}

func (t *tx) unsure(allocation string) { t.moved = append(t.moved, allocation) }
