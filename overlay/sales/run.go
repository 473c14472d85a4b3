package sales

import (
	"context"
	"time"
)

// Run counts the orders of shows that somebody asks about, when orders have changed, until
// ctx ends.
func (c *Counter) Run(ctx context.Context) error {
	second := time.NewTicker(time.Second)
	defer second.Stop()
	var news uint64 // what the counts include
	var due time.Time
	failing := false
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-second.C:
		}
		began := c.o.Now()
		all, unread := c.wanted(began)
		if wait := due.Sub(began); wait > 0 && wait < asked {
			continue
		}
		before := c.o.Store.OrderNews() // ahead of the counting: what changes during it is counted again
		if before == news {
			all = unread
		}
		if len(all) == 0 {
			continue
		}
		counts, err := c.o.Store.CountOrders(ctx, all)
		due = c.o.Now().Add(restOf(c.o.Now().Sub(began)))
		if err != nil {
			if !failing && ctx.Err() == nil {
				c.o.Log.Error("the orders of shows could not be counted; trying again", "err", err)
			}
			failing = true
			continue
		}
		failing, news = false, before
		c.counted(all, counts)
	}
}

// counted notes what was counted.
func (c *Counter) counted(ids []string, all map[string]int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, id := range ids {
		if s := c.shows[id]; s != nil {
			s.orders, s.read = all[id], true
		}
	}
}

// wanted gives the shows to count, and those of them that were never counted. It forgets
// those of which nobody asks any more.
func (c *Counter) wanted(now time.Time) (all, unread []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for id, s := range c.shows {
		if now.Sub(s.asked).Abs() > asked {
			delete(c.shows, id)
			continue
		}
		if all = append(all, id); !s.read {
			unread = append(unread, id)
		}
	}
	return all, unread
}
