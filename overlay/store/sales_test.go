package store_test

import (
	"fmt"
	"testing"
	"time"

	"mediad/overlay"
	"mediad/overlay/store"
)

// TestShowSales: what a show has sold is what its report says, over two broadcasts and a
// midnight, with names and minutes; what changes is news.
func TestShowSales(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	b := f.begin()
	f.pin(0)
	s, err := f.ShowSales(ctx, b.Show)
	must(t, err)
	if s.Orders != 0 || s.Shops || len(s.Money) != 0 || len(s.Products) != 0 || len(s.Minutes) != overlay.SalesMinutes || s.Minutes[overlay.SalesMinutes-1].At != s.At.Truncate(time.Minute) {
		t.Errorf("an empty show: %+v", s)
	}
	shop, err := f.CreateShop(ctx, overlay.Shop{Org: overlay.HomeOrg, Name: "Shop", Kind: overlay.ShopLink}, nil, "test", store.Once{})
	must(t, err)
	corn := f.products[0]
	sell := func(name, currency string, amount int64) {
		t.Helper()
		before := f.OrderNews()
		click := overlay.Click{ID: f.NewID(), Show: b.Show, Product: corn.ID, Rev: corn.Rev, At: f.clock.Now()}
		must(t, f.AddClicks(ctx, []overlay.Click{click}))
		if f.OrderNews() != before {
			t.Error("a click without an order is no news of orders")
		}
		must(t, f.TakeFacts(ctx, shop, []overlay.OrderFact{{Kind: overlay.OrderPaid, Delivery: name, Order: name, At: f.clock.Now(), Amount: amount, Currency: currency, Click: click.ID,
			Lines: []overlay.OrderLine{{SKU: corn.SKU, Title: "as the shop calls it", Quantity: 2, Amount: amount}}}}))
		if f.OrderNews() == before {
			t.Error("an order is no news")
		}
	}
	sell("1", "CNY", 9980)
	must(t, f.EndBroadcast(ctx, b.Epoch, f.clock.Now(), "host"))
	f.clock.Add(5 * time.Minute)
	if again := f.begin(); again.Show != b.Show {
		t.Fatal("the second broadcast is of another show")
	}
	f.clock.Add(24 * time.Hour) // past midnight
	sell("2", "CNY", 4990)
	f.clock.Add(time.Minute)
	sell("3", "JPY", 500)
	before := f.OrderNews()
	must(t, f.TakeFacts(ctx, shop, []overlay.OrderFact{{Kind: overlay.OrderRefunded, Delivery: "r", Order: "2", Refund: "r", At: f.clock.Now(), Amount: 990, Currency: "CNY"}}))
	if f.OrderNews() == before {
		t.Error("a refund is no news")
	}
	s, err = f.ShowSales(ctx, b.Show)
	must(t, err)
	want := []overlay.Money{{Currency: "CNY", Orders: 2, Gross: 14970, Refunded: 990, Net: 13980}, {Currency: "JPY", Orders: 1, Gross: 500, Net: 500}}
	if s.Orders != 3 || s.Clicks != 3 || !s.Shops || fmt.Sprint(s.Money) != fmt.Sprint(want) {
		t.Errorf("%+v", s)
	}
	if p := s.Products; len(p) != 1 || p[0].Product != corn.ID || p[0].SKU != corn.SKU || p[0].Title != corn.Title || p[0].Orders != 3 || p[0].Units != 6 || p[0].Clicks != 3 || len(p[0].Money) != 2 {
		t.Errorf("%+v", p)
	}
	if m := s.Minutes[overlay.SalesMinutes-2:]; m[0].Orders != 1 || m[1].Orders != 1 || m[0].Clicks != 1 || m[1].Clicks != 1 || s.Minutes[0].Orders != 0 {
		t.Errorf("%+v", s.Minutes)
	}
	r, err := f.Report(ctx, b.Show, overlay.Everything(), true)
	must(t, err)
	if r.Total.Orders != s.Orders || fmt.Sprint(r.Total.Money) != fmt.Sprint(s.Money) {
		t.Errorf("the report says %+v", r.Total)
	}
	private := true
	rehearsal, err := f.PlanShow(ctx, "corn", overlay.Plan{Title: "rehearsal", Rehearsal: &private}, "test", store.Once{})
	must(t, err)
	must(t, f.TakeFacts(ctx, shop, []overlay.OrderFact{{Kind: overlay.OrderPaid, Delivery: "4", Order: "4", At: f.clock.Now(), Amount: 1, Currency: "CNY"}}))
	unmatched, err := f.FindOrders(ctx, store.Orders{In: overlay.Everything(), Unmatched: true}, "", 10)
	must(t, err)
	_, err = f.MatchOrder(ctx, unmatched[0].ID, rehearsal.ID, "test")
	wantCode(t, err, overlay.Invalid)
	before = f.OrderNews()
	_, err = f.MatchOrder(ctx, unmatched[0].ID, b.Show, "test")
	must(t, err)
	if f.OrderNews() == before {
		t.Error("an order that is matched by hand is no news")
	}
	counts, err := f.CountOrders(ctx, []string{b.Show, rehearsal.ID, "gone"})
	if err != nil || counts[b.Show] != 4 || counts[rehearsal.ID] != 0 || counts["gone"] != 0 {
		t.Errorf("%v, %v", counts, err)
	}
	if s, err := f.ShowSales(ctx, rehearsal.ID); err != nil || !s.Rehearsal || s.Orders != 0 || len(s.Minutes) != 0 {
		t.Errorf("a rehearsal: %+v, %v", s, err)
	}
}
