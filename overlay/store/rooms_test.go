package store_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"mediad/overlay"
	"mediad/overlay/store"
)

// TestRoomsOfOneStore: a shop sells the same product in two rooms at once. Each show has its own card, its own units,
// of which none is sold twice, and its own figures; the shop has their sum.
func TestRoomsOfOneStore(t *testing.T) {
	const units, buyers = 40, 300
	c := newCounter(t, units)
	ctx := t.Context()
	_, err := c.EnsureRoom(ctx, "nuts", "Nuts", "nuts-key")
	must(t, err)
	other, err := c.BeginBroadcast(ctx, "nuts", c.clock.Now())
	must(t, err)
	_, err = c.Pin(ctx, "nuts", c.product, overlay.At{}, store.Once{})
	must(t, err)
	_, err = c.CreateAllocation(ctx, overlay.Allocation{Show: other.Show, Product: c.product, Total: units}, "test", store.Once{})
	must(t, err)

	shows := []string{c.show, other.Show}
	var got [2]atomic.Int64
	var held [2]sync.Map
	var all sync.WaitGroup
	start := make(chan struct{})
	for i, show := range shows {
		for n := range buyers {
			all.Go(func() {
				<-start
				h, err := c.Hold(ctx, show, c.product, "", c.NewHold(c.shop.ID, 1, overlay.HeldPurchase{Title: "Corn"}))
				switch overlay.CodeOf(err) {
				case "":
					got[i].Add(1)
					held[i].Store(n, h.ID)
				case overlay.SoldOut:
				default:
					t.Error(err)
				}
			})
		}
	}
	close(start)
	all.Wait()
	if got[0].Load() != units || got[1].Load() != units {
		t.Fatalf("%d and %d got a unit of %d each", got[0].Load(), got[1].Load(), units)
	}

	// The card of one room goes, and that of the other one stays.
	_, err = c.Unpin(ctx, "nuts", c.product, overlay.At{})
	must(t, err)
	for i, want := range []int{1, 0} {
		if _, pins, err := c.ShowNow(ctx, shows[i]); err != nil || len(pins) != want {
			t.Errorf("%d products are over picture %d, want %d: %v", len(pins), i, want, err)
		}
	}

	// Some of them pay, one in a checkout of each room at a time.
	orders := [2]int64{7, 11}
	for i := range shows {
		paid := int64(0)
		held[i].Range(func(_, hold any) bool {
			name := fmt.Sprintf("%d-%d", i, paid)
			c.tell(c.paid(name, hold.(string)))
			paid++
			return paid < orders[i]
		})
	}
	var sum int64
	for i, show := range shows {
		r, err := c.Report(ctx, show, overlay.Everything(), true)
		must(t, err)
		if r.Total.Orders != orders[i] || r.Total.Money[0].Gross != 100*orders[i] {
			t.Errorf("show %d: %+v", i, r.Total)
		}
		sum += r.Total.Orders
		given, err := c.Allocations(ctx, show, "", 10)
		if err != nil || len(given) != 1 || given[0].Sold != orders[i] || given[0].Held != units-orders[i] {
			t.Errorf("units of show %d: %+v, %v", i, given, err)
		}
	}
	for _, by := range []overlay.SummaryBy{overlay.ByShow, overlay.ByOrg, overlay.ByProduct} {
		s, err := c.As(overlay.System("test")).Summary(ctx, by, overlay.HomeOrg, "", "", "")
		must(t, err)
		if s.Total.Total.Orders != sum || s.Total.Shows != 2 {
			t.Errorf("by %s: %d orders of %d shows, want %d of 2", by, s.Total.Total.Orders, s.Total.Shows, sum)
		}
	}
}
