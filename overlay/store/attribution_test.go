package store_test

import (
	"testing"
	"time"

	"mediad/overlay"
	"mediad/overlay/store"
)

// TestOrigin: an order comes from where its click came from, for a day, whatever the order
// in which facts arrive and though clicks are not kept; a shop cannot name clicks that
// never led to it, and what somebody said by hand stays.
func TestOrigin(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	other, err := f.CreateOrg(ctx, overlay.Org{Name: "Other", Kind: overlay.MerchantOrg}, overlay.System("test"), store.Once{})
	must(t, err)
	open := func(org string) overlay.Shop {
		shop, err := f.CreateShop(ctx, overlay.Shop{Org: org, Name: "Tea", Kind: overlay.ShopLink}, nil, "test", store.Once{})
		must(t, err)
		return shop
	}
	home, foreign := open(overlay.HomeOrg), open(other.ID)
	b := f.begin()
	product := f.products[0]
	pin := f.pin(0).ID
	click := func() overlay.Click {
		c := overlay.Click{ID: f.NewID(), Show: b.Show, Product: product.ID, Rev: product.Rev, At: f.clock.Now()}
		must(t, f.AddClicks(ctx, []overlay.Click{c}))
		return c
	}
	f.clock.Add(time.Second)
	live := click()
	f.clock.Add(time.Minute)
	must(t, f.EndBroadcast(ctx, b.Epoch, f.clock.Now(), "host"))
	_, err = f.EndShow(ctx, "corn")
	must(t, err)
	f.clock.Add(time.Minute)
	later := click()

	fact := func(kind overlay.OrderFactKind, order string, c overlay.Click, after time.Duration) overlay.OrderFact {
		return overlay.OrderFact{Kind: kind, Delivery: string(kind) + " " + order, Order: order, At: c.At.Add(after), Amount: 100, Currency: "CNY", Click: c.ID}
	}
	order := func(shop overlay.Shop, facts ...overlay.OrderFact) overlay.Order {
		for _, one := range facts {
			must(t, f.TakeFacts(ctx, shop, []overlay.OrderFact{one}))
		}
		all, err := f.FindOrders(ctx, store.Orders{In: overlay.Everything(), Shop: shop.ID}, "", 100)
		must(t, err)
		for _, o := range all {
			if o.Name == facts[0].Order {
				return o
			}
		}
		t.Fatalf("there is no order %s", facts[0].Order)
		return overlay.Order{}
	}
	if o := order(home, fact(overlay.OrderPaid, "live", live, time.Minute)); o.Show != b.Show || o.Product != product.ID || o.Cue != pin || o.Replay || o.Host != overlay.HomeOrg {
		t.Errorf("an order of the live show: %+v", o)
	}
	if o := order(home, fact(overlay.OrderPaid, "replay", later, time.Minute)); o.Show != b.Show || o.Product != product.ID || o.Cue != "" || !o.Replay {
		t.Errorf("an order of the recording: %+v", o)
	}
	if o := order(foreign, fact(overlay.OrderPaid, "foreign", live, time.Minute)); o.Show != "" || o.Host != "" {
		t.Errorf("a shop takes a click that never led to it: %+v", o)
	}
	pending, paid := fact(overlay.OrderPending, "late", live, time.Minute), fact(overlay.OrderPaid, "late", live, 25*time.Hour)
	if o := order(home, pending, paid); o.Show != "" {
		t.Errorf("paid a day late, told in order: %+v", o)
	}
	pending.Order, pending.Delivery, paid.Order, paid.Delivery = "late 2", "late 2", "late 2", "late 2 paid"
	if o := order(home, paid, pending); o.Show != "" {
		t.Errorf("paid a day late, told in the other order: %+v", o)
	}
	n, err := f.SweepClicks(ctx, f.clock.Now().Add(time.Hour), 0)
	must(t, err)
	refund := fact(overlay.OrderRefunded, "live", live, time.Hour)
	refund.Refund = "r"
	if o := order(home, refund); n != 2 || o.Show != b.Show || o.Product != product.ID || o.Cue != pin || o.Refunded != 100 {
		t.Errorf("after %d clicks are swept: %+v", n, o)
	}
	o, err := f.MatchOrder(ctx, order(home, fact(overlay.OrderPaid, "hand", later, time.Minute)).ID, b.Show, "test")
	must(t, err)
	if o.Show != b.Show || o.Host != overlay.HomeOrg || o.Product != "" || !o.ByHand {
		t.Errorf("matched by hand: %+v", o)
	}
	if o := order(home, fact(overlay.OrderCancelled, "hand", overlay.Click{}, time.Hour)); o.Show != b.Show || o.State != overlay.OrderStateCancelled {
		t.Errorf("cancelled after that: %+v", o)
	}
}

// TestLateClick: a shop may tell of a payment before the click that led to it is kept. The
// order comes from its show all the same, unless somebody has said so by hand.
func TestLateClick(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	shop, err := f.CreateShop(ctx, overlay.Shop{Org: overlay.HomeOrg, Name: "Tea", Kind: overlay.ShopLink}, nil, "test", store.Once{})
	must(t, err)
	b := f.begin()
	product := f.products[0]
	var clicks []overlay.Click
	for n, name := range []string{"quick", "hand", "old"} {
		c := overlay.Click{ID: f.NewID(), Show: b.Show, Product: product.ID, Rev: product.Rev, At: f.clock.Now()}
		clicks = append(clicks, c)
		paid := c.At.Add(time.Second)
		if n == 2 {
			paid = c.At.Add(25 * time.Hour)
		}
		must(t, f.TakeFacts(ctx, shop, []overlay.OrderFact{{Kind: overlay.OrderPaid, Delivery: name, Order: name, At: paid, Amount: 100, Currency: "CNY", Click: c.ID}}))
	}
	orders := func() map[string]overlay.Order {
		all, err := f.FindOrders(ctx, store.Orders{In: overlay.Everything(), Shop: shop.ID}, "", 100)
		must(t, err)
		out := map[string]overlay.Order{}
		for _, o := range all {
			out[o.Name] = o
		}
		return out
	}
	for name, o := range orders() {
		if o.Show != "" {
			t.Errorf("before its click is kept, %s is of the show %s", name, o.Show)
		}
	}
	_, err = f.MatchOrder(ctx, orders()["hand"].ID, "", "test")
	must(t, err)
	must(t, f.AddClicks(ctx, clicks))
	got := orders()
	if o := got["quick"]; o.Show != b.Show || o.Product != product.ID {
		t.Errorf("the order whose click came later: %+v", o)
	}
	if o := got["hand"]; o.Show != "" {
		t.Errorf("somebody has said that it comes from no show: %+v", o)
	}
	if o := got["old"]; o.Show != "" {
		t.Errorf("paid a day late: %+v", o)
	}
}

// TestListing: a listing that gives no address at which a buyer could pay is refused; a
// product that is deleted is in no shop.
func TestListing(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	product := f.products[1]
	open := func(kind overlay.ShopKind, c overlay.ShopConfig) string {
		shop, err := f.CreateShop(ctx, overlay.Shop{Org: overlay.HomeOrg, Name: string(kind), Kind: kind, Config: c}, nil, "test", store.Once{})
		must(t, err)
		return shop.ID
	}
	link, form := open(overlay.ShopLink, overlay.ShopConfig{Hosts: []string{"tea.example"}}), open(overlay.ShopLink, overlay.ShopConfig{Template: "https://form.example/{variant}"})
	cart, pays := open(overlay.ShopShopify, overlay.ShopConfig{Domain: "cart.example"}), open(overlay.ShopStripeLink, overlay.ShopConfig{})
	for name, test := range map[string]struct {
		l    overlay.Listing
		want overlay.Code
	}{
		"a page":                {overlay.Listing{Shop: link, Link: "https://tea.example/corn?c={click}"}, ""},
		"a page elsewhere":      {overlay.Listing{Shop: link, Link: "https://evil.example/"}, overlay.Invalid},
		"a host from the click": {overlay.Listing{Shop: link, Link: "https://{click}.example/"}, overlay.Invalid},
		"no page":               {overlay.Listing{Shop: link}, overlay.Invalid},
		"a name for a template": {overlay.Listing{Shop: form, Ref: "a"}, ""},
		"no name":               {overlay.Listing{Shop: form}, overlay.Invalid},
		"a number":              {overlay.Listing{Shop: cart, Ref: "71"}, ""},
		"no number":             {overlay.Listing{Shop: cart}, overlay.Invalid},
		"no such number":        {overlay.Listing{Shop: cart, Ref: "71?x"}, overlay.Invalid},
		"a Payment Link":        {overlay.Listing{Shop: pays, Link: "https://buy.stripe.com/a"}, ""},
		"no Payment Link":       {overlay.Listing{Shop: pays, Ref: "x"}, overlay.Invalid},
		"no such variant":       {overlay.Listing{Shop: cart, Ref: "71", Variant: product.ID + "-1-1"}, overlay.NotFound},
	} {
		test.l.Product = product.ID
		if _, err := f.SetListing(ctx, test.l, "test"); overlay.CodeOf(err) != test.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	known := func() int {
		c, err := f.Checkouts(ctx, overlay.HomeOrg, product.ID)
		must(t, err)
		if len(c.Shops) != 4 {
			t.Errorf("%d shops", len(c.Shops))
		}
		return len(c.Listings)
	}
	if n := known(); n != 4 {
		t.Errorf("%d listings", n)
	}
	must(t, f.DeleteListing(ctx, overlay.Listing{Shop: pays, Product: product.ID}, "test"))
	if err := f.DeleteListing(ctx, overlay.Listing{Shop: pays, Product: product.ID}, "test"); overlay.CodeOf(err) != overlay.NotFound {
		t.Errorf("deleted twice: %v", err)
	}
	if n := known(); n != 3 {
		t.Errorf("%d listings are remembered", n)
	}
	must(t, f.DeleteProduct(ctx, product.ID, "test"))
	must(t, f.SweepDeleted(ctx))
	list, err := f.Listings(ctx, cart, "", "", 10)
	must(t, err)
	if len(list) != 0 {
		t.Errorf("a product that is gone is still listed: %+v", list)
	}
}
