package store_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"mediad/overlay"
	"mediad/overlay/store"
)

// TestMinutes: each minute of a show has what viewers of it did, what was over the picture
// and what was paid, each currency by itself; the recording has minutes of its own, and what
// is of no minute of the show is left out.
func TestMinutes(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	show := f.begin().Show
	f.pin(0)
	product, begun := f.products[0], f.clock.Now()
	shop, err := f.CreateShop(ctx, overlay.Shop{Org: overlay.HomeOrg, Name: "Shop", Kind: overlay.ShopLink}, nil, "test", store.Once{})
	must(t, err)
	first := begun.Unix() / 60
	watch := overlay.Watch{Time: 90 * time.Second, Peak: 4, Views: 3, Effective: 2, Likes: 5, Impressions: 6}
	for range 2 {
		must(t, f.AddWatched(ctx, []overlay.Watched{{Show: show, Views: 6, Likes: 10, Time: 3 * time.Minute, Peak: 4, Minutes: map[overlay.Minute]overlay.Watch{{N: first}: watch, {N: first - 90}: watch, {Replay: true, N: 1}: watch}},
			{Show: "gone", Minutes: map[overlay.Minute]overlay.Watch{{N: first}: watch}}}))
	}
	click := func() string {
		c := overlay.Click{ID: f.NewID(), Show: show, Product: product.ID, Rev: product.Rev, At: f.clock.Now()}
		must(t, f.AddClicks(ctx, []overlay.Click{c}))
		return c.ID
	}
	buy := func(order, currency string) {
		must(t, f.TakeFacts(ctx, shop, []overlay.OrderFact{{Kind: overlay.OrderPaid, Delivery: order, Order: order, At: f.clock.Now(), Amount: 990, Currency: currency, Click: click()}}))
	}
	f.comment(show)
	hidden := overlay.Comment{ID: f.NewID(), Show: show, Viewer: "00000000000000aa", Name: "Mei", Text: "Seen by nobody", At: f.clock.Now(), Sent: f.clock.Now(), Shadow: true}
	_, err = f.AddComments(ctx, []overlay.Comment{hidden})
	must(t, err)
	buy("1", "CNY")
	buy("2", "JPY")
	f.clock.Add(3 * time.Minute)
	buy("3", "CNY")
	_, err = f.EndShow(ctx, "corn")
	must(t, err)
	f.clock.Add(time.Minute)
	buy("after", "CNY") // a viewer of the recording
	m, skus, err := f.As(overlay.Actor{Name: "test", Grants: []overlay.Grant{{Org: overlay.HomeOrg, Role: overlay.Analyst}}}).Minutes(ctx, show)
	must(t, err)
	if len(m.Minutes) != 4 || len(m.Replay) != 1 {
		t.Fatalf("%+v", m)
	}
	got := fmt.Sprintf("%+v", m.Minutes[0])
	want := fmt.Sprintf("%+v", overlay.LiveMinute{Minute: time.Unix(60*first, 0).UTC(), Peak: 4, MinuteSeen: overlay.MinuteSeen{Viewers: 3, Watched: 180, Views: 6, Effective: 4, Likes: 10, Impressions: 12},
		Clicks: 2, Comments: 1, Orders: 2, Money: []overlay.Taken{{Currency: "CNY", Gross: 990}, {Currency: "JPY", Gross: 990}}, Products: []string{product.ID}})
	if got != want {
		t.Errorf("the first minute: %s, want %s", got, want)
	}
	if x := m.Minutes[3]; x.Clicks != 1 || x.Orders != 1 || x.Likes != 0 || len(x.Products) != 1 {
		t.Errorf("the last minute: %+v", x)
	}
	if x := m.Replay[0]; x.Place != 60 || x.Likes != 10 {
		t.Errorf("the recording: %+v", x)
	}
	r, err := f.Report(ctx, show, overlay.Everything(), true)
	must(t, err)
	for name, p := range map[string]overlay.ReportPart{"total": r.Total, "live": r.Live, "replay": r.Replay} {
		want := map[string]string{"total": "8 20 360 12", "live": "4 10 180 12", "replay": "4 10 180 12"}[name]
		if name == "total" { // of cards it has those by product
			p.Impressions = r.Live.Impressions
		}
		if got := fmt.Sprint(*p.Effective, *p.Likes, *p.Watched, *p.Impressions); got != want {
			t.Errorf("%s: effective views, likes, seconds and cards %s, want %s", name, got, want)
		}
	}
	if *r.Live.Peak != 4 || *r.Live.OnAir != 180 || r.Replay.Peak != nil || r.Replay.OnAir != nil || !strings.Contains(fmt.Sprint(r.Live.Rates), "average_viewers 1.00 (180 / 180)") {
		t.Errorf("live: %+v", r.Live)
	}
	text, err := m.CSV(skus)
	at := m.Minutes[0].Minute.Format(time.RFC3339)
	for _, line := range []string{
		"live," + at + ",3.00,4,180,6,4,10,12,2,2,CNY,9.90," + product.SKU + ",1",
		"live," + at + ",,,,,,,,,,JPY,990,,",
		"replay,60,3.00,,180,6,4,10,12,,,,,,",
	} {
		if err != nil || !strings.Contains(string(text), "\n"+line+"\r\n") {
			t.Errorf("%s is missing: %v\n%s", line, err, text)
		}
	}
}
