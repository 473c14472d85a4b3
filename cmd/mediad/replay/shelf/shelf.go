// Package shelf keeps in memory what is costly to make, for all who ask for it,
// within a bound of bytes.
//
// In flow keys, and functions that make what they name; out flow values that
// many read at the same time and nobody changes. One that is asked for is made
// once, however many ask meanwhile, and only a few are made at the same time.
// The bound holds for what is kept and for what is still being read, together:
// whoever reads slowly may keep others from being kept, but never makes the
// process grow. The package refuses what finds no place (ErrFull) and knows
// nothing of what it keeps.
package shelf

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

// ErrFull says that what is being read takes all the room, or that too much is
// being made already.
var ErrFull = errors.New("too much is asked for at once")

// Options of a Cache.
type Options struct {
	Bytes  int64         // of all values, with those that are only still read
	Makers int           // values that are made at the same time
	Line   int           // values that wait to be made; others are refused
	Within time.Duration // a value is made, or given up
}

// Value is something that was made.
type Value[V any] struct {
	V     V
	Bytes int64     // that it takes in memory
	Until time.Time // it may be given to others
}

// Cache is safe for concurrent use.
type Cache[V any] struct {
	o      Options
	making singleflight.Group
	turns  chan struct{} // holds one for each that is made
	line   chan struct{} // and one for each that is made or waits to be

	mu sync.Mutex
	// Guarded by mu.
	by    map[string]*entry[V]
	bytes int64  // of by, and of what is still read
	asked uint64 // counts what is asked for
}

// entry is a value. What follows Value is guarded by Cache.mu.
type entry[V any] struct {
	Value[V]
	key     string
	readers int
	asked   uint64 // when it was asked for last
	listed  bool   // in by
}

// New makes an empty Cache.
func New[V any](o Options) *Cache[V] {
	return &Cache[V]{o: o, turns: make(chan struct{}, o.Makers), line: make(chan struct{}, o.Makers+o.Line), by: map[string]*entry[V]{}}
}

// Get gives what key names, and makes it where it is not kept. The caller calls
// done when it has read it. The ctx that build gets outlives that of whoever
// asked first.
func (c *Cache[V]) Get(ctx context.Context, key string, build func(context.Context) (Value[V], error)) (v V, done func(), err error) {
	if e := c.hold(key); e != nil {
		return e.V, c.done(e), nil
	}
	made := c.making.DoChan(key, func() (any, error) {
		if e := c.hold(key); e != nil { // by who was here just before
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
	case c.line <- struct{}{}:
		defer func() { <-c.line }()
	default:
		return one, ErrFull
	}
	c.turns <- struct{}{}
	defer func() { <-c.turns }()
	// On a goroutine of its own: nobody else would catch it.
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panicked: %v\n%s", p, debug.Stack())
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, c.o.Within)
	defer cancel()
	return f(ctx)
}

// hold gives what is kept, for one more reader.
func (c *Cache[V]) hold(key string) *entry[V] {
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

// join makes a reader of what was just made. In between it may have made way.
func (c *Cache[V]) join(e *entry[V]) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !e.listed && e.readers == 0 {
		if !c.room(e.Bytes) {
			return ErrFull
		}
		c.bytes += e.Bytes
	}
	c.read(e)
	return nil
}

// keep takes a value in, in place of an older one.
func (c *Cache[V]) keep(key string, one Value[V]) (*entry[V], error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if old := c.by[key]; old != nil {
		c.drop(old)
	}
	if !c.room(one.Bytes) {
		return nil, ErrFull
	}
	c.asked++
	e := &entry[V]{Value: one, key: key, listed: true, asked: c.asked}
	c.by[key], c.bytes = e, c.bytes+one.Bytes
	return e, nil
}

// room lets values make way that nobody reads; false: that is not enough. Of two
// that chance picks the one goes that was not asked for for longer: where more are
// asked for in turn than there is room for, always the oldest would always be
// the next that is wanted. The caller holds mu.
func (c *Cache[V]) room(bytes int64) bool {
	for c.bytes+bytes > c.o.Bytes {
		var picked *entry[V]
		n := 0
		for _, e := range c.by { // in an order of chance
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

// drop takes a value off the list. The caller holds mu.
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

// Bytes tells how many are kept or still read.
func (c *Cache[V]) Bytes() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.bytes
}
