package site

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestBelowBase(t *testing.T) {
	h := BelowBase("/shop", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
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
