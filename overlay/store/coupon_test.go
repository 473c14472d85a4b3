package store_test

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"mediad/overlay"
	"mediad/overlay/store"
)

// TestCoupon: many buyers at once get a coupon, each once, and no more of them than there
// are; the picture tells its label and never its code; and it ends by itself at its time, and with the
// show.
func TestCoupon(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	show := f.begin().Show
	_, err := f.CreateShop(ctx, overlay.Shop{Org: overlay.HomeOrg, Name: "Session", Kind: overlay.ShopStripeSession, Stock: overlay.StockAllocatedHold}, map[string]string{overlay.APIKey: "sk_test_1"}, "test", store.Once{})
	must(t, err)
	if _, err := f.CreateCoupon(ctx, overlay.Coupon{Show: show, Label: "Ten off", Code: "SECRET"}, "test", store.Once{}); overlay.CodeOf(err) != overlay.Invalid || !strings.Contains(err.Error(), "no place for a code") {
		t.Errorf("a shop without a place for a code: %v", err)
	}
	shop, err := f.CreateShop(ctx, overlay.Shop{Org: overlay.HomeOrg, Name: "Tea", Kind: overlay.ShopShopify, Config: overlay.ShopConfig{Domain: "tea.example"}}, nil, "test", store.Once{})
	must(t, err)
	c, err := f.CreateCoupon(ctx, overlay.Coupon{Show: show, Label: "Ten off", Code: "SECRET", Total: 20, Shown: true, Ends: f.clock.Now().Add(time.Hour)}, "test", store.Once{})
	must(t, err)
	if c.Shop != shop.ID || !c.Shown {
		t.Errorf("made: %+v", c)
	}
	later, err := f.CreateCoupon(ctx, overlay.Coupon{Show: show, Label: "Later", Code: "SECRET2"}, "test", store.Once{})
	must(t, err)

	var got, refused atomic.Int64
	var all sync.WaitGroup
	for n := range 60 { // 30 buyers, each twice
		all.Go(func() {
			taken, err := f.TakeCoupon(ctx, show, c.ID, fmt.Sprint("buyer ", n%30))
			switch {
			case err == nil && taken.Code == "SECRET":
				got.Add(1)
			case overlay.CodeOf(err) == overlay.Limit:
				refused.Add(1)
			default:
				t.Errorf("%+v, %v", taken, err)
			}
		})
	}
	all.Wait()
	if got.Load() != 40 || refused.Load() != 20 {
		t.Errorf("%d wishes were granted and %d refused, want 40 and 20", got.Load(), refused.Load())
	}
	if c, err = f.Coupon(ctx, show, c.ID); err != nil || c.Got != 20 {
		t.Errorf("%+v, %v", c, err)
	}
	last := func() overlay.Event {
		events := f.events(show)
		for _, e := range events {
			if strings.Contains(string(e.Payload)+string(e.State), "SECRET") {
				t.Errorf("the picture tells the code: %s %s", e.Payload, e.State)
			}
		}
		return events[len(events)-1]
	}
	if e := last(); e.Kind != overlay.KindCouponShow || !strings.Contains(string(e.State), `"coupons":[{"id":"`+c.ID+`","label":"Ten off"}]`) {
		t.Errorf("shown: %s %s", e.Payload, e.State)
	}

	f.clock.Add(time.Hour)
	due, _, err := f.Due(ctx, f.clock.Now())
	if err != nil || len(due) != 1 {
		t.Fatalf("due: %v, %v", due, err)
	}
	_, err = f.MakeDue(ctx, show, f.clock.Now())
	must(t, err)
	if e := last(); e.Kind != overlay.KindCouponHide || strings.Contains(string(e.State), "coupons") {
		t.Errorf("at its end: %s %s", e.Payload, e.State)
	}
	if _, err := f.TakeCoupon(ctx, show, c.ID, "buyer 1"); overlay.CodeOf(err) != overlay.Conflict {
		t.Errorf("after its end: %v", err)
	}
	if due, next, err := f.Due(ctx, f.clock.Now()); err != nil || len(due) != 0 || !next.IsZero() {
		t.Errorf("due again: %v, %v, %v", due, next, err)
	}
	_, err = f.ShowCoupon(ctx, show, later.ID, true, "test")
	must(t, err)
	_, err = f.EndShow(ctx, "corn")
	must(t, err)
	if later, err = f.Coupon(ctx, show, later.ID); err != nil || !later.Ended || later.Shown {
		t.Errorf("after the show: %+v, %v", later, err)
	}
	r, err := f.Report(ctx, show, overlay.Everything(), true)
	if err != nil || len(r.Coupons) != 2 || r.Coupons[0].Coupon != c.ID || r.Coupons[0].Label != "Ten off" || r.Coupons[0].Got != 20 || *r.Coupons[0].Offered != 20 || r.Coupons[1].Offered != nil {
		t.Errorf("the report: %+v, %v", r.Coupons, err)
	}
}
