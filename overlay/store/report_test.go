package store_test

import (
	"fmt"
	"testing"
	"time"

	"mediad/overlay"
	"mediad/overlay/store"
)

// TestReport: a show over two broadcasts and a midnight is one (I9); who runs its room
// sees all of it, who sold in it what its own shops sold, and others nothing.
func TestReport(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	seller, err := f.CreateOrg(ctx, overlay.Org{Name: "Tea", Kind: overlay.MerchantOrg}, overlay.System("test"), store.Once{})
	must(t, err)
	none, err := f.CreateOrg(ctx, overlay.Org{Name: "None", Kind: overlay.MerchantOrg}, overlay.System("test"), store.Once{})
	must(t, err)
	open := func(org string) overlay.Shop {
		shop, err := f.CreateShop(ctx, overlay.Shop{Org: org, Name: "Shop", Kind: overlay.ShopLink}, nil, "test", store.Once{})
		must(t, err)
		return shop
	}
	home, tea := open(overlay.HomeOrg), open(seller.ID)
	product := f.products[0]
	sold := func(shop overlay.Shop, name, currency string, amount int64, at time.Time, buyer string) {
		must(t, f.TakeFacts(ctx, shop, []overlay.OrderFact{{Kind: overlay.OrderPaid, Delivery: name, Order: name, At: at, Amount: amount, Currency: currency, Buyer: buyer,
			Lines: []overlay.OrderLine{{SKU: product.SKU, Title: "Corn", Quantity: 2, Amount: amount - 10}}}}))
	}
	match := func(show string) {
		all, err := f.FindOrders(ctx, store.Orders{In: overlay.Everything(), Unmatched: true}, "", 100)
		must(t, err)
		for _, o := range all {
			_, err := f.MatchOrder(ctx, o.ID, show, "test")
			must(t, err)
		}
	}
	b := f.begin()
	f.pin(0)
	must(t, f.AddClicks(ctx, []overlay.Click{{ID: f.NewID(), Show: b.Show, Product: product.ID, Rev: product.Rev, At: f.clock.Now()}}))
	sold(home, "1", "CNY", 1010, f.clock.Now(), "anna")
	must(t, f.EndBroadcast(ctx, b.Epoch, f.clock.Now(), "host"))
	f.clock.Add(2 * time.Minute)
	second := f.begin()
	if second.Show != b.Show {
		t.Fatal("the second broadcast is of another show")
	}
	sold(home, "2", "CNY", 2010, f.clock.Now().Add(12*time.Hour), "anna")
	sold(home, "3", "JPY", 500, f.clock.Now(), "")
	sold(tea, "4", "CNY", 70, f.clock.Now(), "li")
	for name, fact := range map[string]overlay.OrderFact{"1": {Kind: overlay.OrderRefunded, Refund: "r", Amount: 10, Currency: "CNY"}, "2": {Kind: overlay.OrderCancelled}} {
		fact.Order, fact.Delivery, fact.At = name, "off "+name, f.clock.Now().Add(20*time.Hour)
		must(t, f.TakeFacts(ctx, home, []overlay.OrderFact{fact}))
	}
	must(t, f.TakeFacts(ctx, home, []overlay.OrderFact{{Kind: overlay.OrderPending, Delivery: "5", Order: "5", At: f.clock.Now(), Amount: 9, Currency: "CNY"}})) // brings nothing yet
	match(b.Show)
	click := overlay.Click{ID: f.NewID(), Show: b.Show, Product: f.products[1].ID, Rev: f.products[1].Rev, At: f.clock.Now()}
	must(t, f.AddClicks(ctx, []overlay.Click{click}))
	must(t, f.TakeFacts(ctx, home, []overlay.OrderFact{{Kind: overlay.OrderPaid, Delivery: "7", Order: "7", At: f.clock.Now(), Amount: 40, Currency: "CNY", Click: click.ID}})) // its shop tells no lines
	as := func(org string, role overlay.Role) store.Acting {
		return f.As(overlay.Actor{Name: "test", Grants: []overlay.Grant{{Org: org, Role: role}}})
	}
	came := func(views int64, numbers ...uint64) {
		must(t, f.AddWatched(ctx, []overlay.Watched{{Show: b.Show, Views: views, Numbers: numbers}, {Show: "gone", Views: 1, Numbers: numbers}}))
	}
	came(3, 1<<63, 1<<62)
	came(1, 1<<63)
	r, err := as(overlay.HomeOrg, overlay.Analyst).Report(ctx, b.Show)
	must(t, err)
	want := []overlay.Money{{Currency: "CNY", Orders: 4, Gross: 3130, Refunded: 10, Cancelled: 2010, Net: 1110}, {Currency: "JPY", Orders: 1, Gross: 500, Net: 500}}
	if fmt.Sprint(r.Total.Money) != fmt.Sprint(want) || r.Total.Orders != 5 || r.Total.Buyers != 4 || r.Total.UnknownBuyers != 2 || !r.Whole || *r.Total.Clicks != 2 {
		t.Errorf("%+v", r.Total)
	}
	if p := r.Live; *p.Views != 4 || *p.Viewers != 2 || *p.Clicks != 2 || *r.Replay.Clicks != 0 || p.Rates[0].Text != "orders_per_viewer 250.00 % (5 / 2)" {
		t.Errorf("%+v", p)
	}
	if len(r.Sellers) != 2 || r.Sellers[1].Name != "Tea" || len(r.Hosts) != 1 || r.Hosts[0].Org != overlay.HomeOrg || r.Hosts[0].Orders != 5 {
		t.Errorf("%+v %+v", r.Sellers, r.Hosts)
	}
	if p := r.Products[0]; p.Product != product.ID || p.Title != "Corn" || p.Orders != 3 || p.Units != 6 || p.Money[0].Gross != 3000 || p.Money[0].Cancelled != 2000 || p.Money[0].Net != 1000 || *p.Clicks != 1 {
		t.Errorf("%+v", p)
	}
	if p := r.Products[1]; p.Product != f.products[1].ID || p.Orders != 1 || p.Money[0].Net != 40 {
		t.Errorf("an order without lines: %+v", p)
	}
	if p := r.Products[len(r.Products)-1]; p.Product != "" || p.Money[0].Gross != 90 || p.Money[0].Net != 70 { // postage, and the line of a product that the seller has not
		t.Errorf("the rest: %+v", p)
	}
	figures := func(org string, role overlay.Role, show string) string {
		all, err := as(org, role).ShowFigures(ctx, []string{show, "unknown"})
		must(t, err)
		if one, ok := all[show]; ok && len(all) == 1 {
			return fmt.Sprint(one.Orders, one.Money)
		}
		return fmt.Sprint(len(all))
	}
	if got := figures(overlay.HomeOrg, overlay.Analyst, b.Show); got != fmt.Sprint(5, want) {
		t.Errorf("in a list: %v", got)
	}
	if got := figures(overlay.HomeOrg, overlay.Moderator, b.Show) + figures(seller.ID, overlay.Owner, b.Show); got != "00" {
		t.Errorf("who may not see them, in a list: %v", got)
	}
	if r.Stretch != 60 || len(r.Times) < 3 || r.Times[0].Orders != 1 || r.Times[0].Money[0] != (overlay.Taken{Currency: "CNY", Gross: 1010}) {
		t.Errorf("by time: %d seconds, %+v", r.Stretch, r.Times)
	}
	timed := int64(0)
	for _, at := range r.Times {
		timed += at.Orders
	}
	if timed != 4 { // number 2 was paid twelve hours after the show
		t.Errorf("%d orders were paid in the show: %+v", timed, r.Times)
	}
	if r, err = as(seller.ID, overlay.Analyst).Report(ctx, b.Show); err != nil || r.Whole || r.Total.Orders != 1 || r.Total.Buyers != 1 || len(r.Sellers) != 1 || r.Sellers[0].Org != seller.ID || r.Total.Money[0].Gross != 70 || r.Total.Clicks != nil {
		t.Errorf("the seller sees %+v, %v", r, err)
	}
	if _, err := as(none.ID, overlay.Owner).Report(ctx, b.Show); overlay.CodeOf(err) != overlay.NotFound {
		t.Errorf("a stranger: %v", err)
	}
	if _, err := as(seller.ID, overlay.Moderator).Report(ctx, b.Show); overlay.CodeOf(err) != overlay.NotFound {
		t.Errorf("a moderator of the seller: %v", err)
	}
	private := true
	rehearsal, err := f.PlanShow(ctx, "corn", overlay.Plan{Title: "rehearsal", Rehearsal: &private}, "test", store.Once{})
	must(t, err)
	tried := overlay.Click{ID: f.NewID(), Show: rehearsal.ID, Product: product.ID, Rev: product.Rev, At: f.clock.Now()}
	must(t, f.AddClicks(ctx, []overlay.Click{tried}))
	must(t, f.TakeFacts(ctx, home, []overlay.OrderFact{{Kind: overlay.OrderPaid, Delivery: "6", Order: "6", At: f.clock.Now(), Amount: 100, Currency: "CNY", Click: tried.ID}}))
	if r, err := f.Report(ctx, rehearsal.ID, overlay.Everything(), true); err != nil || r.Total.Orders != 0 || !r.Rehearsal {
		t.Errorf("a rehearsal: %+v, %v", r, err)
	}
	if got := figures(overlay.HomeOrg, overlay.Owner, rehearsal.ID); got != "0" {
		t.Errorf("a rehearsal in a list: %v", got)
	}
	var great []overlay.OrderFact
	for n := range 1025 { // 2^63 and more together
		name := fmt.Sprint("great ", n)
		great = append(great, overlay.OrderFact{Kind: overlay.OrderPaid, Delivery: name, Order: name, At: f.clock.Now(), Amount: 1<<53 - 1, Currency: "EUR", Click: click.ID})
	}
	must(t, f.TakeFacts(ctx, home, great))
	if _, err := f.Report(ctx, b.Show, overlay.Everything(), true); overlay.CodeOf(err) != overlay.Conflict {
		t.Errorf("a sum beyond 64 bits: %v", err)
	}
	if got := figures(overlay.HomeOrg, overlay.Owner, b.Show); got != "0" {
		t.Errorf("a sum beyond 64 bits in a list: %v", got)
	}
}
