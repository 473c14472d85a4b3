package store_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"mediad/overlay"
	"mediad/overlay/store"
)

// counterOf is a show whose units are sold by holds.
type counterOf struct {
	*fixture
	show, product string
	epoch         string
	shop          overlay.Shop
	given         overlay.Allocation
}

func newCounter(t *testing.T, total int64) *counterOf {
	t.Helper()
	f := newFixture(t)
	ctx := t.Context()
	b := f.begin()
	f.pin(0)
	shop, err := f.CreateShop(ctx, overlay.Shop{Org: overlay.HomeOrg, Name: "Tea", Kind: overlay.ShopStripeSession, Stock: overlay.StockAllocatedHold},
		map[string]string{overlay.APIKey: "sk_test_1"}, "test", store.Once{})
	must(t, err)
	given, err := f.CreateAllocation(ctx, overlay.Allocation{Show: b.Show, Product: f.products[0].ID, Total: total}, "test", store.Once{})
	must(t, err)
	return &counterOf{f, b.Show, f.products[0].ID, b.Epoch, shop, given}
}

func (c *counterOf) hold(n int64) (overlay.Hold, error) {
	return c.Hold(c.t.Context(), c.show, c.product, "", c.NewHold(c.shop.ID, n, overlay.HeldPurchase{Title: "Corn"}))
}

func (c *counterOf) now() overlay.Allocation {
	c.t.Helper()
	all, err := c.Allocations(c.t.Context(), c.show, "", 10)
	must(c.t, err)
	if len(all) != 1 {
		c.t.Fatalf("%d allocations", len(all))
	}
	return all[0]
}

// stock is what viewers see of the product.
func (c *counterOf) stock() overlay.Stock {
	c.t.Helper()
	_, pins, err := c.ShowNow(c.t.Context(), c.show)
	must(c.t, err)
	return pins[0].Product.Stock
}

func (c *counterOf) paid(order, hold string) overlay.OrderFact {
	return overlay.OrderFact{Kind: overlay.OrderPaid, Delivery: "paid:" + order, Order: order, At: c.clock.Now(), Amount: 100, Currency: "CNY", Hold: hold}
}

func (c *counterOf) tell(facts ...overlay.OrderFact) {
	c.t.Helper()
	must(c.t, c.TakeFacts(c.t.Context(), c.shop, facts))
}

func (c *counterOf) want(held, sold int64) {
	c.t.Helper()
	if a := c.now(); a.Held != held || a.Sold != sold {
		c.t.Errorf("held %d, sold %d; want %d and %d", a.Held, a.Sold, held, sold)
	}
	if wrong, err := c.Recount(c.t.Context()); wrong != 0 || err != nil {
		c.t.Errorf("%d allocations did not agree with their rows, %v", wrong, err)
	}
}

// TestTenThousandHolds: of 10,000 who want one of 1,000 units at the same time, exactly
// 1,000 get one (I1). All others are told that it is sold out, and so is the picture.
func TestTenThousandHolds(t *testing.T) {
	const units, buyers = 1000, 10_000
	c := newCounter(t, units)
	var got, late atomic.Int64
	var all sync.WaitGroup
	start := make(chan struct{})
	for range buyers {
		all.Go(func() {
			<-start
			switch _, err := c.hold(1); overlay.CodeOf(err) {
			case "":
				got.Add(1)
			case overlay.SoldOut:
				late.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	close(start)
	all.Wait()
	if got.Load() != units || late.Load() != buyers-units {
		t.Errorf("%d got a unit, %d came too late", got.Load(), late.Load())
	}
	c.want(units, 0)
	if c.stock() != overlay.StockOut {
		t.Errorf("the card says %q", c.stock())
	}
	events := c.events(c.show)
	if last := events[len(events)-1]; last.Kind != overlay.KindProductUpdate {
		t.Errorf("the last event of the picture is %s", last.Kind)
	}
	before := c.Stats()
	if _, err := c.hold(1); overlay.CodeOf(err) != overlay.SoldOut || !c.SoldOut(c.show, c.product, "", 1) {
		t.Errorf("one more: %v", err)
	}
	if after := c.Stats(); after.Actions != before.Actions {
		t.Error("a loser reached the database")
	}
}

// TestHoldsReturn: units are free again only when the checkout has ended (I2), and then the
// card says so; a total never goes below what buyers have.
func TestHoldsReturn(t *testing.T) {
	c := newCounter(t, 2)
	ctx := t.Context()
	h, err := c.hold(2)
	must(t, err)
	if c.stock() != overlay.StockOut {
		t.Errorf("all are held, and the card says %q", c.stock())
	}
	for _, total := range []int64{1, -1} {
		if _, err := c.ChangeAllocation(ctx, c.show, c.given.ID, &total, 0, "test"); err == nil {
			t.Errorf("the total is %d, and 2 are held", total)
		}
	}
	if err := c.DeleteAllocation(ctx, c.show, c.given.ID, "test"); overlay.CodeOf(err) != overlay.Conflict {
		t.Errorf("deleted with held units: %v", err)
	}
	if err := c.DeleteShop(ctx, c.shop.ID, "test"); overlay.CodeOf(err) != overlay.Conflict {
		t.Errorf("the shop is gone with the key that ends its checkouts: %v", err)
	}
	c.clock.Add(overlay.HoldTime + time.Second)
	due, err := c.DueHolds(ctx, 10)
	must(t, err)
	if len(due) != 1 || due[0].ID != h.ID || due[0].State != overlay.HoldExpiring {
		t.Fatalf("due: %+v", due)
	}
	if _, err := c.hold(1); overlay.CodeOf(err) != overlay.SoldOut {
		t.Errorf("a unit whose checkout can still be paid was given away: %v", err)
	}
	c.want(2, 0)
	must(t, c.ReleaseHold(ctx, h.ID))
	must(t, c.ReleaseHold(ctx, h.ID))
	c.want(0, 0)
	if c.stock() != overlay.StockIn {
		t.Errorf("units came back, and the card says %q", c.stock())
	}
	if _, err := c.hold(1); err != nil {
		t.Errorf("hold after the release: %v", err)
	}
	must(t, c.EndBroadcast(ctx, c.epoch, c.clock.Now(), "test"))
	if err := c.DeleteRoom(ctx, "corn", "test"); overlay.CodeOf(err) != overlay.Conflict || !strings.Contains(err.Error(), "open checkouts") {
		t.Errorf("the room is gone under its buyers: %v", err)
	}
}

// TestFactsOfHolds: what a shop says of holds ends in the same stock, in whatever order and
// however often it is told (I3); money that comes when nothing is left is kept, and loud
// (I4), and gets its units when there are some.
func TestFactsOfHolds(t *testing.T) {
	ctx := t.Context()
	r := rand.New(rand.NewPCG(3, 4))
	run := func(shuffled bool) string {
		c := newCounter(t, 40)
		var facts []overlay.OrderFact
		for i := range 40 {
			h, err := c.hold(1)
			must(t, err)
			expired := overlay.OrderFact{Kind: overlay.CheckoutExpired, Delivery: fmt.Sprint("expired:", i), At: c.clock.Now(), Hold: h.ID}
			switch paid := c.paid(fmt.Sprint("order ", i), h.ID); i % 4 {
			case 0: // the money comes late, or the news of it
				facts = append(facts, paid, expired)
			case 1:
				facts = append(facts, expired)
			case 2:
				refund := paid
				refund.Kind, refund.Delivery, refund.Refund = overlay.OrderRefunded, fmt.Sprint("refund ", i), "r"
				facts = append(facts, paid, refund)
			default:
				facts = append(facts, paid)
			}
		}
		if shuffled {
			facts = append(facts, facts[:15]...)
			r.Shuffle(len(facts), func(i, j int) { facts[i], facts[j] = facts[j], facts[i] })
		}
		for _, f := range facts {
			c.tell(f)
		}
		a := c.now()
		c.want(a.Held, a.Sold)
		return fmt.Sprintf("held %d, sold %d", a.Held, a.Sold)
	}
	if a, b := run(false), run(true); a != b || a != "held 0, sold 30" {
		t.Errorf("in order: %s; shuffled: %s", a, b)
	}

	c := newCounter(t, 1)
	h, err := c.hold(1)
	must(t, err)
	must(t, c.ReleaseHold(ctx, h.ID))
	second, err := c.hold(1)
	must(t, err)
	c.tell(c.paid("late", h.ID), c.paid("second", second.ID), c.paid("stranger", "a hold that is not known"))
	c.want(0, 1)
	loud := func() int {
		orders, err := c.FindOrders(ctx, store.Orders{In: overlay.Everything(), Unallocated: true}, "", 10)
		must(t, err)
		return len(orders)
	}
	if n := loud(); n != 2 {
		t.Errorf("%d orders are without units, want those of the late buyer and of the stranger", n)
	}
	after, err := c.ChangeAllocation(ctx, c.show, c.given.ID, new(int64(5)), 1, "test")
	must(t, err)
	if after.Sold != 2 || loud() != 1 {
		t.Errorf("units came, and the late buyer got none: %+v", after)
	}
	if _, err := c.ChangeAllocation(ctx, c.show, c.given.ID, new(int64(6)), 1, "test"); overlay.CodeOf(err) != overlay.Conflict {
		t.Errorf("changed on an old revision: %v", err)
	}
	c.want(0, 2)
}

// TestUnitsWithoutHolds: an order without a hold, of a show that has units, takes them; when
// it is matched with no show, they are free again.
func TestUnitsWithoutHolds(t *testing.T) {
	c := newCounter(t, 3)
	ctx := t.Context()
	shop, err := c.CreateShop(ctx, overlay.Shop{Org: overlay.HomeOrg, Name: "Link", Kind: overlay.ShopStripeLink, Stock: overlay.StockAllocatedLink}, nil, "test", store.Once{})
	must(t, err)
	click := overlay.Click{ID: c.NewID(), Show: c.show, Product: c.product, Rev: 1, At: c.clock.Now()}
	must(t, c.AddClicks(ctx, []overlay.Click{click}))
	one := overlay.OrderFact{Kind: overlay.OrderPaid, Delivery: "1", Order: "1", At: c.clock.Now(), Amount: 100, Currency: "CNY", Click: click.ID}
	many := one
	many.Delivery, many.Order, many.Lines = "2", "2", []overlay.OrderLine{{SKU: "SKU-0", Quantity: 4, Amount: 400}}
	must(t, c.TakeFacts(ctx, shop, []overlay.OrderFact{one, many, one}))
	c.want(0, 3)
	orders, err := c.FindOrders(ctx, store.Orders{In: overlay.Everything(), Unallocated: true}, "", 10)
	must(t, err)
	if len(orders) != 1 || orders[0].Unallocated != 2 || c.stock() != overlay.StockOut {
		t.Fatalf("without units: %+v; the card says %q", orders, c.stock())
	}
	_, err = c.MatchOrder(ctx, orders[0].ID, "", "test")
	must(t, err)
	c.want(0, 1)
	_, err = c.MatchOrder(ctx, orders[0].ID, c.show, "test")
	must(t, err)
	c.want(0, 3)
}
