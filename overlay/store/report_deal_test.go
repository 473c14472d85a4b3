package store_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"mediad/overlay"
	"mediad/overlay/store"
)

// TestReportOfDeals: the report of a show has what came of its flash offers and coupons, of
// each currency by itself, and each rate beside both of its figures; what was sold without
// them is in neither, and who sees a part of the report sees none of them.
func TestReportOfDeals(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	show := f.begin().Show
	f.pin(0)
	product := f.products[0]
	shop, err := f.CreateShop(ctx, overlay.Shop{Org: overlay.HomeOrg, Name: "Link", Kind: overlay.ShopLink, Config: overlay.ShopConfig{Template: "https://tea.example/{sku}?d={code}"}}, nil, "test", store.Once{})
	must(t, err)
	n := f.flash(show, 0)
	n.Shop, n.Held, n.Code, n.Total = shop.ID, false, "FLASH", 8
	offer, err := f.CreateOffer(ctx, n, "test", store.Once{})
	must(t, err)
	coupon, err := f.CreateCoupon(ctx, overlay.Coupon{Show: show, Label: "=10 off", Code: "TEN", Shown: true}, "test", store.Once{})
	must(t, err)
	for buyer := range 4 {
		_, err := f.TakeCoupon(ctx, show, coupon.ID, fmt.Sprint(buyer))
		must(t, err)
	}
	delivery := 0
	tell := func(facts ...overlay.OrderFact) {
		for i := range facts {
			delivery++
			facts[i].At, facts[i].Delivery = f.clock.Now(), fmt.Sprint(delivery)
		}
		must(t, f.TakeFacts(ctx, shop, facts))
	}
	click := func(with string) overlay.Click {
		return overlay.Click{ID: f.NewID(), Show: show, Product: product.ID, Rev: product.Rev, Coupon: with, At: f.clock.Now()}
	}
	buy := func(order, currency, with string) {
		c := click(with)
		must(t, f.AddClicks(ctx, []overlay.Click{c}))
		// The offer sells two of it; what else is in the cart is no unit of the offer.
		tell(overlay.OrderFact{Kind: overlay.OrderPaid, Order: order, Amount: 2000, Currency: currency, Click: c.ID,
			Lines: []overlay.OrderLine{{SKU: product.SKU, Quantity: 2, Amount: 1800}, {SKU: "BOX", Quantity: 1, Amount: 200}}})
	}
	buy("before", "CNY", "")
	f.clock.Add(20 * time.Second)
	buy("open", "CNY", coupon.ID)
	buy("dear", "JPY", "")
	buy("back", "CNY", "")
	buy("off", "CNY", "")
	tell(overlay.OrderFact{Kind: overlay.OrderRefunded, Order: "back", Refund: "r", Amount: 500, Currency: "CNY"}, overlay.OrderFact{Kind: overlay.OrderCancelled, Order: "off"})
	f.clock.Add(5 * time.Minute)
	late := click(coupon.ID) // the shop is quicker than the click
	tell(overlay.OrderFact{Kind: overlay.OrderPaid, Order: "after", Amount: 100, Currency: "CNY", Click: late.ID})
	must(t, f.AddClicks(ctx, []overlay.Click{late}))
	_, err = f.SweepClicks(ctx, f.clock.Now().Add(time.Hour), 0) // what an order came with stays
	must(t, err)
	r, err := f.Report(ctx, show, overlay.Everything(), true)
	must(t, err)
	if len(r.Offers) != 1 || len(r.Coupons) != 1 {
		t.Fatalf("%+v %+v", r.Offers, r.Coupons)
	}
	o, c := r.Offers[0], r.Coupons[0]
	wantMoney := []overlay.Money{{Currency: "CNY", Orders: 3, Gross: 6000, Refunded: 500, Cancelled: 2000, Net: 3500}, {Currency: "JPY", Orders: 1, Gross: 2000, Net: 2000}}
	if o.Offer != offer.ID || o.Title != product.Title || o.SKU != product.SKU || o.Price != 900 || *o.Usual != product.Price || o.State != overlay.OfferEnded || !o.Opened.Equal(offer.Starts) || !o.Closed.Equal(offer.Ends) ||
		o.Taken != 6 || *o.Offered != 8 || o.PerBuyer != nil || o.Orders != 4 || fmt.Sprint(o.Money) != fmt.Sprint(wantMoney) || o.Rates[0].Text != "sell_through 75.00 % (6 / 8)" {
		t.Errorf("%+v", o)
	}
	if c.Got != 4 || c.Orders != 2 || fmt.Sprint(c.Money) != fmt.Sprint([]overlay.Money{{Currency: "CNY", Orders: 2, Gross: 2100, Net: 2100}}) || c.Rates[0].Text != "orders_per_coupon 50.00 % (2 / 4)" {
		t.Errorf("%+v", c)
	}
	text, err := r.CSV()
	must(t, err)
	for _, line := range []string{
		"offer," + offer.ID + "," + product.SKU + "," + product.Title + ",CNY,,,,,,4,,6,,,,,,,,,,9.00,",
		"offer," + offer.ID + "," + product.SKU + "," + product.Title + ",JPY,,,,,,1,,,2000,0,0,2000,",
		"offer rate sell_through," + offer.ID + "," + product.SKU + "," + product.Title + ",,,,,,,,,,,,,,0.750000,taken,6,offered,8,",
		"coupon rate orders_per_coupon," + coupon.ID + ",,'=10 off,,,,,,,,,,,,,,0.500000,orders,2,got,4,",
	} {
		if !strings.Contains(string(text), "\n"+line) {
			t.Errorf("%s is missing:\n%s", line, text)
		}
	}
	if r, err = f.Report(ctx, show, overlay.Everything(), false); err != nil || r.Offers != nil || r.Coupons != nil {
		t.Errorf("a part: %+v %+v, %v", r.Offers, r.Coupons, err)
	}
}
