package sim

import (
	"bytes"
	"strings"
	"testing"

	"mediad/cmd/mediad/testshop"
	"mediad/overlay"
)

// TestCompare: whatever the server says otherwise than the shop's books is told.
func TestCompare(t *testing.T) {
	n := func(n int64) *int64 { return &n }
	right := func() *Result {
		r := &Result{Profile: Profiles["tadu"], Came: 10, Clicked: 5, Liked: 80, Gross: 300, Refunded: 40, Books: make([]testshop.Booked, 2)}
		r.Report.Total = overlay.ReportPart{Viewers: n(10), Likes: n(80), Clicks: n(5), Clickers: n(5), Orders: 2, Money: []overlay.Money{{Currency: currency, Gross: 300, Refunded: 40, Net: 260}}}
		return r
	}
	for what, change := range map[string]func(*overlay.ReportPart){
		"":                         func(*overlay.ReportPart) {},
		"orders":                   func(p *overlay.ReportPart) { p.Orders = 3 },
		"viewers":                  func(p *overlay.ReportPart) { p.Viewers = n(9) },
		"likes":                    func(p *overlay.ReportPart) { p.Likes = n(79) },
		"likes: the server says 0": func(p *overlay.ReportPart) { p.Likes = nil },
		"clicks":                   func(p *overlay.ReportPart) { p.Clicks = n(6) },
		"who clicked":              func(p *overlay.ReportPart) { p.Clickers = n(4) },
		"money paid":               func(p *overlay.ReportPart) { p.Money[0].Gross = 299 },
		"went back":                func(p *overlay.ReportPart) { p.Money[0].Refunded = 0 },
		"money in EUR":             func(p *overlay.ReportPart) { p.Money[0].Currency = "EUR" },
		"money paid, in":           func(p *overlay.ReportPart) { p.Money = nil },
	} {
		r := right()
		change(&r.Report.Total)
		r.compare()
		var text bytes.Buffer
		if err := r.Write(&text); err != nil {
			t.Fatal(err)
		}
		if told := strings.Join(r.Mistakes, "; "); (what == "") != (told == "") || !strings.Contains(told, what) || (what != "") != strings.Contains(text.String(), "WRONG") {
			t.Errorf("with other %q it tells %q\n%s", what, told, &text)
		}
	}
}

// TestRates: a load tells what it reached beside what was asked, and whether the picture
// stood still.
func TestRates(t *testing.T) {
	p := Profiles["star"]
	if likes, orders := float64(p.Likes)/p.Length.Seconds(), float64(p.Orders)/p.Length.Seconds(); likes != 603 || orders != 690 {
		t.Errorf("%g likes and %g orders a second", likes, orders)
	}
	r := &Result{Profile: p, Served: 120, Liked: 36_180, Bought: 41_400}
	for late, picture := range map[int]string{0: "did not stutter", 1: "stuttered"} {
		r.Screen.Late = late
		var text bytes.Buffer
		if err := r.Write(&text); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"likes a second", "603", "302", "orders a second", "690", "345", picture} {
			if !strings.Contains(text.String(), want) {
				t.Errorf("%q is not in\n%s", want, &text)
			}
		}
	}
}

// TestCrowd: a crowd has as many viewers, clickers and buyers as its profile, and comes
// within the show; the same seed gives the same one.
func TestCrowd(t *testing.T) {
	p := Profiles["tadu"]
	all, again := crowd(p, 3), crowd(p, 3)
	var clicks, buys, rush int
	seen := map[uint64]bool{}
	for n, v := range all {
		if v != again[n] {
			t.Fatalf("viewer %d differs", n)
		}
		if v.comes < 0 || v.comes >= p.Length || n > 0 && v.comes < all[n-1].comes {
			t.Fatalf("viewer %d comes at %v", n, v.comes)
		}
		seen[v.id] = true
		if v.clicks {
			clicks++
		}
		if v.buys {
			buys++
			if from := (p.Length - p.RushFor) / 2; v.comes >= from && v.comes < from+p.RushFor {
				rush++
			}
		}
	}
	if len(seen) != p.Viewers || clicks != p.Clickers || buys != p.Orders {
		t.Errorf("%d viewers, %d clickers, %d buyers", len(seen), clicks, buys)
	}
	if share := float64(rush) / float64(buys); share < p.Rush || share > p.Rush+0.1 {
		t.Errorf("%.2f of the orders come in the rush, want a little over %.2f", share, p.Rush)
	}
}

// TestLikesOfAGreatAudience: they are an estimate, and a greater difference is told.
func TestLikesOfAGreatAudience(t *testing.T) {
	for likes, wrong := range map[int64]bool{36_180: false, 35_000: false, 37_500: false, 34_000: true, 38_500: true, 0: true} {
		r := &Result{Profile: Profiles["star"], Came: 41_400, Liked: 36_180}
		r.Report.Total.Likes = &likes
		if r.compare(); (len(r.Mistakes) > 0) != wrong {
			t.Errorf("%d likes of %d: %v", likes, r.Liked, r.Mistakes)
		}
	}
}
