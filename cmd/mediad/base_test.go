package main

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestBelowBase(t *testing.T) {
	h := belowBase("/shop", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Write([]byte(r.URL.Path + " " + r.URL.EscapedPath()))
	}))
	for target, want := range map[string]string{
		"/watch/tea":           "/watch/tea /watch/tea",
		"/shop/watch/tea":      "/watch/tea /watch/tea",
		"/shop":                "/ /",
		"/shop/":               "/ /",
		"/shopping/x":          "/shopping/x /shopping/x",
		"/shop/shop/x":         "/shop/x /shop/x",
		"/shop/c/a%2Fb/x.json": "/c/a/b/x.json /c/a%2Fb/x.json",
		"/shop//live/x":        "//live/x //live/x",
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, target, nil))
		if w.Body.String() != want {
			t.Errorf("%s: %s, want %s", target, w.Body, want)
		}
	}
}

func TestBase(t *testing.T) {
	for address, want := range map[string]string{
		"": "", "https://example.com": "", "https://example.com/": "", "https://example.com/shop": "/shop", "https://example.com/a/b/": "/a/b",
	} {
		if got := (HTTPConfig{PublicURL: address}).base(); got != want {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
}

func TestBaseThatCannotBe(t *testing.T) {
	for address, want := range map[string]string{
		"https://example.com/shop/live": `http.public_url is "https://example.com/shop/live"; no folder of its path may be called "live", as one of this server's own is`,
		"https://example.com/a b":       `http.public_url is "https://example.com/a b"; its path may have letters, digits and . _ - only, as in https://example.com/shop`,
		"https://example.com/../x":      `http.public_url is "https://example.com/../x"; its path may have letters, digits and . _ - only, as in https://example.com/shop`,
		"https://example.com//x":        `http.public_url is "https://example.com//x"; its path may have letters, digits and . _ - only, as in https://example.com/shop`,
	} {
		if err := (HTTPConfig{PublicURL: address}).checkBase(); err == nil || err.Error() != want {
			t.Errorf("%s: %v", address, err)
		}
	}
	for _, address := range []string{"", "https://example.com", "https://example.com/live-shop", "https://example.com/a/b.c"} {
		if err := (HTTPConfig{PublicURL: address}).checkBase(); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
}
