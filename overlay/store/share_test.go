package store_test

import (
	"fmt"
	"testing"
	"time"

	"mediad/overlay"
	"mediad/overlay/store"
)

// TestReportOfShares: the report tells how often a show was shared, who came by that, and the
// orders of these; they stay when the clicks are gone.
func TestReportOfShares(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	show := f.begin().Show
	f.pin(0)
	product := f.products[0]
	shop, err := f.CreateShop(ctx, overlay.Shop{Org: overlay.HomeOrg, Name: "Link", Kind: overlay.ShopLink, Config: overlay.ShopConfig{Template: "https://tea.example/{sku}"}}, nil, "test", store.Once{})
	must(t, err)
	must(t, f.AddWatched(ctx, []overlay.Watched{{Show: show, Shares: 4, Came: 5, Views: 20, Numbers: []uint64{1 << 20, 2 << 20}}}))
	buy := func(order, ref string, quick bool) {
		c := overlay.Click{ID: f.NewID(), Show: show, Product: product.ID, Rev: product.Rev, Ref: ref, At: f.clock.Now()}
		keep := func() { must(t, f.AddClicks(ctx, []overlay.Click{c})) }
		if !quick {
			keep()
		}
		must(t, f.TakeFacts(ctx, shop, []overlay.OrderFact{{Kind: overlay.OrderPaid, Order: order, Amount: 100, Currency: "CNY", Click: c.ID, At: f.clock.Now(), Delivery: order}}))
		if quick { // the shop is quicker than the click
			keep()
		}
	}
	buy("alone", "", false)
	buy("shared", "k3x9m2ab", false)
	buy("late", "k3x9m2ab", true)
	clicks, err := f.Clicks(ctx, store.ClickRange{Show: show}, "", 9)
	must(t, err)
	refs := ""
	for _, c := range clicks {
		refs += fmt.Sprintf("%q", c.Ref)
	}
	if refs != `"""k3x9m2ab""k3x9m2ab"` {
		t.Errorf("clicks came by %s", refs)
	}
	_, err = f.SweepClicks(ctx, f.clock.Now().Add(time.Hour), 0)
	must(t, err)
	r, err := f.Report(ctx, show, overlay.Everything(), true)
	must(t, err)
	texts := map[string]string{}
	for _, x := range r.Total.Rates {
		texts[x.Name] = x.Text
	}
	if p := r.Total; *p.Shares != 4 || *p.Came != 5 || *p.ByShares != 2 || texts["came_per_share"] != "came_per_share 1.25 (5 / 4)" || texts["conv_share"] != "conv_share 40.00 % (2 / 5)" {
		t.Errorf("%d shares, %d came, %d orders by shares: %v", *p.Shares, *p.Came, *p.ByShares, texts)
	}
	if r, err = f.Report(ctx, show, overlay.Everything(), false); err != nil || r.Total.Shares != nil || r.Total.ByShares != nil {
		t.Errorf("who sees a part alone: %+v, %v", r.Total, err)
	}
}
