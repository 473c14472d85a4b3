// Package sales keeps at hand what shows have sold, for the pages of those who run them and
// for the counts that viewers see.
//
// Input: questions about shows, of any number of pages. Output: how many orders a show has,
// from memory, and its sums. The package reads a store for them: only of shows that somebody
// asks about, only where orders have changed, and with a pause behind each reading that is
// many times as long as the reading took. So the cost grows with the shows, and not with
// those who look at them, and however many orders a show has, others get the store in
// between. What it keeps is only what the store has: nothing is lost with it. The package
// knows no HTTP and no SQL.
package sales

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"mediad/overlay"
)

const (
	pause  = 2 * time.Second // at least, between two readings of the same
	rest   = 20              // a pause is this many times as long as the reading before it
	asked  = time.Minute     // a show of which nobody has asked for so long is forgotten
	atOnce = 4096            // shows at a time; of others the count is read for each question
)

// Store has the orders.
type Store interface {
	// OrderNews goes up with each change of orders.
	OrderNews() uint64
	// CountOrders counts the paid orders of shows; a show without any may be left out.
	CountOrders(ctx context.Context, shows []string) (map[string]int64, error)
	// ShowSales sums up what a show has sold.
	ShowSales(ctx context.Context, show string) (overlay.ShowSales, error)
}

// Options of a Counter. Store is needed.
type Options struct {
	Store Store
	Log   *slog.Logger     // nil: slog's default
	Now   func() time.Time // nil: time.Now
}

// Counter is safe for concurrent use.
type Counter struct {
	o Options

	mu    sync.Mutex
	shows map[string]*show // guarded by mu
}

// show is what is known of one.
type show struct {
	// Guarded by the counter's mu.
	orders int64
	read   bool // orders is known
	asked  time.Time

	summing chan struct{} // has a place for who reads the sums: others who ask wait for that
	// Owned by who has the place.
	sums overlay.ShowSales
	due  time.Time // when they are read again; zero: they were never read
}

// New makes a Counter. It counts while Run runs.
func New(o Options) *Counter {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Counter{o: o, shows: map[string]*show{}}
}

// find gives what is known of a show, and notes that it was asked for; nil: too many are.
func (c *Counter) find(id string) *show {
	s := c.shows[id]
	if s == nil {
		if len(c.shows) >= atOnce {
			return nil
		}
		s = &show{summing: make(chan struct{}, 1)}
		c.shows[id] = s
	}
	s.asked = c.o.Now()
	return s
}

// Orders gives the number of a show's paid orders. It never waits: ok is false until they
// have been counted.
func (c *Counter) Orders(id string) (n int64, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if s := c.find(id); s != nil {
		return s.orders, s.read
	}
	return 0, false
}

// Count is Orders for who can wait.
func (c *Counter) Count(ctx context.Context, id string) (int64, error) {
	if n, ok := c.Orders(id); ok {
		return n, nil
	}
	all, err := c.o.Store.CountOrders(ctx, []string{id})
	if err != nil {
		return 0, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if s := c.shows[id]; s != nil && !s.read { // Run may have counted meanwhile, and what it read is newer
		s.orders, s.read = all[id], true
	}
	return all[id], nil
}

// Sales gives the sums of a show: read a moment ago, or now.
func (c *Counter) Sales(ctx context.Context, id string) (overlay.ShowSales, error) {
	c.mu.Lock()
	s := c.find(id)
	c.mu.Unlock()
	if s == nil {
		return c.o.Store.ShowSales(ctx, id)
	}
	select {
	case s.summing <- struct{}{}:
		defer func() { <-s.summing }()
	case <-ctx.Done():
		return overlay.ShowSales{}, ctx.Err()
	}
	began := c.o.Now()
	if early := s.due.Sub(began); early > 0 && early < asked {
		return s.sums, nil
	}
	sums, err := c.o.Store.ShowSales(ctx, id)
	if err != nil {
		return sums, err
	}
	s.sums, s.due = sums, c.o.Now().Add(restOf(c.o.Now().Sub(began)))
	return sums, nil
}

// restOf gives the pause behind a reading.
func restOf(took time.Duration) time.Duration { return min(max(pause, rest*took), asked/2) }
