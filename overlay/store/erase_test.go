package store_test

import (
	"fmt"
	"testing"
	"time"

	"mediad/overlay"
	"mediad/overlay/store"
)

// TestEraseBuyer: who bought is forgotten, in all orders of the buyer and in the holds they
// were bought with, for good; no order, no unit and no money changes by that.
func TestEraseBuyer(t *testing.T) {
	c := newCounter(t, 5)
	ctx := t.Context()
	h, err := c.hold(1)
	must(t, err)
	_, err = c.OpenedHold(ctx, h.ID, "cs_1", "https://checkout.example/cs_1")
	must(t, err)
	buy := func(name, hold, buyer string) overlay.OrderFact {
		f := c.paid(name, hold)
		f.Buyer = buyer
		return f
	}
	first, second, other := buy("1", h.ID, "li@shop.example"), buy("2", "", "li@shop.example"), buy("3", "", "wang@shop.example")
	c.tell(first, second, other)
	id := map[string]string{}
	orders, err := c.FindOrders(ctx, store.Orders{In: overlay.Everything()}, "", 10)
	must(t, err)
	for _, o := range orders {
		id[o.Name] = o.ID
		_, err := c.MatchOrder(ctx, o.ID, c.show, "test")
		must(t, err)
	}
	sums := func() (overlay.Report, string) {
		r, err := c.Report(ctx, c.show, overlay.Everything(), true)
		must(t, err)
		a := c.now()
		return r, fmt.Sprint(r.Total.Orders, r.Total.Money, r.Live.Money, r.Sellers, r.Hosts, a.Held, a.Sold)
	}
	buyers := func(known, unknown int64) {
		t.Helper()
		if r, _ := sums(); r.Total.Buyers != known+unknown || r.Total.UnknownBuyers != unknown {
			t.Errorf("%d buyers, %d of them unknown", r.Total.Buyers, r.Total.UnknownBuyers)
		}
	}
	is := func(name string, want overlay.KeptBuyer) {
		t.Helper()
		o, err := c.Order(ctx, id[name])
		must(t, err)
		if o.Buyer != want {
			t.Errorf("the buyer of order %s is %q, want %q", name, o.Buyer, want)
		}
	}
	_, before := sums()
	buyers(2, 0)
	is("1", overlay.BuyerKnown)
	n, err := c.EraseBuyer(ctx, id["1"], "ann")
	must(t, err)
	if n != 2 {
		t.Errorf("%d orders were of the buyer", n)
	}
	check := func() {
		t.Helper()
		is("1", overlay.BuyerErased)
		is("2", overlay.BuyerErased)
		is("3", overlay.BuyerKnown)
		buyers(1, 2)
		if _, after := sums(); after != before {
			t.Errorf("the sums were %s, and are %s", before, after)
		}
	}
	check()
	again := first
	again.Delivery = "told again"
	c.tell(again)
	check()
	if kept, err := c.GetHold(ctx, h.ID); err != nil || kept.Session != "" || kept.Address != "" {
		t.Errorf("of the hold stays %+v, %v", kept, err)
	}
	if n, err := c.EraseBuyer(ctx, id["2"], "ann"); err != nil || n != 1 { // it is of nobody now
		t.Errorf("erased again: %d, %v", n, err)
	}
	check()
	if _, err := c.EraseBuyer(ctx, "none", "ann"); overlay.CodeOf(err) != overlay.NotFound {
		t.Errorf("an order that is not there: %v", err)
	}
	done, err := c.Audit(ctx, store.AuditQuery{In: overlay.Everything(), Limit: 1})
	must(t, err)
	if len(done) != 1 || done[0].Action != "order.erase" || done[0].Object != "2" || done[0].Actor != "ann" || done[0].At.Sub(c.clock.Now()).Abs() > time.Minute {
		t.Errorf("the audit says %+v", done)
	}
}
