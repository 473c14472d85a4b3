package store_test

import (
	"testing"
	"time"

	"mediad/overlay"
	"mediad/overlay/store"
)

// TestUnmatchOrder: what was said by hand counts over the click, until it is taken back.
func TestUnmatchOrder(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	shop, err := f.CreateShop(ctx, overlay.Shop{Org: overlay.HomeOrg, Name: "Tea", Kind: overlay.ShopLink}, nil, "test", store.Once{})
	must(t, err)
	show, err := f.PlanShow(ctx, "corn", overlay.Plan{Title: "Harvest"}, "test", store.Once{})
	must(t, err)
	now := f.clock.Now()
	must(t, f.AddClicks(ctx, []overlay.Click{{ID: "click", Show: show.ID, Product: f.products[0].ID, Rev: 1, At: now}}))
	paid := func(name, click string) string {
		must(t, f.TakeFacts(ctx, shop, []overlay.OrderFact{{Kind: overlay.OrderPaid, Delivery: name, Order: name, At: now.Add(time.Minute), Amount: 100, Currency: "CNY", Click: click}}))
		all, err := f.FindOrders(ctx, store.Orders{In: overlay.Everything(), Shop: shop.ID}, "", 1)
		must(t, err)
		return all[0].ID
	}
	for _, c := range []struct{ name, click, said, want string }{{"by a click", "click", "", show.ID}, {"without one", "", show.ID, ""}} {
		id := paid(c.name, c.click)
		o, err := f.MatchOrder(ctx, id, c.said, "test")
		must(t, err)
		if o.Show != c.said || !o.ByHand {
			t.Errorf("%s: said %q: %+v", c.name, c.said, o)
		}
		if o, err = f.UnmatchOrder(ctx, id, "test"); err != nil || o.Show != c.want || o.ByHand || (o.Product != "") != (c.click != "") {
			t.Errorf("%s: taken back: %+v, %v", c.name, o, err)
		}
	}
	if _, err := f.UnmatchOrder(ctx, "none", "test"); overlay.CodeOf(err) != overlay.NotFound {
		t.Errorf("of no order: %v", err)
	}
}
