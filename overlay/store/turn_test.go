package store_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"mediad/overlay"
	"mediad/overlay/store"
)

// TestHandOver: an order is of the host who presented at the moment of the picture of its
// click, whoever presents when the shop tells of it; and the hosts' figures add up to the
// show's, whatever times they are given.
func TestHandOver(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	shop, err := f.CreateShop(ctx, overlay.Shop{Org: overlay.HomeOrg, Name: "Shop", Kind: overlay.ShopLink}, nil, "test", store.Once{})
	must(t, err)
	var hosts []string
	for _, name := range []string{"Wang", "Li", "Zhao"} {
		p, err := f.CreatePresenter(ctx, overlay.Presenter{Org: overlay.HomeOrg, Name: name, Commission: 1000}, "test", store.Once{})
		must(t, err)
		hosts = append(hosts, p.ID)
	}
	b := f.begin()
	f.pin(0)
	begun := f.clock.Now()
	at := func(minute float64) time.Time { return begun.Add(time.Duration(minute * float64(time.Minute))) }
	click := func(c overlay.Click) string {
		c.ID, c.Show, c.Product, c.Rev, c.At = f.NewID(), b.Show, f.products[0].ID, f.products[0].Rev, f.clock.Now()
		must(t, f.AddClicks(ctx, []overlay.Click{c}))
		return c.ID
	}
	orders := 0
	buy := func(click string, amount int64) {
		orders++
		name := fmt.Sprint(orders)
		must(t, f.TakeFacts(ctx, shop, []overlay.OrderFact{{Kind: overlay.OrderPaid, Order: name, Delivery: name, Amount: amount, Currency: "CNY", Click: click, At: f.clock.Now()}}))
	}
	report := func() map[string]overlay.ReportHost {
		t.Helper()
		r, err := f.Report(ctx, b.Show, overlay.Everything(), true)
		must(t, err)
		out, sum, gross := map[string]overlay.ReportHost{}, int64(0), int64(0)
		for _, h := range r.Presenters {
			out[h.Host] = h
			sum += h.Orders
			for _, m := range h.Money {
				gross += m.Gross
			}
		}
		var want int64
		for _, m := range r.Total.Money {
			want += m.Gross
		}
		if sum != r.Total.Orders || gross != want {
			t.Errorf("hosts have %d orders and %d; the show has %d and %d", sum, gross, r.Total.Orders, want)
		}
		return out
	}
	share := func(host string) (sum int64) {
		s, err := f.Statement(ctx, host, "", "UTC", 100)
		must(t, err)
		for _, x := range s.Sums {
			sum += x.Amount
		}
		return sum
	}
	booked := func(what string, want ...int64) {
		t.Helper()
		for i, host := range hosts {
			if got := share(host); got != want[i] {
				t.Errorf("%s: host %d got %d, want %d", what, i, got, want[i])
			}
		}
	}

	_, err = f.Present(ctx, b.Show, hosts[0], "test")
	if overlay.CodeOf(err) != overlay.Invalid {
		t.Errorf("one who is not in the roster presents: %v", err)
	}
	_, err = f.SetRoster(ctx, b.Show, hosts[:2], nil, "test")
	must(t, err)
	_, err = f.Present(ctx, b.Show, hosts[0], "test")
	must(t, err)
	f.clock.Add(10 * time.Minute)
	early := click(overlay.Click{})
	f.clock.Add(time.Minute)
	r, err := f.Present(ctx, b.Show, hosts[1], "test") // at 11
	must(t, err)
	if r.Presenting != hosts[1] || len(r.Turns) != 2 || r.Turns[0].From != nil || !r.Turns[0].To.Equal(at(11)) {
		t.Fatalf("after the hand-over: %+v", r)
	}
	f.clock.Add(time.Minute)
	buy(early, 1000)
	buy(click(overlay.Click{}), 2000)
	buy(click(overlay.Click{Date: at(9)}), 400) // by who watches behind
	booked("after a hand-over", 140, 200, 0)
	if got := report(); got[hosts[0]].Orders != 2 || got[hosts[1]].Orders != 1 || got[hosts[0]].Clicks != 2 || got[hosts[0]].OnAir != 660 || got[hosts[1]].OnAir != 60 {
		t.Errorf("the report has %+v", got)
	}

	// A tap that was a slip is as if it had not been.
	_, err = f.Present(ctx, b.Show, hosts[0], "test") // at 12
	must(t, err)
	f.clock.Add(4 * time.Second)
	buy(click(overlay.Click{}), 100)
	booked("by a slip", 150, 200, 0)
	if _, err := f.TakeBackTurn(ctx, b.Show, hosts[1], "test"); overlay.CodeOf(err) != overlay.Conflict {
		t.Errorf("took a turn back that is not the last: %v", err)
	}
	r, err = f.TakeBackTurn(ctx, b.Show, hosts[0], "test")
	must(t, err)
	if booked("taken back", 140, 210, 0); r.Presenting != hosts[1] {
		t.Errorf("presenting is %s", r.Presenting)
	}
	f.clock.Add(overlay.UndoTurn)
	if _, err := f.TakeBackTurn(ctx, b.Show, hosts[1], "test"); overlay.CodeOf(err) != overlay.Conflict {
		t.Errorf("took an old turn back: %v", err)
	}

	// A click of the recording is of the host of its place there.
	must(t, f.EndBroadcast(ctx, b.Epoch, f.clock.Now(), "host"))
	_, err = f.EndShow(ctx, "corn")
	must(t, err)
	f.clock.Add(time.Hour)
	buy(click(overlay.Click{Place: 5 * time.Minute}), 3000)
	booked("of the recording", 440, 210, 0)
	if _, err := f.Present(ctx, b.Show, hosts[0], "test"); overlay.CodeOf(err) != overlay.Conflict {
		t.Errorf("a host presents in a show that is over: %v", err)
	}

	// Whoever forgot to tap says so later; what is booked already goes back in lines of today.
	_, err = f.SetRoster(ctx, b.Show, hosts, []overlay.TurnAt{{Host: hosts[2], From: at(9.5)}, {Host: hosts[0]}}, "test")
	must(t, err)
	booked("corrected", 340, 0, 310)
	report()
	if _, err := f.SetRoster(ctx, b.Show, hosts[:1], []overlay.TurnAt{{Host: hosts[1]}}, "test"); overlay.CodeOf(err) != overlay.Invalid {
		t.Errorf("a turn of nobody in the roster: %v", err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		var turns []overlay.TurnAt
		for n := range random.IntN(6) {
			turns = append(turns, overlay.TurnAt{Host: append([]string{""}, hosts...)[random.IntN(4)], From: at(float64(3*n) + random.Float64())})
		}
		_, err = f.SetRoster(ctx, b.Show, hosts, append(turns, overlay.TurnAt{Host: hosts[random.IntN(3)]}), "test")
		must(t, err)
		of, all := report(), int64(0)
		for i, host := range hosts {
			var net int64
			for _, m := range of[host].Money {
				net += m.Net
			}
			if got := share(host); got != net/10 {
				t.Errorf("%+v: host %d sold %d, and got %d", turns, i, net, got)
			}
			all += net
		}
		if all > 6500 {
			t.Errorf("hosts sold %d of 6500", all)
		}
	}
}
