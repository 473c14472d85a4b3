package store_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"mediad/overlay"
	"mediad/overlay/store"
)

func (c *counterOf) order(name string) overlay.Order {
	c.t.Helper()
	all, err := c.FindOrders(c.t.Context(), store.Orders{In: overlay.Everything(), Name: name}, "", 10)
	must(c.t, err)
	if len(all) != 1 {
		c.t.Fatalf("%d orders %q", len(all), name)
	}
	return all[0]
}

// TestFreedUnitsGoToOrders: units that come back go to those who have paid before anybody
// else may hold them (I4).
func TestFreedUnitsGoToOrders(t *testing.T) {
	c := newCounter(t, 2)
	ctx := t.Context()
	late, err := c.hold(1)
	must(t, err)
	must(t, c.ReleaseHold(ctx, late.ID))
	first, err := c.hold(1)
	must(t, err)
	second, err := c.hold(1)
	must(t, err)
	c.tell(c.paid("late", late.ID))
	if o := c.order("late"); o.Unallocated != 1 {
		t.Fatalf("paid when none was left: %+v", o)
	}
	must(t, c.ReleaseHold(ctx, first.ID))
	if o := c.order("late"); o.Unallocated != 0 {
		t.Errorf("a unit came back: %+v", o)
	}
	c.want(1, 1)
	if _, err := c.hold(1); overlay.CodeOf(err) != overlay.SoldOut {
		t.Errorf("a unit of somebody who has paid: %v", err)
	}
	c.tell(overlay.OrderFact{Kind: overlay.CheckoutExpired, Delivery: "expired", Hold: second.ID, At: c.clock.Now()})
	c.want(0, 1)
}

// TestUnmatchHeld: an order that was bought with a hold came from the show of its units,
// also when what was said by hand is taken back.
func TestUnmatchHeld(t *testing.T) {
	c := newCounter(t, 1)
	ctx := t.Context()
	h, err := c.hold(1)
	must(t, err)
	c.tell(c.paid("1", h.ID))
	o := c.order("1")
	if o.Show != c.show {
		t.Fatalf("%+v", o)
	}
	_, err = c.MatchOrder(ctx, o.ID, "", "test")
	must(t, err)
	if o, err = c.UnmatchOrder(ctx, o.ID, "test"); err != nil || o.Show != c.show || o.ByHand || o.Host == "" {
		t.Errorf("taken back: %+v, %v", o, err)
	}
}

// TestErasedBeforePaid: who asked to be forgotten while their money was on its way is not
// kept when it comes.
func TestErasedBeforePaid(t *testing.T) {
	c := newCounter(t, 1)
	ctx := t.Context()
	h, err := c.hold(1)
	must(t, err)
	_, err = c.OpenedHold(ctx, h.ID, "cs_1", "https://checkout.example/cs_1")
	must(t, err)
	pending := c.paid("1", h.ID)
	pending.Kind, pending.Delivery, pending.Buyer = overlay.OrderPending, "pending", "li@shop.example"
	c.tell(pending)
	_, err = c.EraseBuyer(ctx, c.order("1").ID, "ann")
	must(t, err)
	paid := c.paid("1", h.ID)
	paid.Buyer = "li@shop.example"
	c.tell(paid)
	if h, err = c.GetHold(ctx, h.ID); err != nil || h.State != overlay.HoldPaid || h.Session != "" || h.Address != "" {
		t.Errorf("the hold: %+v, %v", h, err)
	}
}

// TestOneBuyer: an address of mail is the same however its letters are written.
func TestOneBuyer(t *testing.T) {
	c := newCounter(t, 5)
	a, b := c.paid("1", ""), c.paid("2", "")
	a.Buyer, b.Buyer = "Li@Shop.example", " li@shop.example"
	c.tell(a, b)
	if n, err := c.EraseBuyer(t.Context(), c.order("1").ID, "ann"); n != 2 || err != nil {
		t.Errorf("%d orders of the buyer, %v", n, err)
	}
}

// TestFactsOfOtherTimes: what a shop with a wrong clock tells is listed, page by page.
func TestFactsOfOtherTimes(t *testing.T) {
	c := newCounter(t, 5)
	ctx := t.Context()
	times := map[string]time.Time{"empty": {}, "before computers": time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC), "a year off": c.clock.Now().AddDate(1, 0, 0), "far": time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), "old": time.Date(2019, 1, 1, 0, 0, 0, 0, time.UTC)}
	for name, at := range times {
		f := c.paid(name, "")
		f.At = at
		c.tell(f)
	}
	var listed []string
	for cursor := ""; ; {
		page, err := c.FindOrders(ctx, store.Orders{In: overlay.Everything()}, cursor, 1)
		must(t, err)
		if len(page) == 0 {
			break
		}
		cursor = store.OrderCursor(page[0])
		listed = append(listed, page[0].Name)
		if at, now := *page[0].PaidAt, c.clock.Now(); page[0].Name != "old" && at.Sub(now).Abs() > time.Second || page[0].Name == "old" && at.Year() != 2019 {
			t.Errorf("%s was paid at %v", page[0].Name, at)
		}
	}
	if len(listed) != len(times) {
		t.Errorf("listed: %v", listed)
	}
}

// TestMatchRehearsal: what was paid is never of a rehearsal: it would be in no report (I7).
func TestMatchRehearsal(t *testing.T) {
	c := newCounter(t, 1)
	c.tell(c.paid("1", ""))
	yes := true
	tried, err := c.PlanShow(c.t.Context(), "corn", overlay.Plan{Title: "Tried", Rehearsal: &yes}, "test", store.Once{})
	must(t, err)
	if _, err := c.MatchOrder(t.Context(), c.order("1").ID, tried.ID, "test"); overlay.CodeOf(err) != overlay.Invalid {
		t.Errorf("matched with a rehearsal: %v", err)
	}
}

// TestLinesOfAnyText: whatever a shop calls its goods, their money counts.
func TestLinesOfAnyText(t *testing.T) {
	c := newCounter(t, 5)
	for name, text := range map[string]string{"zero": "A\x00B", "broken": "A\xffB", "direction": "A\u202eB", "lone": "\ud7ff\U0010ffff"} {
		f := c.paid(name, "")
		f.Lines = []overlay.OrderLine{{SKU: text, Ref: text, Title: text, Quantity: 1, Amount: 100}}
		f, err := f.Checked()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if err := c.TakeFacts(t.Context(), c.shop, []overlay.OrderFact{f}); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if o, err := c.Order(t.Context(), c.order(name).ID); err != nil || len(o.Lines) != 1 || o.Gross != 100 {
			t.Errorf("%s: %+v, %v", name, o, err)
		}
	}
}

// TestSwapHold: a hold takes the place of another one in one step: the last unit is never
// anybody else's between the two, and what cannot be changed stays as it was.
func TestSwapHold(t *testing.T) {
	c := newCounter(t, 3)
	ctx := t.Context()
	swap := func(old overlay.Hold, n int64, try bool) (overlay.Hold, error) {
		h := c.NewHold(c.shop.ID, n, overlay.HeldPurchase{Title: "Corn", Repeat: "li"})
		return c.SwapHold(ctx, old.ID, c.show, c.product, "", h, try)
	}
	is := func(h overlay.Hold, want overlay.HoldState) {
		t.Helper()
		if now, err := c.GetHold(ctx, h.ID); err != nil || now.State != want || (now.Purchase.Repeat != "") != (now.ID != "" && want == overlay.HoldActive && h.Purchase.Repeat != "") {
			t.Errorf("%+v, %v; want it %s", now, err, want)
		}
	}
	one, err := c.hold(1)
	must(t, err)
	rival, err := c.hold(1)
	must(t, err)
	if _, err := swap(one, 3, true); overlay.CodeOf(err) != overlay.SoldOut {
		t.Errorf("three of two: %v", err)
	}
	if _, err := swap(one, 3, false); overlay.CodeOf(err) != overlay.SoldOut {
		t.Errorf("three of two: %v", err)
	}
	_, err = swap(one, 2, true)
	must(t, err)
	is(one, overlay.HoldActive)
	c.want(2, 0)
	two, err := swap(one, 2, false)
	must(t, err)
	is(one, overlay.HoldReleased)
	is(two, overlay.HoldActive)
	c.want(3, 0)
	if c.stock() != overlay.StockOut {
		t.Errorf("the card says %s", c.stock())
	}
	var got atomic.Int64
	var all sync.WaitGroup
	for range 30 {
		all.Go(func() {
			if _, err := c.hold(1); err == nil {
				got.Add(1)
			}
		})
	}
	last := two
	for range 10 {
		last, err = swap(last, 2, false)
		must(t, err)
	}
	all.Wait()
	if got.Load() != 0 {
		t.Errorf("%d others got a unit in between", got.Load())
	}
	last, err = swap(last, 1, false)
	must(t, err)
	c.want(2, 0)
	if c.stock() != overlay.StockIn {
		t.Errorf("the card says %s", c.stock())
	}
	must(t, c.ReleaseHold(ctx, last.ID))
	late, err := swap(last, 1, false) // its end was confirmed by somebody else
	must(t, err)
	is(late, overlay.HoldActive)
	c.want(2, 0)
	must(t, c.ReleaseHold(ctx, rival.ID))
}
