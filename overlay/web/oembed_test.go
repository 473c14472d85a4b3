package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/skip2/go-qrcode"
)

func TestOEmbed(t *testing.T) {
	h := newHandler(t, built())
	ask := func(address, more string) (int, oEmbed, http.Header) {
		t.Helper()
		w := get(h, "http://live.example/oembed?url="+url.QueryEscape(address)+more, "Accept-Language", "zh")
		var o oEmbed
		if err := json.Unmarshal(w.Body.Bytes(), &o); err != nil {
			t.Fatalf("%s: %v in %s", address, err, w.Body)
		}
		return w.Code, o, w.Header()
	}
	for address, want := range map[string]struct{ title, src string }{
		"http://live.example/watch/demo":                  {"玉米 & tea", "http://live.example/embed/demo"},
		"https://LIVE.example:443/watch/demo?utm=x#chat":  {"玉米 & tea", "http://live.example/embed/demo"},
		"http://live.example/embed/demo":                  {"玉米 & tea", "http://live.example/embed/demo"},
		"http://live.example/watch/old?show=01J&lang=en":  {"Corn & tea · 2026-11-20", "http://live.example/embed/old?show=01J"},
		"http://live.example:80/watch/old?show=%22%3Ehey": {"old", "http://live.example/embed/old"},
	} {
		status, o, head := ask(address, "&format=json")
		if status != http.StatusOK || o.Version != "1.0" || o.Type != "video" || o.Title != want.title || o.Width != 640 || o.Height != 360 ||
			!strings.Contains(o.HTML, `src="`+want.src+`"`) || !strings.HasSuffix(o.HTML, "></iframe>") {
			t.Errorf("%s: %d %+v", address, status, o)
		}
		if head.Get("Content-Type") != "application/json" || head.Get("Cache-Control") != "public, max-age=300" ||
			head.Get("Access-Control-Allow-Origin") != "*" || head.Get("Vary") != "" || head.Get("Set-Cookie") != "" {
			t.Errorf("%s: %v", address, head)
		}
	}
	if _, o, _ := ask("http://live.example/watch/evil", ""); strings.Contains(o.HTML, "<script") || !strings.Contains(o.HTML, "&lt;script&gt;") {
		t.Errorf("a hostile title goes through: %s", o.HTML)
	}
	for more, want := range map[string]box{
		"&maxwidth=320": {320, 180}, "&maxheight=180": {320, 180}, "&maxwidth=4000": {1280, 720}, "&maxwidth=500&maxheight=90": {160, 90},
		"&maxwidth=90&maxheight=500": {90, 50}, "&maxwidth=1&maxheight=1": {1, 1}, "&maxwidth=": {640, 360}, "&maxwidth=900&maxheight=2147483647": {900, 506},
	} {
		if status, o, _ := ask("http://live.example/watch/demo", more); status != http.StatusOK || (box{o.Width, o.Height}) != want ||
			!strings.Contains(o.HTML, fmt.Sprintf(`width="%d" height="%d"`, want.width, want.height)) {
			t.Errorf("%s: %d×%d, want %v", more, o.Width, o.Height, want)
		}
	}
}

func TestOEmbedBelowAPath(t *testing.T) {
	h, err := build(Options{Room: lookUp, PublicURL: "https://example.com/shop"}, built())
	if err != nil {
		t.Fatal(err)
	}
	for address, status := range map[string]int{
		"https://example.com/shop/watch/demo": 200, "https://example.com/watch/demo": 404, "https://example.com/shopwatch/demo": 404, "http://inner/shop/watch/demo": 404,
	} {
		w := get(h, "http://inner/oembed?url="+url.QueryEscape(address))
		if w.Code != status || status == 200 && !strings.Contains(w.Body.String(), `https://example.com/shop/embed/demo`) {
			t.Errorf("%s: %d %s", address, w.Code, w.Body)
		}
	}
	// Readers find it in the page, and the page names itself.
	found := regexp.MustCompile(`type="application/json\+oembed" href="https://example\.com/shop([^"]*)"`).FindStringSubmatch(get(h, "http://inner/watch/old?show=01J").Body.String())
	if found == nil {
		t.Fatal("the page does not name its oEmbed answer")
	}
	if w := get(h, "http://inner"+found[1]); w.Code != 200 || !strings.Contains(w.Body.String(), "/shop/embed/old?show=01J") {
		t.Errorf("%s: %d %s", found[1], w.Code, w.Body)
	}
}

// Each wrong request gets an answer that says what is wrong, and nothing is looked up for it.
func TestOEmbedRefuses(t *testing.T) {
	h := newHandler(t, built())
	here := "http://live.example/watch/demo"
	for _, test := range []struct {
		query, says, cache string
		status             int
	}{
		{"", "url: is missing", forMinutes, 400},
		{"url=", "url: is missing", forMinutes, 400},
		{"url=" + url.QueryEscape("http://live.example/watch/"+strings.Repeat("a", 3000)), "url: has 3026 bytes, at most 2048", forMinutes, 400},
		{"url=live.example/watch/demo", "url: is not a web address", forMinutes, 400},
		{"url=" + url.QueryEscape("javascript:alert(1)"), "url: is not a web address", forMinutes, 400},
		{"url=" + url.QueryEscape("http://live.example@evil.example/watch/demo"), "url: is not a web address", forMinutes, 400},
		{"url=" + url.QueryEscape("http://live.example/watch/%zz"), "url: is not a web address", forMinutes, 400},
		{"url=" + url.QueryEscape("https://evil.example/watch/demo"), "url: is of another site", forMinutes, 404},
		{"url=" + url.QueryEscape("http://live.example:8080/watch/demo"), "url: is of another site", forMinutes, 404},
		{"url=" + url.QueryEscape("http://live.example.evil.example/watch/demo"), "url: is of another site", forMinutes, 404},
		{"url=" + url.QueryEscape("http://live.example/studio"), "url: is not the page of a room", forMinutes, 404},
		{"url=" + url.QueryEscape("http://live.example/watch/"), "url: is not the page of a room", forMinutes, 404},
		{"url=" + url.QueryEscape("http://live.example/watch/demo/playback.json"), "url: is not the page of a room", forMinutes, 404},
		{"url=" + url.QueryEscape("http://live.example/watch/nobody"), "there is no such room", forSeconds, 404},
		{"url=" + url.QueryEscape("http://live.example/watch/%00%2f.."), "there is no such room", forSeconds, 404},
		{"url=" + url.QueryEscape("http://live.example/watch/old?show=01X"), "no such show", forSeconds, 404},
		{"url=" + url.QueryEscape("http://live.example/watch/broken"), "ask again in a moment", notKept, 503},
		{"format=xml&url=" + url.QueryEscape(here), "format: only json", forMinutes, 501},
		{"maxwidth=0&url=" + url.QueryEscape(here), "maxwidth: must be a number of pixels", forMinutes, 400},
		{"maxwidth=-5&url=" + url.QueryEscape(here), "maxwidth: must be a number of pixels", forMinutes, 400},
		{"maxheight=1e3&url=" + url.QueryEscape(here), "maxheight: must be a number of pixels", forMinutes, 400},
		{"maxwidth=99999999999999999999&url=" + url.QueryEscape(here), "maxwidth: must be a number of pixels", forMinutes, 400},
	} {
		w := get(h, "http://live.example/oembed?"+test.query)
		if head := w.Header(); w.Code != test.status || !strings.Contains(w.Body.String(), test.says) || head.Get("Cache-Control") != test.cache ||
			head.Get("Content-Type") != "application/problem+json" || strings.Contains(w.Body.String(), errLookup.Error()) {
			t.Errorf("%.80s: %d %s %s", test.query, w.Code, head.Get("Cache-Control"), w.Body)
		}
	}
}

// The picture has the squares of the address's code, whatever shapes draw them.
func TestQR(t *testing.T) {
	h := newHandler(t, built())
	for target, address := range map[string]string{
		"http://live.example/qr/demo.svg": "http://live.example/watch/demo", "http://live.example/qr/old.svg?show=01J": "http://live.example/watch/old?show=01J",
	} {
		w := get(h, target)
		if head := w.Header(); w.Code != 200 || head.Get("Content-Type") != "image/svg+xml" || head.Get("Cache-Control") != forMinutes || head.Get("Vary") != "" {
			t.Fatalf("%s: %d %v", target, w.Code, head)
		}
		code, err := qrcode.New(address, qrcode.Medium)
		if err != nil {
			t.Fatal(err)
		}
		want := code.Bitmap()
		got := make([][]bool, len(want))
		for y := range got {
			got[y] = make([]bool, len(want))
		}
		number := func(s string) int { n, _ := strconv.Atoi(s); return n }
		for _, m := range regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1H(\d+)z`).FindAllStringSubmatch(w.Body.String(), -1) {
			for x := range number(m[3]) {
				got[number(m[2])][number(m[1])+x] = true
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(want) || !strings.Contains(w.Body.String(), fmt.Sprintf(`viewBox="0 0 %d %d"`, len(want), len(want))) {
			t.Errorf("%s is not the code of %s", target, address)
		}
	}
	for target, status := range map[string]int{
		"/qr/nobody.svg": 404, "/qr/demo.png": 404, "/qr/demo": 404, "/qr/.svg": 404, "/qr/old.svg?show=01X": 404, "/qr/broken.svg": 503, "/qr/" + strings.Repeat("a", 5000) + ".svg": 404,
	} {
		w := get(h, target)
		if w.Code != status || w.Header().Get("Content-Type") != "application/problem+json" || (status == 503) != (w.Header().Get("Cache-Control") == notKept) {
			t.Errorf("%.40s: %d %v", target, w.Code, w.Header())
		}
	}
}
