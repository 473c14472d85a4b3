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

// flash is an offer of a product for five minutes, whose countdown begins now.
func (f *fixture) flash(show string, i int) overlay.NewOffer {
	f.t.Helper()
	n, err := overlay.NewOffer{Offer: overlay.Offer{Show: show, Product: f.products[i].ID, Price: 900, Shop: "S", Held: true}, Length: 5 * time.Minute}.Timed(f.clock.Now(), 20*time.Second)
	must(f.t, err)
	return n
}

// flash takes an offer with its limits.
func (c *counterOf) flash(total, buyer int64) overlay.Offer {
	c.t.Helper()
	n := c.fixture.flash(c.show, 0)
	n.Total, n.Buyer = total, buyer
	made, err := c.CreateOffer(c.t.Context(), n, "test", store.Once{})
	must(c.t, err)
	return made
}

func (c *counterOf) holdAt(o overlay.Offer, buyer string, n int64) (overlay.Hold, error) {
	h := c.NewHold(c.shop.ID, n, overlay.HeldPurchase{Title: "Corn", Price: o.Price})
	h.Offer, h.Buyer = o.ID, buyer
	return c.Hold(c.t.Context(), c.show, c.product, "", h)
}

func (c *counterOf) offer(id string) overlay.Offer {
	c.t.Helper()
	o, err := c.Offer(c.t.Context(), c.show, id)
	must(c.t, err)
	return o
}

// TestOfferHasItsLimits: of 1,000 who ask for one of 100 units at the price of an offer at
// the same time, exactly 100 get one, and nobody gets more than two, however often they ask.
func TestOfferHasItsLimits(t *testing.T) {
	const units, buyers, asks = 100, 200, 5
	c := newCounter(t, 10*units)
	o := c.flash(units, 2)
	c.clock.Add(20 * time.Second)
	var got, refused atomic.Int64
	var all sync.WaitGroup
	own := make([]atomic.Int64, buyers)
	start := make(chan struct{})
	for i := range buyers * asks {
		all.Go(func() {
			<-start
			who := i % buyers
			switch _, err := c.holdAt(o, fmt.Sprint(who), 1); overlay.CodeOf(err) {
			case "":
				got.Add(1)
				own[who].Add(1)
			case overlay.Limit:
				refused.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	close(start)
	all.Wait()
	if got.Load() != units || refused.Load() != buyers*asks-units {
		t.Errorf("%d got a unit, %d were refused", got.Load(), refused.Load())
	}
	for i := range own {
		if n := own[i].Load(); n > 2 {
			t.Errorf("buyer %d got %d", i, n)
		}
	}
	c.want(units, 0)
	if o = c.offer(o.ID); o.Taken != units || o.Sold != 0 || o.State != overlay.OfferOpen {
		t.Errorf("%+v", o)
	}
	if _, err := c.hold(1); err != nil {
		t.Errorf("at the usual price: %v", err)
	}
}

// TestOfferCountsWhatIsGone: a checkout that ended unpaid gives its units back to the offer
// and to its buyer; one that was paid counts as sold.
func TestOfferCountsWhatIsGone(t *testing.T) {
	c := newCounter(t, 10)
	o := c.flash(3, 2)
	c.clock.Add(20 * time.Second)
	first, err := c.holdAt(o, "li", 2)
	must(t, err)
	if _, err := c.holdAt(o, "li", 1); overlay.CodeOf(err) != overlay.Limit || !strings.Contains(err.Error(), "at most 2") {
		t.Errorf("a third one of one buyer: %v", err)
	}
	if _, err := c.holdAt(o, "wang", 2); overlay.CodeOf(err) != overlay.Limit || !strings.Contains(err.Error(), "Too few") {
		t.Errorf("a fourth one: %v", err)
	}
	must(t, c.ReleaseHold(t.Context(), first.ID))
	again, err := c.holdAt(o, "li", 1)
	must(t, err)
	c.tell(c.paid("1", again.ID))
	if o = c.offer(o.ID); o.Taken != 1 || o.Sold != 1 {
		t.Errorf("%+v", o)
	}
}

// TestOfferKeepsItsTimes: the price holds from its opening to its end by the clock of the
// server, whoever restarts it in between, and the picture is told of both.
func TestOfferKeepsItsTimes(t *testing.T) {
	c := newCounter(t, 10)
	o := c.flash(0, 0)
	if events := c.events(c.show); events[len(events)-1].Kind != overlay.KindOfferStart {
		t.Fatalf("the picture was told of %s", events[len(events)-1].Kind)
	}
	if _, err := c.holdAt(o, "li", 1); overlay.CodeOf(err) != overlay.Conflict || !strings.Contains(err.Error(), "opens at 20:00:20") {
		t.Errorf("before its opening: %v", err)
	}
	if now, err := c.OffersNow(t.Context(), c.show); err != nil || len(now) != 1 || now[0].State != overlay.OfferAnnounced {
		t.Errorf("%+v, %v", now, err)
	}
	c.clock.Add(19*time.Second + 999*time.Millisecond)
	if _, err := c.holdAt(o, "li", 1); overlay.CodeOf(err) != overlay.Conflict {
		t.Errorf("a millisecond before its opening: %v", err)
	}
	c.clock.Add(time.Millisecond)
	c.reopen()
	if _, err := c.holdAt(o, "li", 1); err != nil {
		t.Errorf("at its opening, after a restart: %v", err)
	}
	c.reopen()
	_, next, err := c.Due(t.Context(), c.clock.Now())
	if err != nil || !next.Equal(o.Ends) {
		t.Errorf("the next is due at %v, %v", next, err)
	}
	c.clock.Add(5 * time.Minute)
	if _, err := c.holdAt(o, "li", 1); overlay.CodeOf(err) != overlay.Conflict || !strings.Contains(err.Error(), "ended") {
		t.Errorf("at its end: %v", err)
	}
	if _, err := c.makeDue(c.clock.Now()); err != nil {
		t.Fatal(err)
	}
	events := c.events(c.show)
	last := events[len(events)-1]
	if last.Kind != overlay.KindOfferEnd || strings.Contains(string(last.State), o.ID) {
		t.Errorf("%s %s", last.Payload, last.State)
	}
	if now, err := c.OffersNow(t.Context(), c.show); err != nil || len(now) != 0 {
		t.Errorf("%+v, %v", now, err)
	}
}

// TestOfferPlanned: viewers hear of a planned offer at its moment, and not before. One that
// is taken back, or whose product is still a secret then, never comes.
func TestOfferPlanned(t *testing.T) {
	c := newCounter(t, 10)
	ctx := t.Context()
	for i, product := range []int{0, 1, 2} {
		n, err := overlay.NewOffer{Offer: overlay.Offer{Show: c.show, Product: c.products[product].ID, Price: 900, Shop: "S", Held: true, Starts: c.clock.Now().Add(10 * time.Minute)},
			Countdown: time.Minute, Length: time.Minute}.Timed(c.clock.Now(), 20*time.Second)
		must(t, err)
		o, err := c.CreateOffer(ctx, n, "test", store.Once{})
		must(t, err)
		if o.State != overlay.OfferPlanned {
			t.Errorf("%+v", o)
		}
		if i == 2 {
			must(t, c.EndOffer(ctx, c.show, o.ID, "test"))
		}
	}
	n := c.fixture.flash(c.show, 3)
	if _, err := c.CreateOffer(ctx, n, "test", store.Once{}); overlay.CodeOf(err) != overlay.Conflict || !strings.Contains(err.Error(), "pin it first") {
		t.Errorf("of what was never shown: %v", err)
	}
	if now, err := c.OffersNow(ctx, c.show); err != nil || len(now) != 0 {
		t.Errorf("%+v, %v", now, err)
	}
	before := len(c.events(c.show))
	c.clock.Add(9 * time.Minute)
	_, err := c.makeDue(c.clock.Now())
	must(t, err)
	events := c.events(c.show)
	if len(events) != before+1 || events[before].Kind != overlay.KindOfferStart || events[before].Product != c.product {
		t.Errorf("%d events", len(events)-before)
	}
	all, err := c.Offers(ctx, c.show, "", 10)
	must(t, err)
	for i, want := range []overlay.OfferState{overlay.OfferAnnounced, overlay.OfferEnded, overlay.OfferEnded} {
		if all[i].State != want || (want == overlay.OfferEnded) != (all[i].Reason != "") {
			t.Errorf("%d: %+v", i, all[i])
		}
	}
	if _, err := c.EndShow(ctx, "corn"); err != nil {
		t.Fatal(err)
	}
	if o := c.offer(all[0].ID); o.State != overlay.OfferEnded || o.Reason != "the show ended before" {
		t.Errorf("%+v", o)
	}
}

// TestOfferIsOnePrice: a product has one offer at a time, and a show few.
func TestOfferIsOnePrice(t *testing.T) {
	c := newCounter(t, 10)
	ctx := t.Context()
	o := c.flash(0, 0)
	_, err := c.CreateOffer(ctx, c.fixture.flash(c.show, 0), "test", store.Once{})
	wantCode(t, err, overlay.Conflict)
	must(t, c.EndOffer(ctx, c.show, o.ID, "test"))
	wantCode(t, c.EndOffer(ctx, c.show, o.ID, "test"), overlay.Conflict)
	for i := range overlay.MaxOffers {
		c.pin(i)
		_, err := c.CreateOffer(ctx, c.fixture.flash(c.show, i), "test", store.Once{})
		must(t, err)
	}
	c.pin(4)
	_, err = c.CreateOffer(ctx, c.fixture.flash(c.show, 4), "test", store.Once{})
	wantCode(t, err, overlay.Conflict)
}

// TestOfferOfOtherShops: where a shop decides, an order whose buyer clicked while the offer
// was open counts, and no other.
func TestOfferOfOtherShops(t *testing.T) {
	c := newCounter(t, 10)
	ctx := t.Context()
	shop, err := c.CreateShop(ctx, overlay.Shop{Org: overlay.HomeOrg, Name: "Link", Kind: overlay.ShopLink}, nil, "test", store.Once{})
	must(t, err)
	n := c.fixture.flash(c.show, 0)
	n.Shop, n.Held, n.Code, n.Total = shop.ID, false, "FLASH", 5
	o, err := c.CreateOffer(ctx, n, "test", store.Once{})
	must(t, err)
	order := func(name string) {
		id := c.NewID()
		must(t, c.AddClicks(ctx, []overlay.Click{{ID: id, Show: c.show, Product: c.product, Rev: 1, At: c.clock.Now()}}))
		must(t, c.TakeFacts(ctx, shop, []overlay.OrderFact{{Kind: overlay.OrderPaid, Delivery: name, Order: name, At: c.clock.Now(), Amount: 1800, Currency: "CNY", Click: id, Lines: []overlay.OrderLine{{SKU: "SKU-0", Quantity: 2, Amount: 1800}}}}))
	}
	order("before")
	c.clock.Add(20 * time.Second)
	order("open")
	c.clock.Add(5 * time.Minute)
	order("after")
	if o = c.offer(o.ID); o.Taken != 2 || o.Sold != 2 {
		t.Errorf("%+v", o)
	}
}
