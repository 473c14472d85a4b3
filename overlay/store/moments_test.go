package store_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"mediad/overlay"
	"mediad/overlay/store"
)

// reportsOfOthers are the rows of TestActorsOfOthers about reports.
var reportsOfOthers = map[string]asks{
	"Minutes": func(t *testing.T, a store.Acting, has rows) error { return err3(a.Minutes(t.Context(), has.show)) },
	"Moments": func(t *testing.T, a store.Acting, has rows) error { return err3(a.Moments(t.Context(), has.show)) },
	"Report":  func(t *testing.T, a store.Acting, has rows) error { return err2(a.Report(t.Context(), has.show)) },
	"Summary": func(t *testing.T, a store.Acting, _ rows) error {
		return err2(a.Summary(t.Context(), overlay.ByShow, overlay.HomeOrg, "", "", ""))
	},
}

// TestSoldMoments: an order belongs to the picture at which its buyer clicked, live or in the recording; the minute that
// brought the most stands first, with who presented, what was written, and from where to hear what was said.
func TestSoldMoments(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	show := f.begin().Show
	shop, err := f.CreateShop(ctx, overlay.Shop{Org: overlay.HomeOrg, Name: "Shop", Kind: overlay.ShopLink}, nil, "test", store.Once{})
	must(t, err)
	begun := f.clock.Now().Truncate(time.Minute).Add(time.Minute)
	corn, tea := f.products[0], f.products[1]
	orders := 0
	buy := func(product overlay.Product, at time.Duration, amount int64, currency string, tells bool) {
		t.Helper()
		c := overlay.Click{ID: f.NewID(), Show: show, Product: product.ID, Rev: product.Rev, At: f.clock.Now()}
		if tells {
			c.Date = begun.Add(at)
		}
		must(t, f.AddClicks(ctx, []overlay.Click{c}))
		orders++
		must(t, f.TakeFacts(ctx, shop, []overlay.OrderFact{{Kind: overlay.OrderPaid, Delivery: fmt.Sprint(orders), Order: fmt.Sprint(orders), At: f.clock.Now(), Amount: amount, Currency: currency, Click: c.ID}}))
	}
	say := func(name, text string, at time.Duration, host bool, likes int64) {
		t.Helper()
		_, err := f.AddComments(ctx, []overlay.Comment{{ID: f.NewID(), Show: show, Viewer: "00000000000000aa", Name: name, Text: text, At: begun.Add(at), Sent: f.clock.Now(), Host: host, Likes: likes}})
		must(t, err)
	}
	f.clock.Add(3 * time.Minute)
	say("Mei", "Is it sweet?", 55*time.Second, false, 0)
	say("Corn Town", "Sweet as honey", 70*time.Second, true, 0)
	say("Otto", "Long after", 10*time.Minute, false, 0)
	buy(corn, 65*time.Second, 990, "CNY", true)
	buy(corn, 80*time.Second, 990, "CNY", true)
	buy(tea, 90*time.Second, 500, "CNY", true)
	buy(tea, 190*time.Second, 3000, "CNY", true)
	f.clock.Add(2 * time.Minute)
	buy(tea, 0, 100, "CNY", false) // a player that does not tell: by the clock
	f.clock.Add(time.Minute)
	_, err = f.EndShow(ctx, "corn")
	must(t, err)
	f.clock.Add(time.Hour)
	buy(corn, 62*time.Second, 990, "CNY", true) // at the same picture of the recording
	buy(corn, 0, 990, "CNY", false)             // of no picture
	m, skus, err := f.As(overlay.Actor{Name: "test", Grants: []overlay.Grant{{Org: overlay.HomeOrg, Role: overlay.Analyst}}}).Moments(ctx, show)
	must(t, err)
	if len(m.Best) != 3 || m.Unplaced != 1 {
		t.Fatalf("%+v", m)
	}
	first, second := m.Best[0], m.Best[1]
	if first.Product != corn.ID || first.SKU != corn.SKU || first.Title == "" || first.Orders != 4 || first.Replayed != 1 || first.Clicks != 4 || fmt.Sprint(first.Money) != "[{CNY 3470}]" || !first.Minute.Equal(begun.Add(time.Minute)) {
		t.Errorf("the best: %+v", first)
	}
	if want := begun.Add(62 * time.Second).Add(-overlay.HearBefore); !first.Hear.Equal(want) {
		t.Errorf("it is heard from %v, not from %v", first.Hear, want)
	}
	if got := fmt.Sprint(first.Said); !strings.HasPrefix(got, "[{host Corn Town Sweet as honey") || !strings.Contains(got, "Is it sweet?") || strings.Contains(got, "Long after") {
		t.Errorf("said: %s", got)
	}
	if second.Product != tea.ID || second.Orders != 1 || !second.Minute.Equal(begun.Add(3*time.Minute)) {
		t.Errorf("the second: %+v", second)
	}
	var sum, gross int64
	for _, p := range m.Products {
		sum += p.Orders
		for _, taken := range p.Money {
			gross += taken.Gross
		}
	}
	if sum+m.Unplaced != int64(orders) || gross != 990*3+500+3000+100 {
		t.Errorf("the parts: %d orders and %d, of %d", sum, gross, orders)
	}
	text, err := m.CSV(skus)
	at := first.Minute.Format(time.RFC3339)
	for _, line := range []string{
		"best," + at + "," + first.Hear.Format(time.RFC3339) + "," + corn.SKU + "," + first.Title + ",,4,4,1,CNY,34.70,,Corn Town: Sweet as honey | Mei: Is it sweet?",
		"live," + at + ",," + corn.SKU + ",,,2,2,,CNY,19.80,,",
		"replay," + at + ",," + corn.SKU + ",,,1,1,,CNY,9.90,,",
	} {
		if err != nil || !strings.Contains(string(text), "\n"+line+"\r\n") {
			t.Errorf("%s is missing: %v\n%s", line, err, text)
		}
	}
}

// TestMomentsOfCurrencies: money of several currencies has no sum, so the most orders stand first.
func TestMomentsOfCurrencies(t *testing.T) {
	show := overlay.Show{ID: "s", Started: time.Unix(600, 0)}
	m, err := overlay.MomentsOf(show, time.Unix(6000, 0), []overlay.SoldMinute{
		{N: 12, Product: "b", Currency: "JPY", Orders: 1, Gross: 100_000}, {N: 11, Product: "a", Currency: "CNY", Orders: 2, Gross: 5}, {N: 11, Product: "a", Clicks: 7}, {N: 13, Product: "a", Clicks: 9},
		{N: 11, Product: "a", Currency: "JPY", Orders: 1, Gross: 3}, {N: 11, Product: "b", Replay: true, Currency: "CNY", Orders: 1, Gross: 1},
	}, 0)
	must(t, err)
	if len(m.Best) != 2 || m.Best[0].Orders != 4 || m.Best[0].Replayed != 1 || m.Best[0].Clicks != 7 || m.Best[0].Product != "a" || fmt.Sprint(m.Best[0].Money) != "[{CNY 6} {JPY 3}]" {
		t.Errorf("%+v", m.Best)
	}
	text, err := m.CSV(map[string]string{"a": "CORN"})
	for _, lines := range []string{
		"best,1970-01-01T00:11:00Z,0001-01-01T00:00:00Z,,,,7,4,1,CNY,0.06,,\r\nbest,1970-01-01T00:11:00Z,0001-01-01T00:00:00Z,,,,,,,JPY,3,,\r\n",
		"live,1970-01-01T00:11:00Z,,CORN,,,7,3,,CNY,0.05,,\r\nlive,1970-01-01T00:11:00Z,,CORN,,,,,,JPY,3,,\r\n",
	} {
		if err != nil || !strings.Contains(string(text), lines) {
			t.Errorf("%q is missing: %v\n%s", lines, err, text)
		}
	}
	if len(m.Products) != 4 || fmt.Sprint(m.Products[0].Money) != "[{CNY 5} {JPY 3}]" || m.Products[0].Clicks != 7 {
		t.Errorf("%+v", m.Products)
	}
	if _, err := overlay.MomentsOf(show, time.Unix(6000, 0), []overlay.SoldMinute{{N: 11, Currency: "CNY", Gross: 1 << 62, Orders: 1}, {N: 11, Replay: true, Currency: "CNY", Gross: 1 << 62, Orders: 1}}, 0); err == nil {
		t.Error("a sum that is too great was told")
	}
	show.Rehearsal = true
	if m, err := overlay.MomentsOf(show, time.Unix(6000, 0), []overlay.SoldMinute{{N: 11, Product: "a", Currency: "CNY", Orders: 2, Gross: 5}}, 0); err != nil || len(m.Best)+len(m.Products) != 0 {
		t.Errorf("a rehearsal: %+v, %v", m, err)
	}
}
