package overlay

import (
	"math"
	"strings"
	"testing"
	"time"
)

func some(n int64) *int64 { return &n }

func reportOf(t *testing.T, show Show, sales Sales, seen *Seen) Report {
	t.Helper()
	r, err := MakeReport(show, time.Unix(1796000000, 0), sales, seen, map[string]string{"home": "Farm", "tea": "=Tea"})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestReportOfTaDu has the figures of the article about Ta Du's show, of which the printed
// rate was of another base: each of both rates names what it is of.
func TestReportOfTaDu(t *testing.T) {
	sales := Sales{Sales: []Sale{{Seller: "home", Host: "home", Currency: "CNY", Orders: 1228, Gross: 12_280_000, Refunded: 80_000, Cancelled: 200_000, Net: 12_000_000}}, Total: Buyers{Known: 1228}, Live: Buyers{Known: 1228}}
	seen := &Seen{Total: Crowd{Views: some(13_000), Viewers: some(11_951), Clicks: some(8000), Clickers: some(6703), Likes: some(96_086), Shares: some(400), Came: some(620), ByShares: some(31), Effective: some(6500), Watched: some(7_171_200), OnAir: some(7200)}}
	r := reportOf(t, Show{ID: "show"}, sales, seen)
	texts := map[string]string{}
	for _, rate := range r.Total.Rates {
		texts[rate.Name] = rate.Text
	}
	for name, want := range map[string]string{
		"orders_per_viewer": "orders_per_viewer 10.28 % (1,228 / 11,951)",
		"conv_viewer":       "conv_viewer 10.28 % (1,228 / 11,951)",
		"conv_click":        "conv_click 18.32 % (1,228 / 6,703)",
		"ctor":              "ctor 15.35 % (1,228 / 8,000)",
		"effective_views":   "effective_views 50.00 % (6,500 / 13,000)",
		"average_viewers":   "average_viewers 996.00 (7,171,200 / 7,200)",
		"gpm":               "gpm 944615.38 minor units of CNY (12,280,000 / 13,000)",
		"ctr":               "", // impressions are not known
		"shares_per_viewer": "shares_per_viewer 0.03 (400 / 11,951)",
		"came_per_share":    "came_per_share 1.55 (620 / 400)",
		"conv_share":        "conv_share 5.00 % (31 / 620)",
		"likes_per_viewer":  "likes_per_viewer 8.04 (96,086 / 11,951)",
	} {
		if texts[name] != want {
			t.Errorf("%s: %q, not %q", name, texts[name], want)
		}
	}
	if m := r.Total.Money[0]; m.Gross-m.Refunded-m.Cancelled != m.Net || m.Net != 12_000_000 {
		t.Errorf("%+v", m)
	}
	if len(r.Live.Rates) != 0 || len(r.Replay.Rates) != 0 {
		t.Errorf("nothing is known of their audiences: %+v %+v", r.Live.Rates, r.Replay.Rates)
	}
	text, err := r.CSV()
	if err != nil || !strings.Contains(string(text), "total rate,orders_per_viewer,,,,,,,,,,,,,,,,0.102753,orders,1228,viewers,11951,,,,,,,,,,,,,,,\r\n") {
		t.Errorf("%v\n%s", err, text)
	}
}

// TestReportWithoutViewers: a rate whose figures are not known, or whose denominator is 0,
// is not there.
func TestReportWithoutViewers(t *testing.T) {
	for name, seen := range map[string]*Seen{"unknown": nil, "none": {Total: Crowd{Views: some(0), Viewers: some(0), Clicks: some(0), Impressions: some(0)}}} {
		if r := reportOf(t, Show{}, Sales{Sales: []Sale{{Currency: "CNY", Orders: 2, Gross: 5, Net: 5}}}, seen); len(r.Total.Rates) != 0 || r.Whole != (seen != nil) {
			t.Errorf("%s: %+v", name, r.Total)
		}
	}
}

// TestReportAddsUp: hosts, sellers, products, and live and replay each divide the whole, in
// each currency by itself (I6, I8).
func TestReportAddsUp(t *testing.T) {
	sales := Sales{Sales: []Sale{
		{Seller: "home", Host: "home", Currency: "CNY", Orders: 3, Gross: 900, Refunded: 100, Net: 800},
		{Seller: "tea", Host: "home", Currency: "CNY", Orders: 2, Gross: 500, Cancelled: 250, Net: 250},
		{Seller: "tea", Host: "home", Currency: "JPY", Orders: 1, Gross: 7000, Net: 7000},
		{Seller: "tea", Host: "home", Currency: "CNY", Replay: true, Orders: 1, Gross: 40, Net: 40},
	}, Products: []SaleOf{
		{Product: "corn", SKU: "CORN", Title: "@corn", Currency: "CNY", Orders: 4, Units: 5, Gross: 1000, Cancelled: 250},
		{Product: "tea", Currency: "JPY", Orders: 1, Units: 1, Gross: 7000},
	}}
	r := reportOf(t, Show{Title: "+1"}, sales, &Seen{Clicks: map[string]int64{"pot": 4}})
	sum := func(parts ...[]Money) map[string]int64 {
		out := map[string]int64{}
		for _, money := range parts {
			for _, m := range money {
				out[m.Currency+" gross"] += m.Gross
				out[m.Currency+" net"] += m.Net
			}
		}
		return out
	}
	var products, hosts, sellers [][]Money
	for _, p := range r.Products {
		products = append(products, p.Money)
	}
	for _, o := range r.Hosts {
		hosts = append(hosts, o.Money)
	}
	for _, o := range r.Sellers {
		sellers = append(sellers, o.Money)
	}
	for name, parts := range map[string][][]Money{"total": {r.Total.Money}, "live and replay": {r.Live.Money, r.Replay.Money}, "products": products, "hosts": hosts, "sellers": sellers} {
		got := sum(parts...)
		for what, want := range map[string]int64{"CNY gross": 1440, "CNY net": 1090, "JPY gross": 7000, "JPY net": 7000} {
			if got[what] != want {
				t.Errorf("%s: %s is %d, not %d", name, what, got[what], want)
			}
		}
	}
	if r.Total.Orders != 7 || r.Replay.Orders != 1 || len(r.Hosts) != 1 || len(r.Sellers) != 2 || len(r.Products) != 4 {
		t.Errorf("%+v", r)
	}
	text, err := r.CSV()
	for _, line := range []string{"show,,,'+1,", "product,corn,CORN,'@corn,CNY,,,,,,4,,,10.00,0.00,2.50,7.50,", "seller,tea,,'=Tea,JPY,,,,,,1,,,7000,0,0,7000,", "product,,,(of no product),CNY,,,,,,,,,4.40,1.00,0.00,3.40,", "product,pot,,,,,,,4,,0,,0,"} {
		if err != nil || !strings.Contains(string(text), "\n"+line) {
			t.Errorf("%s is missing: %v\n%s", line, err, text)
		}
	}
}

// A rehearsal never counts (I7).
func TestReportOfARehearsal(t *testing.T) {
	r := reportOf(t, Show{Rehearsal: true}, Sales{Sales: []Sale{{Currency: "CNY", Orders: 1, Gross: 1, Net: 1}}, Total: Buyers{Known: 1}}, &Seen{Total: Crowd{Clicks: some(4)}, Clicks: map[string]int64{"corn": 4}})
	if r.Total.Orders != 0 || r.Total.Buyers != 0 || r.Total.Clicks != nil || len(r.Products) != 0 || len(r.Sellers) != 0 {
		t.Errorf("%+v", r)
	}
}

// What 64 bits cannot hold is refused, never wrapped.
func TestReportTooGreat(t *testing.T) {
	most := Sale{Currency: "CNY", Orders: 1, Gross: math.MaxInt64, Net: math.MaxInt64}
	if _, err := MakeReport(Show{}, time.Now(), Sales{Sales: []Sale{most, {Seller: "tea", Currency: "CNY", Gross: 1}}}, nil, nil); CodeOf(err) != Conflict {
		t.Errorf("%v", err)
	}
	if _, err := MakeReport(Show{}, time.Now(), Sales{Sales: []Sale{most, {Seller: "tea", Currency: "JPY", Gross: 1}}}, nil, nil); err != nil {
		t.Errorf("currencies were added: %v", err)
	}
}
