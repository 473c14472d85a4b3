package clicks

import (
	"context"
	"fmt"
	"slices"
	"time"

	"mediad/overlay"
)

// Run keeps the clicks of the queue, and sweeps, until ctx ends. Then it keeps the
// rest of the queue, unless that takes too long.
func (c *Counter) Run(ctx context.Context) error {
	pause, swept := time.NewTicker(Pause), time.Time{}
	defer pause.Stop()
	failing := false
	for {
		select {
		case <-ctx.Done():
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), last)
			defer cancel()
			if err := c.Flush(ctx); err != nil {
				c.o.Log.Error("clicks are lost at the end", "err", err)
			}
			return nil
		case <-pause.C:
		}
		_, err := c.keep(ctx)
		if err != nil && !failing && ctx.Err() == nil {
			c.o.Log.Error("clicks could not be written to the database; they wait, and the write is repeated", "err", err)
		}
		failing = err != nil
		if now := c.o.Now(); !failing && now.Sub(swept).Abs() >= sweep {
			if err := c.Sweep(ctx); err != nil && ctx.Err() == nil {
				c.o.Log.Warn("old clicks could not be deleted; trying again", "in", sweep, "err", err)
			}
			swept = now
		}
	}
}

// Flush keeps the whole queue.
func (c *Counter) Flush(ctx context.Context) error {
	for {
		if n, err := c.keep(ctx); n == 0 || err != nil {
			return err
		}
	}
}

// keep keeps one batch. A batch that the store refuses stays in the queue.
func (c *Counter) keep(ctx context.Context) (n int, err error) {
	c.keeping.Lock()
	defer c.keeping.Unlock()
	c.mu.Lock()
	batched := slices.Clone(c.queue[:min(batch, len(c.queue))])
	c.mu.Unlock()
	if len(batched) == 0 {
		return 0, nil
	}
	rows := make([]overlay.Click, len(batched))
	for i, q := range batched {
		rows[i] = q.Click
	}
	err = c.o.Store.AddClicks(ctx, rows)
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil {
		c.stats.Failed++
		return 0, err
	}
	c.stats.Kept += uint64(len(batched))
	c.queue = slices.Clone(c.queue[len(batched):])
	for _, q := range batched {
		if c.shares[q.from]--; c.shares[q.from] <= 0 {
			delete(c.shares, q.from)
		}
	}
	return len(batched), nil
}

// Sweep deletes clicks that are too old or too many.
func (c *Counter) Sweep(ctx context.Context) error {
	var before time.Time
	if c.o.Keep > 0 {
		before = c.o.Now().Add(-c.o.Keep)
	}
	n, err := c.o.Store.SweepClicks(ctx, before, c.o.Limit)
	c.mu.Lock()
	c.stats.Swept += uint64(n)
	c.mu.Unlock()
	if err != nil {
		return fmt.Errorf("sweep clicks: %w", err)
	}
	return nil
}
