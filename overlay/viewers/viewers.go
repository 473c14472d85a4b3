// Package viewers counts who watches, from the beacons of players. Anybody may send
// beacons, and a show may have millions of viewers, so the package bounds what they cost.
//
// Input: beacons. The call for one uses memory only and never waits. Output: how many
// watch, and sums of likes, watch time and impressions, which a store keeps behind the
// actions of hosts. Of a great audience a sample is counted. A viewer is in the sample by
// its own number: 1 of 2^n is, those with n leading zero bits. So the server decides how
// many send beacons, nobody needs to be asked twice, and an estimate is the number of
// different viewers in the sample times 2^n (adaptive sampling, Wegman 1984). Only products
// that the show has revealed are to be named, for which the caller sees. The package knows
// no HTTP and no SQL.
package viewers

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"mediad/overlay"
)

// Bounds of the cost of beacons.
const (
	Every   = 10 * time.Second // between two beacons of a viewer
	gone    = 25 * time.Second // without a beacon: two may be lost
	often   = Every / 5        // a viewer's beacons in a shorter time count nothing
	most    = 8192             // viewers in the sample of a show: the estimate is within 2 % or so
	all     = 131072           // of all shows: 13,000 beacons a second
	shows   = 4096             // with an audience at a time
	deep    = 13               // the smallest sample is 1 of 2^deep: 67 million viewers. Forged numbers make no more, and sums stay below 2^63
	few     = 64               // viewers of a show are counted, whatever others have
	taps    = 10               // likes of a viewer in a second, and that many at once
	minutes = 1024             // minutes of the picture of a show, between two writes
	goods   = 1024             // products with impressions of a show, between two writes
	settle  = 2 * time.Minute  // until viewers who are in a larger sample anew have heard of it
	keep    = 5 * time.Second  // between two writes
	last    = 2 * time.Second  // time to write when the process ends
)

// Store keeps sums.
type Store interface {
	// AddWatched adds sums to those of shows; Peak is not added: the greater one holds.
	AddWatched(ctx context.Context, sums []overlay.Watched) error
	// Watched gives the sums of a show.
	Watched(ctx context.Context, show string) (overlay.Watched, error)
}

// Options of a Counter. Store is needed.
type Options struct {
	Store Store
	// Orders gives the number of a show's orders, without waiting; ok is false until it is
	// known. nil: there are none.
	Orders func(show string) (n int64, ok bool)
	Log    *slog.Logger     // nil: slog's default
	Now    func() time.Time // nil: time.Now
}

// Stats are counts since the start.
type Stats struct {
	Beacons uint64 // received
	Outside uint64 // of viewers outside the sample
	Lost    uint64 // of more shows than can have an audience at a time
	Failed  uint64 // writes that the store refused; they are repeated
	Sampled int    // viewers in all samples now
}

// Counter is safe for concurrent use.
type Counter struct {
	o Options

	mu    sync.RWMutex
	shows map[string]*audience // guarded by mu

	beacons, outside, lost, failed atomic.Uint64
	sampled                        atomic.Int64
}

// New makes a Counter. It takes beacons at once, and keeps sums while Run runs.
func New(o Options) *Counter {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Counter{o: o, shows: map[string]*audience{}}
}

// Beat takes a beacon of a viewer of a show that exists. It never waits.
func (c *Counter) Beat(show string, b overlay.Beacon) {
	c.beacons.Add(1)
	now := c.o.Now()
	a, full := c.audience(show)
	if a == nil {
		return
	}
	counted, joined := a.beat(b, now, full)
	if !counted {
		c.outside.Add(1)
	}
	c.sampled.Add(int64(joined))
}

// audience finds that of a show, or begins it; nil: there are too many. full tells that no
// more viewers can be counted without a smaller sample.
func (c *Counter) audience(show string) (a *audience, full bool) {
	full = c.sampled.Load() >= all
	if a = c.find(show); a != nil {
		return a, full
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if a = c.shows[show]; a == nil {
		if len(c.shows) >= shows {
			c.lost.Add(1)
			return nil, full
		}
		a = newAudience()
		c.shows[show] = a
	}
	return a, full
}

func (c *Counter) find(show string) *audience {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.shows[show]
}

// Pulse gives the figures of a show; ok is false if nobody watches it, or its former sums
// are not read yet.
func (c *Counter) Pulse(show string) (p overlay.Pulse, ok bool) {
	a := c.find(show)
	if a == nil {
		return p, false
	}
	p, ok = a.pulse()
	if c.o.Orders != nil {
		var known bool
		p.Orders, known = c.o.Orders(show)
		ok = ok && known
	}
	return p, ok
}

// Sample gives the share of viewers of a show that are to send beacons: 1, 1/2, 1/4 and so
// on. Those do whose number is below that share of all numbers.
func (c *Counter) Sample(show string) float64 {
	if a := c.find(show); a != nil {
		return a.sample()
	}
	return 1
}

// Stats gives the present counts.
func (c *Counter) Stats() Stats {
	return Stats{Beacons: c.beacons.Load(), Outside: c.outside.Load(), Lost: c.lost.Load(), Failed: c.failed.Load(), Sampled: int(c.sampled.Load())}
}
