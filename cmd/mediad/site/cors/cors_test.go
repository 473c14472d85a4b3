package cors

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// site is a mux like ours: it redirects paths that are not clean, and answers
// 405. What it does with them is not this package's business.
func site(o Options) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /live/", func(w http.ResponseWriter, r *http.Request) { w.Header().Set("X-Path", r.URL.Path) })
	mux.HandleFunc("GET /c/busy", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) })
	mux.HandleFunc("POST /api/v1/x", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) })
	mux.HandleFunc("GET /watch/", func(http.ResponseWriter, *http.Request) {})
	o.Public = func(path string) bool { return strings.HasPrefix(path, "/live/") || strings.HasPrefix(path, "/c/") }
	o.API = func(path string) bool { return strings.HasPrefix(path, "/api/") }
	return o.Before(mux)
}

func ask(h http.Handler, method, url string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://x/", nil)
	path, query, _ := strings.Cut(url, "?")
	r.URL.Path, r.URL.RawQuery = path, query
	for i := 0; i < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestEveryPublicAnswerCarriesIt(t *testing.T) {
	h := site(Options{})
	for _, c := range []struct {
		method, path string
		status       int
	}{
		{"GET", "/live/a/index.m3u8", 200}, {"GET", "//live/a/index.m3u8", 307}, {"GET", "/live//a///index.m3u8", 307}, {"GET", "/live/a/../b", 307},
		{"GET", "/c/none", 404}, {"GET", "/c/busy", 503}, {"POST", "/c/busy", 405}, {"DELETE", "//live/a", 307}, {"OPTIONS", "/live/a", 204}, {"OPTIONS", "//c/a", 204},
	} {
		w := ask(h, c.method, c.path)
		if w.Code != c.status && !(c.status == 307 && w.Code/100 == 3) || w.Header().Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s %s: %d %v", c.method, c.path, w.Code, w.Header())
		}
		if p := w.Header().Get("X-Path"); w.Code == 200 && p != "/live/a/index.m3u8" {
			t.Errorf("%s was served as %s", c.path, p)
		}
	}
	for _, path := range []string{"/watch/a", "/api/v1/x", "/livelihood"} {
		if w := ask(h, "GET", path, "Origin", "https://shop.example"); w.Header().Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s is for everybody: %v", path, w.Header())
		}
	}
}

func TestPreflightAllowsWhatIsAskedFor(t *testing.T) {
	for asked, want := range map[string]string{
		"": "Range", "range": "range", "cmcd-request,cmcd-object, cmcd-session,cmcd-status": "cmcd-request,cmcd-object, cmcd-session,cmcd-status",
		"authorization, cache-control, x-token_1": "authorization, cache-control, x-token_1", "a\x7fb": "Range", "a: b": "Range", " , ": "Range", strings.Repeat("x", 2049): "Range",
	} {
		w := ask(site(Options{}), "OPTIONS", "/live/a", "Origin", "https://shop.example", "Access-Control-Request-Method", "GET", "Access-Control-Request-Headers", asked)
		if got := w.Header().Get("Access-Control-Allow-Headers"); w.Code != 204 || got != want || w.Header().Get("Vary") != "Access-Control-Request-Headers" {
			t.Errorf("%q: %d, %q, %v", asked, w.Code, got, w.Header())
		}
	}
}

func TestAPIForNamedOrigins(t *testing.T) {
	for _, c := range []struct {
		origins        []string
		origin, allows string
	}{
		{nil, "https://shop.example", ""}, {[]string{"https://shop.example"}, "https://shop.example", "https://shop.example"},
		{[]string{"https://shop.example"}, "https://shop.example.evil", ""}, {[]string{"https://shop.example"}, "http://shop.example", ""},
		{[]string{"https://shop.example"}, "", ""}, {[]string{"*"}, "https://any.example", "*"}, {[]string{"https://a.example", "https://b.example:8443"}, "https://b.example:8443", "https://b.example:8443"},
	} {
		h := site(Options{Origins: c.origins})
		header := []string{"Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "authorization,content-type,idempotency-key"}
		if c.origin != "" {
			header = append(header, "Origin", c.origin)
		}
		w := ask(h, "OPTIONS", "/api/v1/x", header...)
		good := w.Code == 405
		if c.allows != "" {
			good = w.Code == 204 && w.Header().Get("Access-Control-Allow-Headers") == header[3] && strings.Contains(w.Header().Get("Access-Control-Allow-Methods"), "PATCH")
		}
		if got := w.Header().Get("Access-Control-Allow-Origin"); !good || got != c.allows {
			t.Errorf("%v, preflight from %q: %d %v", c.origins, c.origin, w.Code, w.Header())
		}
		w = ask(h, "POST", "/api/v1/x", header...)
		if got := w.Header().Get("Access-Control-Allow-Origin"); w.Code != 401 || got != c.allows || w.Header().Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("%v, from %q: %d %v", c.origins, c.origin, w.Code, w.Header())
		}
		if named := len(c.origins) > 0 && c.origins[0] != "*"; named != strings.Contains(w.Header().Get("Vary"), "Origin") {
			t.Errorf("%v: Vary %q", c.origins, w.Header().Get("Vary"))
		}
	}
}
