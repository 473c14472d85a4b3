package store_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"mediad/overlay"
	"mediad/overlay/store"
)

// TestSummary: a show counts whole on the day it began, whatever midnight it went past;
// the rows divide the total; who runs rooms sees all that was sold in them, and who sold
// in rooms of others their own.
func TestSummary(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	org := func(name, parent string, kind overlay.OrgKind) overlay.Org {
		o, err := f.CreateOrg(ctx, overlay.Org{Name: name, Kind: kind, Parent: parent}, overlay.System("test"), store.Once{})
		must(t, err)
		return o
	}
	below, tea, none := org("Branch", overlay.HomeOrg, overlay.MerchantOrg), org("Tea", "", overlay.MerchantOrg), org("None", "", overlay.MerchantOrg)
	open := func(org string) overlay.Shop {
		shop, err := f.CreateShop(ctx, overlay.Shop{Org: org, Name: "Shop", Kind: overlay.ShopLink}, nil, "test", store.Once{})
		must(t, err)
		return shop
	}
	home, branch, seller := open(overlay.HomeOrg), open(below.ID), open(tea.ID)
	leaf, err := f.CreateProduct(ctx, overlay.Product{Org: tea.ID, SKU: "LEAF", Title: "Leaf tea", Price: 70, Currency: "CNY"}, store.Once{})
	must(t, err)
	sold := func(shop overlay.Shop, show, name, sku, currency string, amount int64, at time.Time) {
		must(t, f.TakeFacts(ctx, shop, []overlay.OrderFact{{Kind: overlay.OrderPaid, Delivery: name, Order: name, At: at, Amount: amount, Currency: currency,
			Lines: []overlay.OrderLine{{SKU: sku, Title: "Corn", Quantity: 2, Amount: amount - 10}}}}))
		if show == "" {
			return
		}
		all, err := f.FindOrders(ctx, store.Orders{In: overlay.Everything(), Unmatched: true, Name: name}, "", 100)
		must(t, err)
		_, err = f.MatchOrder(ctx, all[0].ID, show, "test")
		must(t, err)
	}
	b := f.begin()
	began := f.clock.Now()
	f.pin(0)
	clicked := func(product overlay.Product, n int) {
		for range n {
			must(t, f.AddClicks(ctx, []overlay.Click{{ID: f.NewID(), Show: b.Show, Product: product.ID, Rev: product.Rev, At: f.clock.Now()}}))
		}
	}
	clicked(f.products[0], 4)
	must(t, f.AddWatched(ctx, []overlay.Watched{{Show: b.Show, Views: 12, Numbers: []uint64{2, 4, 6, 8, 10, 12, 14, 16, 18, 20}, Impressions: map[string]int64{f.products[0].ID: 8}}}))
	f.clock.Add(10 * time.Minute)
	must(t, f.EndBroadcast(ctx, b.Epoch, f.clock.Now(), "host"))
	f.clock.Add(2 * time.Minute)
	second := f.begin()
	f.clock.Add(20 * time.Minute)
	must(t, f.EndBroadcast(ctx, second.Epoch, f.clock.Now(), "host"))
	_, err = f.EndShow(ctx, "corn")
	must(t, err)
	sold(home, b.Show, "h1", "SKU-0", "CNY", 1010, f.clock.Now())
	sold(home, b.Show, "h2", "SKU-0", "JPY", 500, f.clock.Now().Add(70*24*time.Hour)) // long after the show: it is of its day all the same
	sold(branch, b.Show, "b1", "none", "CNY", 310, f.clock.Now())
	sold(seller, b.Show, "t1", "LEAF", "CNY", 70, f.clock.Now())
	sold(home, "", "n1", "SKU-0", "CNY", 99, f.clock.Now())
	must(t, f.TakeFacts(ctx, home, []overlay.OrderFact{{Kind: overlay.OrderCancelled, Delivery: "off", Order: "h1", At: f.clock.Now()}}))
	private := true
	rehearsal, err := f.PlanShow(ctx, "corn", overlay.Plan{Title: "rehearsal", Rehearsal: &private}, "test", store.Once{})
	must(t, err)
	if tried := f.begin(); tried.Show != rehearsal.ID {
		t.Fatalf("the rehearsal did not begin: %+v", tried)
	} else {
		f.clock.Add(5 * time.Minute)
		must(t, f.EndBroadcast(ctx, tried.Epoch, f.clock.Now(), "host"))
	}
	_, err = f.EndShow(ctx, "corn")
	must(t, err)

	day := began.UTC().Format(time.DateOnly)
	summary := func(org string, by overlay.SummaryBy, from, to string) (overlay.Summary, error) {
		return f.As(overlay.Actor{Name: "test", Grants: []overlay.Grant{{Org: org, Role: overlay.Analyst}, {Org: map[string]string{overlay.HomeOrg: below.ID}[org], Role: map[string]overlay.Role{overlay.HomeOrg: overlay.Analyst}[org]}}}).Summary(ctx, by, org, from, to, "UTC")
	}
	for by, rows := range map[overlay.SummaryBy][]string{
		overlay.ByShow:    {b.Show + " 4/8 1 shows 30 min"},
		overlay.ByHost:    {overlay.HomeOrg + " 4/8 1 shows 30 min"},
		overlay.ByOrg:     {overlay.HomeOrg + " 2/4 1 shows 30 min", tea.ID + " 1/2 1 shows 30 min", below.ID + " 1/2 1 shows 30 min"},
		overlay.ByProduct: {f.products[0].ID + " 2/4 1 shows 32 min", leaf.ID + " 1/2 1 shows 0 min", " 0/2 0 shows 0 min"},
	} {
		s, err := summary(overlay.HomeOrg, by, day, day)
		must(t, err)
		var got []string
		gross := map[string]int64{}
		for _, r := range s.Rows {
			got = append(got, fmt.Sprintf("%s %d/%d %d shows %d min", r.ID, r.Total.Orders, r.Total.Units, r.Shows, r.OnAir/60))
			for _, m := range r.Total.Money {
				gross[m.Currency] += m.Gross
			}
			if r.Live.Orders+r.Replay.Orders != r.Total.Orders {
				t.Errorf("by %s: live and replay are not all: %+v", by, r)
			}
		}
		if slices.Sort(got); !slices.Equal(got, sorted(rows)) {
			t.Errorf("by %s: %q, want %q", by, got, sorted(rows))
		}
		if s.Total.Shows != 1 || s.Total.Total.Orders != 4 || s.Total.Total.Units != 8 || *s.Total.Total.Viewers != 10 || *s.Total.Total.Clicks != 4 || gross["CNY"] != 1390 || gross["JPY"] != 500 {
			t.Errorf("by %s: %+v, rows of %v", by, s.Total, gross)
		}
		if m := s.Total.Total.Money[0]; m != (overlay.Money{Currency: "CNY", Orders: 3, Gross: 1390, Cancelled: 1010, Net: 380}) {
			t.Errorf("by %s: %+v", by, m)
		}
		if s.NoShow.Orders != 1 || s.NoShow.Money[0].Gross != 99 || len(s.Days) != 1 || s.Days[0].Orders != 4 {
			t.Errorf("by %s: %+v %+v", by, s.NoShow, s.Days)
		}
		if r := s.Total.Total.Rates[0]; r.Text != "orders_per_viewer 40.00 % (4 / 10)" {
			t.Errorf("by %s: %s", by, r.Text)
		}
		if by != overlay.ByOrg {
			continue
		}
		for _, r := range s.Rows {
			if (r.ID == overlay.HomeOrg) != (r.Below != nil) || r.Below != nil && (r.Below.Shows != 1 || r.Below.Total.Orders != 3) {
				t.Errorf("with those below: %+v", r)
			}
		}
	}
	// Who sold in the room of another sees its own orders, and nothing of the audience.
	s, err := summary(tea.ID, overlay.ByShow, day, day)
	if must(t, err); len(s.Rows) != 1 || s.Total.Total.Orders != 1 || s.Total.Total.Viewers != nil || s.Total.Total.Clicks != nil || s.NoShow.Orders != 0 || s.Total.Total.Money[0].Gross != 70 {
		t.Errorf("the seller sees %+v", s)
	}
	if s, err = summary(tea.ID, overlay.ByProduct, day, day); err != nil || len(s.Rows) != 2 || s.Rows[0].Name != "Leaf tea" {
		t.Errorf("the seller's products: %+v, %v", s.Rows, err)
	}
	if s, err = summary(none.ID, overlay.ByShow, day, day); err != nil || len(s.Rows) != 0 || s.Total.Total.Orders != 0 {
		t.Errorf("a stranger sees %+v, %v", s, err)
	}
	next := began.UTC().AddDate(0, 0, 1).Format(time.DateOnly)
	if s, err = summary(overlay.HomeOrg, overlay.ByShow, next, next); err != nil || len(s.Rows) != 0 {
		t.Errorf("the day after has %+v, %v", s.Rows, err)
	}
	for _, days := range [][2]string{{next, day}, {"2024-01-01", "2026-01-01"}, {"yesterday", ""}} {
		if _, err := summary(overlay.HomeOrg, overlay.ByShow, days[0], days[1]); overlay.CodeOf(err) != overlay.Invalid {
			t.Errorf("%v: %v", days, err)
		}
	}
}

func sorted(all []string) []string { return slices.Sorted(slices.Values(all)) }
