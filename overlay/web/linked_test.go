package web

import (
	"context"
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// What search engines read: the live show with its pins, and a recording with its chapters.
func TestLinkedData(t *testing.T) {
	began := time.Date(2026, 11, 20, 18, 30, 0, 0, time.UTC)
	offers := []Offer{
		{SKU: "CORN", Title: "玉米 </script><script>alert(1)", Image: "/img/corn.jpg", Price: 5, Currency: "CNY", Digits: 2, Stock: "low"},
		{SKU: "YEN", Title: "Tea", Price: 4990, Currency: "JPY", Stock: "out"},
	}
	look := func(_ context.Context, slug, show string) (RoomInfo, error) {
		info := RoomInfo{Exists: true, Title: "Corn & tea", Image: "/live/demo/poster.jpg", Offers: offers}
		switch {
		case slug == "quiet":
			info.Offers = nil
		case show == "01J":
			info.Show = &FormerShow{ID: "01J", Title: "Harvest", Date: began, Ended: began.Add(time.Hour), Chapters: []Chapter{{Title: "玉米", At: 90 * time.Second, Till: 150500 * time.Millisecond}}}
		case show == "":
			info.Since = began
		}
		return info, nil
	}
	h, err := build(Options{Room: look, PublicURL: "https://example.com/shop"}, built())
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile(`(?s)<script type="application/ld\+json">(.*?)</script>`)
	read := func(target string) []any {
		t.Helper()
		found := block.FindStringSubmatch(get(h, target).Body.String())
		if found == nil {
			return nil
		}
		var said map[string]any
		if err := json.Unmarshal([]byte(found[1]), &said); err != nil {
			t.Fatalf("%s: %v in %s", target, err, found[1])
		}
		return said["@graph"].([]any)
	}
	live := read("/watch/demo")
	if len(live) != 3 {
		t.Fatalf("the live page says %v", live)
	}
	page := "https://example.com/shop/watch/demo"
	want := map[string]any{"@type": "VideoObject", "@id": page, "url": page, "name": "Corn & tea", "description": "Corn & tea", "uploadDate": "2026-11-20T18:30:00Z",
		"embedUrl": "https://example.com/shop/embed/demo", "thumbnailUrl": []any{"https://example.com/shop/live/demo/poster.jpg"},
		"publication": map[string]any{"@type": "BroadcastEvent", "name": "Corn & tea", "isLiveBroadcast": true, "startDate": "2026-11-20T18:30:00Z"}}
	if d := cmp.Diff(want, live[0]); d != "" {
		t.Error(d)
	}
	want = map[string]any{"@type": "Product", "name": offers[0].Title, "sku": "CORN", "image": "https://example.com/shop/img/corn.jpg",
		"offers": map[string]any{"@type": "Offer", "price": "0.05", "priceCurrency": "CNY", "url": page, "availability": "https://schema.org/LimitedAvailability"}}
	if d := cmp.Diff(want, live[1]); d != "" {
		t.Error(d)
	}
	if offer := live[2].(map[string]any)["offers"].(map[string]any); offer["price"] != "4990" || offer["availability"] != "https://schema.org/OutOfStock" {
		t.Error(offer)
	}
	recorded := read("/watch/demo?show=01J")[0].(map[string]any)
	clip := map[string]any{"@type": "Clip", "name": "玉米", "startOffset": 90.0, "endOffset": 150.0, "url": page + "?show=01J&t=90"}
	if d := cmp.Diff([]any{clip}, recorded["hasPart"]); d != "" || recorded["publication"].(map[string]any)["endDate"] != "2026-11-20T19:30:00Z" {
		t.Error(d, recorded)
	}
	if said := read("/watch/quiet?show=01X"); said != nil {
		t.Errorf("a page without a show says %v", said)
	}
	// The address of a chapter begins there; anything else begins at the begin.
	for query, start := range map[string]string{"&t=90": ` start="90"`, "&t=x": "", "&t=-1": "", "&t=99999999999": "", "": ""} {
		body := get(h, "/watch/demo?show=01J"+query).Body.String()
		if strings.Contains(body, " start=") != (start != "") || !strings.Contains(body, start) {
			t.Errorf("%s: %s", query, body)
		}
	}
	if body := get(h, "/watch/demo?t=90").Body.String(); strings.Contains(body, " start=") {
		t.Error("a live show begins in its middle")
	}
}

func TestDecimal(t *testing.T) {
	for _, test := range []struct {
		minor  int64
		digits int
		want   string
	}{{4990, 2, "49.90"}, {5, 2, "0.05"}, {0, 2, "0.00"}, {0, 0, "0"}, {4990, 3, "4.990"}, {9007199254740991, 2, "90071992547409.91"}} {
		if got := decimal(test.minor, test.digits); got != test.want {
			t.Errorf("%d with %d digits: %s, want %s", test.minor, test.digits, got, test.want)
		}
	}
}
