package web

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// TestCards: the link of a room, of a show and of a moment of it each have their picture, and that of the moment names
// what was shown then, at today's price.
func TestCards(t *testing.T) {
	began := time.Date(2026, 11, 20, 18, 30, 0, 0, time.UTC)
	tea := &Offer{SKU: "TEA", Title: "Green tea", Price: 900, Currency: "CNY", Digits: 2}
	look := func(_ context.Context, slug, show string) (RoomInfo, error) {
		info := RoomInfo{Exists: true, Title: "Harvest", Name: "Farm", Image: "/live/farm/poster.jpg", Card: "/live/farm/card.jpg?v=1", Since: began}
		switch {
		case slug == "soon":
			info.Since, info.Planned = time.Time{}, []PlannedShow{{ID: "01N", Title: "Next", Starts: began, Image: "/i/next.jpg"}}
		case slug == "private":
			info.Image, info.Card = "", ""
		}
		if show == "01J" {
			info.Show = &FormerShow{ID: "01J", Title: "Corn", Date: began, Image: "/live/farm/01a/poster.jpg", Card: "/vod/01J/card.jpg", Moments: "/vod/01J/moments/",
				Chapters: []Chapter{{Title: "Tea", At: 10 * time.Second, Till: 60 * time.Second, Offer: tea}, {Title: "Gone", At: 4000 * time.Second, Till: 5000 * time.Second}}}
			if slug == "private" {
				info.Show.Image, info.Show.Card, info.Show.Moments = "", "", ""
			}
		}
		return info, nil
	}
	place := func(_ context.Context, _ string, date time.Time) (time.Duration, error) {
		if date.Before(began) {
			return 0, errors.New("there is no recording")
		}
		return date.Sub(began), nil
	}
	h, err := build(Options{Room: look, Place: place, Log: slog.New(slog.DiscardHandler)}, built())
	if err != nil {
		t.Fatal(err)
	}
	const at = "http://live.example"
	for path, want := range map[string]struct{ title, image, address, about string }{
		"/watch/farm":                              {"Harvest", at + "/live/farm/card.jpg?v=1", at + "/watch/farm", ""},
		"/watch/farm?t=30":                         {"Harvest", at + "/live/farm/card.jpg?v=1", at + "/watch/farm", ""},
		"/watch/soon":                              {"Harvest", at + "/i/next.jpg", at + "/watch/soon", ""},
		"/watch/farm?show=01J":                     {"Corn · 2026-11-20", at + "/vod/01J/card.jpg", at + "/watch/farm?show=01J", "Recording of the show on 2026-11-20."},
		"/watch/farm?show=01J&t=30&ref=abcd1234":   {"Green tea ¥9.00 · Corn · 2026-11-20", at + "/vod/01J/moments/30.jpg", at + "/watch/farm?show=01J&amp;t=30", "Begins at 0:30 of the show on 2026-11-20."},
		"/watch/farm?show=01J&t=4001":              {"Gone · Corn · 2026-11-20", at + "/vod/01J/moments/4001.jpg", at + "/watch/farm?show=01J&amp;t=4001", "Begins at 1:06:41 of the show on 2026-11-20."},
		"/watch/farm?show=01J&t=70":                {"Corn · 2026-11-20", at + "/vod/01J/moments/70.jpg", at + "/watch/farm?show=01J&amp;t=70", "Begins at 1:10 of the show on 2026-11-20."},
		"/watch/farm?show=01J&date=1795199430":     {"Green tea ¥9.00 · Corn · 2026-11-20", at + "/vod/01J/moments/30.jpg", at + "/watch/farm?show=01J&amp;t=30", "Begins at 0:30 of the show on 2026-11-20."},
		"/watch/farm?show=01J&date=5":              {"Corn · 2026-11-20", at + "/vod/01J/card.jpg", at + "/watch/farm?show=01J", "Recording of the show on 2026-11-20."},
		"/watch/private":                           {"Harvest", "", at + "/watch/private", ""},
		"/watch/private?show=01J&t=30":             {"Green tea ¥9.00 · Corn · 2026-11-20", "", at + "/watch/private?show=01J&amp;t=30", "Begins at 0:30 of the show on 2026-11-20."},
		"/watch/farm?show=01X&t=30":                {"Harvest", "http://live.example/live/farm/poster.jpg", at + "/watch/farm?show=01X", ""},
		"/watch/farm?show=01J&t=99999999999999999": {"Corn · 2026-11-20", at + "/vod/01J/card.jpg", at + "/watch/farm?show=01J", "Recording of the show on 2026-11-20."},
	} {
		body := get(h, at+path).Body.String()
		made := strings.Contains(want.image, "card.jpg") || strings.Contains(want.image, "/moments/")
		for text, stands := range map[string]bool{
			`property="og:title" content="` + want.title + `"`:             true,
			`property="og:url" content="` + want.address + `"`:             true,
			`property="og:description" content="` + want.about + `"`:       want.about != "",
			`property="og:image" content="` + want.image + `"`:             want.image != "",
			`property="og:image:width" content="1200"`:                     made,
			`property="og:image:height" content="630"`:                     made,
			`name="twitter:card" content="summary_large_image"`:            want.image != "",
			`rel="canonical" href="` + strings.Split(want.address, "&")[0]: true,
			`canonical" href="` + want.address + `"`:                       !strings.Contains(want.address, "&amp;t="),
		} {
			if strings.Contains(body, text) != stands {
				t.Errorf("%s: %s: %v", path, text, !stands)
			}
		}
		w := get(h, at+"/oembed?url="+url.QueryEscape(at+path))
		if strings.Contains(path, "01X") {
			continue
		}
		var o oEmbed
		if err := json.Unmarshal(w.Body.Bytes(), &o); err != nil || w.Code != http.StatusOK {
			t.Fatalf("%s: %d %v", path, w.Code, err)
		}
		thumb, size := want.image, box{cardWidth, cardHeight}
		if !made {
			thumb, size = "", box{}
		}
		if o.Title != want.title || o.Thumb != thumb || (box{o.ThumbW, o.ThumbH}) != size || strings.ReplaceAll(o.Page, "&", "&amp;") != want.address {
			t.Errorf("%s: oEmbed says %+v", path, o)
		}
		if strings.Contains(want.address, "t=") != strings.Contains(o.HTML, "&amp;t=") {
			t.Errorf("%s: the frame begins elsewhere: %s", path, o.HTML)
		}
	}
	if body := get(h, at+"/watch/farm?show=01J&date=1795199430").Body.String(); !strings.Contains(body, ` start="30"`) {
		t.Error("the page does not begin at the moment")
	}
	for price, o := range map[string]Offer{"¥49.90": {Price: 4990, Currency: "CNY", Digits: 2}, "JP¥500": {Price: 500, Currency: "JPY"}, "CHF 1.05": {Price: 105, Currency: "CHF", Digits: 2}, "": {Price: 5}} {
		if got := priceText(o); got != price {
			t.Errorf("%+v is written %q, want %q", o, got, price)
		}
	}
}
