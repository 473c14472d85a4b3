package viewers

import (
	"context"
	"fmt"
	"time"

	"mediad/overlay"
)

// Run looks at the audiences each second and keeps their sums, until ctx ends. Then it
// keeps the rest, unless that takes too long. A store that is slow delays only what is
// kept: one call waits for it, and the next ones until then find more.
func (c *Counter) Run(ctx context.Context) error {
	second := time.NewTicker(time.Second)
	defer second.Stop()
	over := make(chan error, 1)
	waits, failing, kept := false, false, c.o.Now()
	for {
		select {
		case <-ctx.Done():
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), last)
			defer cancel()
			c.keepLast(ctx, over, waits)
			return nil
		case err := <-over:
			waits = false
			if err != nil && !failing && ctx.Err() == nil {
				c.o.Log.Error("likes and watch time could not be written to the database; they wait, and the write is repeated", "err", err)
			}
			failing = err != nil
		case <-second.C:
			c.Look()
			if waits {
				continue
			}
			now := c.o.Now()
			write := now.Sub(kept).Abs() >= keep
			if write {
				kept = now
			}
			waits = true
			go func() { over <- c.keepUp(ctx, write) }()
		}
	}
}

// keepUp reads the sums of shows that have an audience anew, and writes all if it is time.
func (c *Counter) keepUp(ctx context.Context, write bool) error {
	if err := c.recall(ctx); err != nil || !write {
		return err
	}
	return c.Flush(ctx)
}

// keepLast waits for a call of the store that is not over, then keeps the rest.
func (c *Counter) keepLast(ctx context.Context, over <-chan error, waits bool) {
	if waits {
		select {
		case <-over:
		case <-ctx.Done():
		}
	}
	err := ctx.Err()
	if err == nil {
		err = c.Flush(ctx)
	}
	if err != nil {
		c.o.Log.Error("likes and watch time of the last seconds are lost at the end", "err", err)
	}
}

// Look forgets viewers who have gone, and audiences of which nothing is left to keep.
func (c *Counter) Look() {
	now := c.o.Now()
	for show, a := range c.list() {
		left := a.look(now)
		c.sampled.Add(-int64(left))
		if a.over(now) {
			c.mu.Lock()
			delete(c.shows, show)
			c.mu.Unlock()
		}
	}
}

// list gives all audiences.
func (c *Counter) list() map[string]*audience {
	c.mu.RLock()
	defer c.mu.RUnlock()
	out := make(map[string]*audience, len(c.shows))
	for show, a := range c.shows {
		out[show] = a
	}
	return out
}

// recall reads the former sums of shows that have an audience anew.
func (c *Counter) recall(ctx context.Context) error {
	for show, a := range c.list() {
		if _, read := a.pulse(); read {
			continue
		}
		former, err := c.o.Store.Watched(ctx, show)
		if err != nil {
			return fmt.Errorf("read the sums of show %s: %w", show, err)
		}
		a.recalled(former)
	}
	return nil
}

// Flush keeps all sums. What the store refuses stays.
func (c *Counter) Flush(ctx context.Context) error {
	var sums []overlay.Watched
	from := map[string]*audience{}
	for show, a := range c.list() {
		if w, ok := a.take(show); ok {
			sums, from[show] = append(sums, w), a
		}
	}
	if len(sums) == 0 {
		return nil
	}
	if err := c.o.Store.AddWatched(ctx, sums); err != nil {
		for _, w := range sums {
			from[w.Show].giveBack(w)
		}
		c.failed.Add(1)
		return err
	}
	for _, a := range from {
		a.wrote()
	}
	return nil
}
