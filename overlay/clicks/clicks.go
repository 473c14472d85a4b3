// Package clicks counts how often viewers go to the shop. Anybody may click, so the
// package bounds what clicks cost.
//
// Input: clicks. The call for one uses memory only and never waits. Output: batches
// of clicks for a store, which writes them behind the actions of hosts. A viewer who
// clicks the same product, or the same variant of it, with the same coupon or none, again within Once makes one click. The queue is bounded,
// and so is the share of one address in it. A click that finds no room still gets
// its id; it is not kept, is counted as lost, and the log says so. Age and number of
// the clicks that are kept are bounded. The package knows no HTTP and no SQL.
package clicks

import (
	"context"
	"hash/maphash"
	"log/slog"
	"net/netip"
	"sync"
	"time"

	"mediad/overlay"
)

// Bounds of the cost of clicks. A batch every Pause is 2,048 clicks a second: many
// thousand buyers do not reach that. On the disk it is about 400 kB/s, until the
// table has as many rows as it may.
const (
	Once    = 10 * time.Second       // within this time the same click counts once
	Pause   = 250 * time.Millisecond // between two batches
	batch   = 512                    // clicks of one transaction
	waiting = 4096                   // clicks that wait for one
	share   = waiting / 4            // of them, of one address
	known   = 16384                  // clicks in each of the two maps of known ones; with more clicks, ids are forgotten sooner than Once
	sweep   = time.Minute            // between two looks for clicks that are too old or too many
	tell    = time.Minute            // between two lines about lost clicks
	last    = 2 * time.Second        // time to keep the queue when the process ends
)

// Store keeps clicks.
type Store interface {
	AddClicks(ctx context.Context, clicks []overlay.Click) error
	// SweepClicks deletes clicks from before a moment and those beyond limit, the
	// oldest first; zero is no limit.
	SweepClicks(ctx context.Context, before time.Time, limit int) (int, error)
}

// Options of a Counter. Store and NewID are needed.
type Options struct {
	Store Store
	NewID func() string // ULIDs
	// Keep is how long a click is kept, Limit how many are; 0: no limit.
	Keep  time.Duration
	Limit int
	Log   *slog.Logger     // nil: slog's default
	Now   func() time.Time // nil: time.Now
}

// Viewer is what a click without a cookie tells of its viewer.
type Viewer struct {
	Address netip.Addr
	// Mark tells viewers apart that share an address: it is what their browsers and
	// proxies say of themselves. It proves nothing.
	Mark string
	// Number is the one that the viewer's page drew, the same as in its beacons; 0: not known.
	Number uint64
	// Date and Place are the moment of the picture: a date, or a place in the recording.
	Date  time.Time
	Place time.Duration
	// Ref is the code of the shared link by which the viewer came; "": none did.
	Ref string
}

// Stats are counts since the start.
type Stats struct {
	Kept     uint64 // in the store
	Repeated uint64 // the same again
	Lost     uint64 // more than may wait
	Failed   uint64 // batches that the store refused; they are tried again
	Swept    uint64 // too old or too many
	Waiting  int    // now
}

// Counter is safe for concurrent use.
type Counter struct {
	o    Options
	seed maphash.Seed

	keeping sync.Mutex // held while a batch is kept: the next begins behind it

	mu sync.Mutex
	// Guarded by mu.
	queue     []queued
	shares    map[netip.Addr]int // of queue
	now, then map[uint64]string  // ids by what makes a click the same: since turned, and from the period before
	turned    time.Time
	told      time.Time // when lost clicks were last logged
	untold    uint64
	stats     Stats
}

type queued struct {
	overlay.Click
	from netip.Addr
}

// New makes a Counter. It takes clicks at once, and keeps them while Run
// runs.
func New(o Options) *Counter {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Counter{o: o, seed: maphash.MakeSeed(), shares: map[netip.Addr]int{}, now: map[uint64]string{}, then: map[uint64]string{}}
}

// Count takes a click for a product, or for a variant of it, with a coupon if there is one,
// and returns its id. It never waits.
func (c *Counter) Count(show string, p overlay.Product, variant, coupon string, v Viewer) (id string) {
	type same struct {
		show, product, variant, coupon, mark string
		address                              netip.Addr
		number                               uint64
	}
	v.Address = overlay.Network(v.Address)
	key := maphash.Comparable(c.seed, same{show, p.ID, variant, coupon, v.Mark, v.Address, v.Number})
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.o.Now()
	c.turn(now)
	if id, ok := c.remembered(key); ok {
		c.stats.Repeated++
		return id
	}
	id = c.o.NewID()
	if len(c.queue) >= waiting || c.shares[v.Address] >= share {
		c.lose(now)
		return id
	}
	at, ok := overlay.IDTime(id)
	if !ok {
		at = now.UTC().Truncate(time.Millisecond)
	}
	c.queue = append(c.queue, queued{overlay.Click{ID: id, Show: show, Product: p.ID, Rev: p.Rev, Variant: variant, Coupon: coupon, Ref: v.Ref, At: at, Date: v.Date, Place: v.Place, Viewer: v.Number}, v.Address})
	c.shares[v.Address]++
	c.now[key] = id
	return id
}

func (c *Counter) remembered(key uint64) (string, bool) {
	if id, ok := c.now[key]; ok {
		return id, true
	}
	id, ok := c.then[key]
	if !ok {
		return "", false
	}
	// Without this, a viewer who goes on clicking would be counted again at
	// every turn.
	if at, _ := overlay.IDTime(id); c.o.Now().Sub(at) >= Once {
		return "", false
	}
	return id, true
}

// turn forgets old ids. The caller holds mu.
func (c *Counter) turn(now time.Time) {
	if age := now.Sub(c.turned); age >= 0 && age < Once && len(c.now) < known {
		return
	} else if age >= 2*Once {
		c.now = map[uint64]string{}
	}
	c.now, c.then, c.turned = map[uint64]string{}, c.now, now
}

// lose counts a click that is not kept. The caller holds mu.
func (c *Counter) lose(now time.Time) {
	c.stats.Lost++
	c.untold++
	if since := now.Sub(c.told); since >= 0 && since < tell {
		return
	}
	c.o.Log.Warn("clicks are lost, because more arrive than can be written; buyers are still redirected to the shop", "clicks", c.untold)
	c.told, c.untold = now, 0
}

// Stats gives the present counts.
func (c *Counter) Stats() Stats {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.stats
	s.Waiting = len(c.queue)
	return s
}
