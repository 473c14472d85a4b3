package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"mediad/packager"
	"mediad/packager/pass"
)

// Live paths pass the mux by, also those that it would clean by a redirect.
func TestLiveFirst(t *testing.T) {
	says := func(word string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte(word)) })
	}
	h := liveFirst(says("live"), says("mux"))
	for path, want := range map[string]string{
		"/live/demo/index.m3u8": "live", "/live/demo/01/main/p1.ts?_HLS_msn=/../": "live",
		"/live/../../vod.m3u8": "live", "/live/demo/%2e%2e/vod.m3u8": "live", "/live//demo/index.m3u8": "live",
		"/live": "live", "/liver": "mux", "/watch/demo": "mux",
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		if got := w.Body.String(); got != want {
			t.Errorf("%s went to %s, want %s", path, got, want)
		}
	}
}

// A page of another site sees every status of live media, with and without
// signed addresses, and is never led elsewhere.
func TestEverybodySeesEveryStatus(t *testing.T) {
	ring := pass.NewRing("a-key-of-some-length")
	signed := "/~" + ring.Sign("demo", time.Now().Add(time.Hour))
	live := packager.NewLive(nil)
	mux := http.NewServeMux()
	mux.Handle("/live/", live) // cleans paths, as that of the server does
	var none *gate
	for name, media := range map[string]http.Handler{"open": none.guard(live), "protected": (&gate{ring, time.Hour}).guard(live)} {
		h := liveFirst(media, mux)
		for _, c := range []struct {
			method, path    string
			open, protected int
		}{
			{"GET", "/live", 404, 403},
			{"GET", "/live/", 404, 403},
			{"GET", "/live/demo/index.m3u8", 404, 403},
			{"HEAD", "/live/demo/index.m3u8", 404, 403},
			{"GET", "/live//demo/index.m3u8", 404, 403},
			{"GET", "/live/../live/demo/index.m3u8", 404, 403},
			{"GET", "/live/demo/%2e%2e/vod.m3u8", 404, 403},
			{"POST", "/live/demo/index.m3u8", 405, 403},
			{"OPTIONS", "/live/demo/index.m3u8", 204, 204},
			{"OPTIONS", "/live//demo/index.m3u8", 204, 204},
			{"GET", "/live" + signed + "/demo/index.m3u8", 404, 404},
			{"GET", "/live" + signed + "/demo/../tea/01/vod.m3u8", 404, 404},
			{"GET", "/live" + signed + "/tea/index.m3u8", 404, 403},
			{"POST", "/live" + signed + "/demo/index.m3u8", 405, 405},
			{"OPTIONS", "/live" + signed + "/demo/index.m3u8", 204, 204},
		} {
			w := httptest.NewRecorder()
			h.ServeHTTP(w, httptest.NewRequest(c.method, c.path, nil))
			want := c.open
			if name == "protected" {
				want = c.protected
			}
			if w.Code != want {
				t.Errorf("%s, %s %s: %d, want %d", name, c.method, c.path, w.Code, want)
			}
			if w.Header().Get("Access-Control-Allow-Origin") != "*" || !strings.Contains(w.Header().Get("Access-Control-Expose-Headers"), "Age") {
				t.Errorf("%s, %s %s, %d: %v", name, c.method, c.path, w.Code, w.Header())
			}
		}
	}
}
