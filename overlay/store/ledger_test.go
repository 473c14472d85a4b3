package store_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"mediad/overlay"
	"mediad/overlay/store"
)

// TestLedgerInAnyOrder: what a shop tells twice, late, shuffled and at once ends in the
// ledger of one clean pass (I3).
func TestLedgerInAnyOrder(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	open := func(name string) overlay.Shop {
		shop, err := f.CreateShop(ctx, overlay.Shop{Org: overlay.HomeOrg, Name: name, Kind: overlay.ShopShopify, Config: overlay.ShopConfig{Domain: "tea.example"}},
			map[string]string{overlay.WebhookSecret: "s3cret-of-some-length"}, "test", store.Once{})
		must(t, err)
		return shop
	}
	clean, wild := open("clean"), open("wild")
	r := rand.New(rand.NewPCG(7, 11))
	var facts []overlay.OrderFact
	for n := range 40 {
		name, at := fmt.Sprint("order ", n), time.Unix(1796000000+int64(n), 0)
		facts = append(facts, overlay.OrderFact{Kind: overlay.OrderPaid, Delivery: "paid " + name, Order: name, At: at, Amount: 5000, Currency: "EUR",
			Lines: []overlay.OrderLine{{SKU: "CORN", Quantity: 1, Amount: 5000}}})
		if n%3 == 0 {
			facts = append(facts, overlay.OrderFact{Kind: overlay.OrderRefunded, Delivery: "refund " + name, Order: name, At: at.Add(time.Hour), Refund: "r", Amount: int64(r.IntN(5001)), Currency: "EUR"})
		}
		if n%7 == 0 {
			facts = append(facts, overlay.OrderFact{Kind: overlay.OrderCancelled, Delivery: "cancelled " + name, Order: name, At: at.Add(2 * time.Hour)})
		}
	}
	for _, fact := range facts {
		must(t, f.TakeFacts(ctx, clean, []overlay.OrderFact{fact}))
	}
	told := slices.Concat(facts, facts[:len(facts)/5])
	r.Shuffle(len(told), func(i, j int) { told[i], told[j] = told[j], told[i] })
	var all sync.WaitGroup
	for part := range slices.Chunk(told, len(told)/6) {
		all.Go(func() {
			for _, fact := range part {
				if err := f.TakeFacts(ctx, wild, []overlay.OrderFact{fact}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	ledger := func(shop overlay.Shop) (lines []string) {
		orders, err := f.FindOrders(ctx, store.Orders{In: overlay.Everything(), Shop: shop.ID}, "", 1000)
		must(t, err)
		for _, o := range orders {
			lines = append(lines, fmt.Sprint(o.Name, o.State, o.Currency, o.Gross, o.Refunded, o.Net, o.Over, o.PaidAt))
		}
		slices.Sort(lines)
		return lines
	}
	a, b := ledger(clean), ledger(wild)
	if len(a) != 40 || !slices.Equal(a, b) {
		t.Errorf("clean %d orders:\n%v\nwild %d orders:\n%v", len(a), a, len(b), b)
	}
}

// TestFactWithoutTime: what a shop tells without a time has that of its arrival, so that
// the money is in the report of its show.
func TestFactWithoutTime(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	shop, err := f.CreateShop(ctx, overlay.Shop{Org: overlay.HomeOrg, Name: "Tea", Kind: overlay.ShopLink}, nil, "test", store.Once{})
	must(t, err)
	show := f.begin().Show
	fact := overlay.OrderFact{Kind: overlay.OrderPaid, Delivery: "a", Order: "a", Amount: 100, Currency: "CNY"}
	must(t, f.TakeFacts(ctx, shop, []overlay.OrderFact{fact}))
	came := f.clock.Now()
	f.clock.Add(time.Minute)
	must(t, f.TakeFacts(ctx, shop, []overlay.OrderFact{fact})) // told again: it came when it came first
	orders, err := f.FindOrders(ctx, store.Orders{In: overlay.Everything(), Shop: shop.ID}, "", 10)
	must(t, err)
	if len(orders) != 1 || orders[0].PaidAt == nil || orders[0].PaidAt.Sub(came).Abs() > time.Second {
		t.Fatalf("the orders are %+v, want one that was paid at %v", orders, came)
	}
	_, err = f.MatchOrder(ctx, orders[0].ID, show, "test")
	must(t, err)
	report, err := f.Report(ctx, show, overlay.Everything(), true)
	must(t, err)
	if report.Total.Orders != 1 || len(report.Total.Money) != 1 || report.Total.Money[0].Gross != 100 {
		t.Errorf("the report has %+v", report.Total)
	}
}

// TestFindOrders: an order is found by a part of its number, as it stands, and by the days of its payment.
func TestFindOrders(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	shop, err := f.CreateShop(ctx, overlay.Shop{Org: overlay.HomeOrg, Name: "Tea", Kind: overlay.ShopLink}, nil, "test", store.Once{})
	must(t, err)
	noon := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	for i, name := range []string{"A-100", "a-200", "50%_1"} {
		must(t, f.TakeFacts(ctx, shop, []overlay.OrderFact{{Kind: overlay.OrderPaid, Delivery: name, Order: name, At: noon.Add(time.Duration(i) * time.Hour), Amount: 100, Currency: "CNY"}}))
	}
	for _, c := range []struct {
		q    store.Orders
		want string
	}{
		{store.Orders{}, "50%_1 a-200 A-100"},
		{store.Orders{Name: "A-"}, "a-200 A-100"},
		{store.Orders{Name: "00"}, "a-200 A-100"},
		{store.Orders{Name: "%"}, "50%_1"},
		{store.Orders{Name: "0_"}, ""},
		{store.Orders{Name: "!"}, ""},
		{store.Orders{From: noon.Add(time.Hour)}, "50%_1 a-200"},
		{store.Orders{Until: noon.Add(time.Hour)}, "A-100"},
		{store.Orders{Name: "a", From: noon, Until: noon.Add(2 * time.Hour)}, "a-200 A-100"},
	} {
		c.q.In = overlay.Everything()
		found, err := f.FindOrders(ctx, c.q, "", 10)
		must(t, err)
		var names []string
		for _, o := range found {
			names = append(names, o.Name)
		}
		if got := strings.Join(names, " "); got != c.want {
			t.Errorf("%q from %v until %v: %q, want %q", c.q.Name, c.q.From, c.q.Until, got, c.want)
		}
	}
}

// TestListOrders: orders are listed by when they were paid, however late they are told, page by page; each once, with its
// first lines and their number.
func TestListOrders(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	shop, err := f.CreateShop(ctx, overlay.Shop{Org: overlay.HomeOrg, Name: "Tea", Kind: overlay.ShopLink}, nil, "test", store.Once{})
	must(t, err)
	now := f.clock.Now().Truncate(time.Millisecond)
	lines := make([]overlay.OrderLine, 5)
	for i := range lines {
		lines[i] = overlay.OrderLine{Title: fmt.Sprint("line ", i), Quantity: int64(i)}
	}
	lines[0] = overlay.OrderLine{SKU: f.products[0].SKU} // without a title it has that of its product
	for name, at := range map[string]time.Time{"late": now.Add(-time.Hour), "first": now.Add(-2 * time.Hour), "same": now.Add(-time.Hour), "new": now.Add(time.Hour)} {
		must(t, f.TakeFacts(ctx, shop, []overlay.OrderFact{{Kind: overlay.OrderPaid, Delivery: name, Order: name, At: at, Amount: 100, Currency: "CNY", Lines: lines}}))
	}
	must(t, f.TakeFacts(ctx, shop, []overlay.OrderFact{{Kind: overlay.OrderPending, Delivery: "p", Order: "pending", At: now.Add(-9 * time.Hour)}})) // stands where it was told
	for _, in := range []overlay.Scope{overlay.Everything(), {Orgs: []string{overlay.HomeOrg}}, {Orgs: []string{"other", overlay.HomeOrg}}} {
		var names []string
		cursor := ""
		for range 6 {
			page, err := f.ListOrders(ctx, store.Orders{In: in}, cursor, 1)
			must(t, err)
			if len(page) == 0 {
				break
			}
			cursor = store.OrderCursor(page[0].Order)
			names = append(names, page[0].Name)
			if o := page[0]; o.Name == "late" && (o.LineCount != 5 || len(o.Lines) != 3 || o.Lines[0].Title != f.products[0].Title || o.Lines[2].Title != "line 2") {
				t.Errorf("%+v", o)
			}
		}
		got := strings.Join(names, " ")
		if got != "new pending late same first" && got != "new pending same late first" {
			t.Errorf("in %+v: %s", in, got)
		}
	}
	if _, err := f.ListOrders(ctx, store.Orders{In: overlay.Everything()}, "nonsense", 1); overlay.CodeOf(err) != overlay.Invalid {
		t.Errorf("a cursor that is none: %v", err)
	}
	if shop, err = f.Shop(ctx, shop.ID); err != nil || shop.Heard == nil || shop.Heard.Before(now) {
		t.Errorf("the shop was heard: %+v, %v", shop, err)
	}
}
