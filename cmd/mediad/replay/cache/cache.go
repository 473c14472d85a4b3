// Package cache keeps values that are costly to make in memory, within a bound of
// bytes.
//
// Input: keys, and functions that make the values. Output: values that many
// read at the same time and nobody changes. A value is made once, however many
// request it meanwhile, and only a few are made at the same time. The bound
// covers cached values and values that are still being read: slow readers may
// keep other values out of the cache, but never make the process grow. A value
// that does not fit is refused (ErrFull). The package does not know what its
// values are.
package cache

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

// ErrFull: the values that are being read fill the cache, or too many values
// are being made already.
var ErrFull = errors.New("too much is asked for at once")

// Options of a Cache.
type Options struct {
	Bytes    int64         // of all values, including those that left the cache and are still read
	Builders int           // values that are made at the same time
	Queue    int           // values that wait to be made; others are refused
	Timeout  time.Duration // a value is made in this time, or given up
}

// Value is something that was made.
type Value[V any] struct {
	V     V
	Bytes int64     // how much memory it takes
	Until time.Time // how long it may be given to others
}

// Cache is safe for concurrent use.
type Cache[V any] struct {
	o        Options
	flights  singleflight.Group
	building chan struct{} // holds an entry for each value that is being made
	queue    chan struct{} // holds an entry for each value that is being made or waits for that

	mu sync.Mutex
	// Guarded by mu.
	by    map[string]*entry[V]
	bytes int64  // of by, and of values that are still read
	asked uint64 // counts requests
}

// entry is a value. The fields after Value are guarded by Cache.mu, except
// key.
type entry[V any] struct {
	Value[V]
	key     string
	readers int
	asked   uint64 // number of the last request for it
	listed  bool   // in by
}

// New makes an empty Cache.
func New[V any](o Options) *Cache[V] {
	return &Cache[V]{o: o, building: make(chan struct{}, o.Builders), queue: make(chan struct{}, o.Builders+o.Queue), by: map[string]*entry[V]{}}
}

// Get gives the value of key, and makes it if it is not in the cache. The
// caller calls done when it has read it. The ctx that build gets does not end
// with that of the first request.
func (c *Cache[V]) Get(ctx context.Context, key string, build func(context.Context) (Value[V], error)) (v V, done func(), err error) {
	if e := c.acquire(key); e != nil {
		return e.V, c.done(e), nil
	}
	made := c.flights.DoChan(key, func() (any, error) {
		if e := c.acquire(key); e != nil { // made by the request just before
			defer c.release(e)
			return e, nil
		}
		one, err := c.build(context.WithoutCancel(ctx), build)
		if err != nil {
			return nil, err
		}
		return c.keep(key, one)
	})
	select {
	case <-ctx.Done():
		return v, nil, ctx.Err()
	case r := <-made:
		if r.Err != nil {
			return v, nil, r.Err
		}
		e := r.Val.(*entry[V])
		if err := c.join(e); err != nil {
			return v, nil, err
		}
		return e.V, c.done(e), nil
	}
}

// build waits for its turn, and makes a value.
func (c *Cache[V]) build(ctx context.Context, f func(context.Context) (Value[V], error)) (one Value[V], err error) {
	select {
	case c.queue <- struct{}{}:
		defer func() { <-c.queue }()
	default:
		return one, ErrFull
	}
	c.building <- struct{}{}
	defer func() { <-c.building }()
	// This runs on a goroutine of its own, so no other code would catch the
	// panic.
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panicked: %v\n%s", p, debug.Stack())
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, c.o.Timeout)
	defer cancel()
	return f(ctx)
}

// acquire gives a cached value to one more reader.
func (c *Cache[V]) acquire(key string) *entry[V] {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.by[key]
	if e == nil || !time.Now().Before(e.Until) {
		return nil
	}
	c.read(e)
	return e
}

// read counts a reader. The caller holds mu.
func (c *Cache[V]) read(e *entry[V]) {
	e.readers++
	c.asked++
	e.asked = c.asked
}

// join adds a reader to a value that was just made. The value may have been
// dropped in between.
func (c *Cache[V]) join(e *entry[V]) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !e.listed && e.readers == 0 {
		if !c.makeRoom(e.Bytes) {
			return ErrFull
		}
		c.bytes += e.Bytes
	}
	c.read(e)
	return nil
}

// keep adds a value, and replaces an older one with the same key.
func (c *Cache[V]) keep(key string, one Value[V]) (*entry[V], error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if old := c.by[key]; old != nil {
		c.drop(old)
	}
	if !c.makeRoom(one.Bytes) {
		return nil, ErrFull
	}
	c.asked++
	e := &entry[V]{Value: one, key: key, listed: true, asked: c.asked}
	c.by[key], c.bytes = e, c.bytes+one.Bytes
	return e, nil
}

// makeRoom drops values that nobody reads; false: that is not enough. It picks two at
// random and drops the one whose last request is older. Dropping always the oldest
// would fail where more values are requested in turn than fit: the oldest is then
// the next that is wanted. The caller holds mu.
func (c *Cache[V]) makeRoom(bytes int64) bool {
	for c.bytes+bytes > c.o.Bytes {
		var picked *entry[V]
		n := 0
		for _, e := range c.by { // in random order
			if e.readers > 0 {
				continue
			}
			if picked == nil || e.asked < picked.asked {
				picked = e
			}
			if n++; n == 2 {
				break
			}
		}
		if picked == nil {
			return false
		}
		c.drop(picked)
	}
	return true
}

// drop removes a value from the cache. The caller holds mu.
func (c *Cache[V]) drop(e *entry[V]) {
	delete(c.by, e.key)
	e.listed = false
	if e.readers == 0 {
		c.bytes -= e.Bytes
	}
}

func (c *Cache[V]) done(e *entry[V]) func() {
	return sync.OnceFunc(func() { c.release(e) })
}

func (c *Cache[V]) release(e *entry[V]) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e.readers--; e.readers == 0 && !e.listed {
		c.bytes -= e.Bytes
	}
}

// Bytes tells how many bytes are cached or still read.
func (c *Cache[V]) Bytes() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.bytes
}
