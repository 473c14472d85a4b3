package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"mediad/overlay"
	"mediad/overlay/store"
)

// TestStatement: a host gets the share of the sale, whatever it is later; what goes back
// is a line of the month in which it does; a month that is over does not change.
func TestStatement(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	shop, err := f.CreateShop(ctx, overlay.Shop{Org: overlay.HomeOrg, Name: "Shop", Kind: overlay.ShopLink}, nil, "test", store.Once{})
	must(t, err)
	host := func(name string, share int64) overlay.Presenter {
		p, err := f.CreatePresenter(ctx, overlay.Presenter{Org: overlay.HomeOrg, Name: name, Commission: share}, "test", store.Once{})
		must(t, err)
		return p
	}
	wang, li := host("Wang", 1250), host("=Li", 2000)
	b := f.begin()
	f.pin(0)
	click := func() string {
		c := overlay.Click{ID: f.NewID(), Show: b.Show, Product: f.products[0].ID, Rev: f.products[0].Rev, At: f.clock.Now()}
		must(t, f.AddClicks(ctx, []overlay.Click{c}))
		return c.ID
	}
	tell := func(fact overlay.OrderFact) {
		fact.At = f.clock.Now()
		fact.Delivery = fmt.Sprint(fact.Order, fact.Kind, fact.Refund)
		must(t, f.TakeFacts(ctx, shop, []overlay.OrderFact{fact}))
	}
	buy := func(order string, amount int64) {
		tell(overlay.OrderFact{Kind: overlay.OrderPaid, Order: order, Amount: amount, Currency: "CNY", Click: click()})
	}
	month := func(p overlay.Presenter, at time.Time) (lines []string, sum string) {
		s, err := f.Statement(ctx, p.ID, at.UTC().Format("2006-01"), "UTC", 100)
		must(t, err)
		for _, l := range s.Lines {
			lines = append(lines, fmt.Sprintf("%s %d×%d=%d", l.Name, l.Net, l.Share, l.Amount))
		}
		for _, x := range s.Sums {
			sum += fmt.Sprintf("%s %d orders %d %d", x.Currency, x.Orders, x.Net, x.Amount)
		}
		return lines, sum
	}
	is := func(what string, p overlay.Presenter, at time.Time, wantSum string, want ...string) {
		t.Helper()
		got, sum := month(p, at)
		if slices.Sort(got); !slices.Equal(got, sorted(want)) || sum != wantSum {
			t.Errorf("%s: %q, %s; want %q, %s", what, got, sum, want, wantSum)
		}
	}

	buy("0", 1004) // before anybody has said whose show it is
	first := f.clock.Now()
	must(t, f.SetShowPresenter(ctx, b.Show, wang.ID, false, "test"))
	buy("1", 2000)
	is("sales", wang, first, "CNY 2 orders 3004 376", "0 1004×1250=126", "1 2000×1250=250")
	share := int64(500)
	_, err = f.ChangePresenter(ctx, wang.ID, overlay.PresenterChange{Commission: &share}, "test")
	must(t, err)
	buy("2", 1000)
	is("another share", wang, first, "CNY 3 orders 4004 426", "0 1004×1250=126", "1 2000×1250=250", "2 1000×500=50")
	must(t, f.SetShowPresenter(ctx, b.Show, li.ID, false, "test")) // the other one goes on
	buy("3", 100)
	is("who went on", li, first, "CNY 1 orders 100 20", "3 100×2000=20")

	f.clock.Add(32 * 24 * time.Hour)
	second := f.clock.Now()
	tell(overlay.OrderFact{Kind: overlay.OrderRefunded, Order: "1", Refund: "r", Amount: 500, Currency: "CNY"})
	tell(overlay.OrderFact{Kind: overlay.OrderCancelled, Order: "2"})
	is("what went back", wang, second, "CNY 2 orders -1500 -112", "1 -500×1250=-62", "2 -1000×500=-50") // 1500 × 12.5 % is 187.5, so 188
	is("the month before", wang, first, "CNY 3 orders 4004 426", "0 1004×1250=126", "1 2000×1250=250", "2 1000×500=50")

	// An order that came from no show after all is taken back, and comes again.
	all, err := f.FindOrders(ctx, store.Orders{In: overlay.Everything(), Name: "3"}, "", 10)
	must(t, err)
	_, err = f.MatchOrder(ctx, all[0].ID, "", "test")
	must(t, err)
	is("of no show", li, second, "CNY 1 orders -100 -20", "3 -100×2000=-20")
	_, err = f.UnmatchOrder(ctx, all[0].ID, "test")
	must(t, err)
	is("of the show again", li, second, "CNY 1 orders 0 0", "3 -100×2000=-20", "3 100×2000=20")

	// The show was the other's, also what was sold before.
	must(t, f.SetShowPresenter(ctx, b.Show, li.ID, true, "test"))
	_, sum := month(wang, second)
	if sum != "CNY 3 orders -4004 -426" {
		t.Errorf("what another host has is taken back: %s", sum)
	}
	if _, sum := month(li, second); sum != "CNY 3 orders 2504 501" { // 0: 201, 1: 300, 3: 0; nothing of 2, which was cancelled
		t.Errorf("and is the other's: %s", sum)
	}
	s, err := f.Statement(ctx, li.ID, second.UTC().Format("2006-01"), "UTC", overlay.StatementTable)
	must(t, err)
	text, err := s.CSV()
	if must(t, err); !strings.Contains(string(text), "'=Li") || !strings.Contains(string(text), ",CNY,-1.00,20.00,-0.20\r\n") {
		t.Errorf("the table is\n%s", text)
	}
	must(t, f.DeletePresenter(ctx, li.ID, "test"))
	f.clock.Add(time.Hour)
	if _, err := f.Statement(ctx, li.ID, "", "", 1); overlay.CodeOf(err) != overlay.NotFound {
		t.Errorf("a host who is gone: %v", err)
	}
}
