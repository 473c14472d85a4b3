package main

import (
	"crypto/tls"
	"crypto/x509"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"mediad/cmd/mediad/metrics"
	"mediad/cmd/mediad/playback"
	"mediad/cmd/mediad/site"
	"mediad/cmd/mediad/site/sitetest"
	"mediad/packager"
	"mediad/packager/layout"
	"mediad/packager/playtoken"
)

// Live paths do not go through the mux, even those that it would redirect to
// a clean path.
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

// A page of another site can read every status of live media, with and
// without signed addresses, and is never redirected.
func TestEverybodySeesEveryStatus(t *testing.T) {
	ring := playtoken.NewRing("a-key-of-some-length")
	signed := "/~" + ring.Sign("demo", time.Now().Add(time.Hour))
	live := packager.NewLive(nil)
	mux := http.NewServeMux()
	mux.Handle("/live/", live) // cleans paths, as that of the server does
	var none *playback.Protection
	for name, media := range map[string]http.Handler{"open": none.Guard(live), "protected": playback.New(ring, time.Hour).Guard(live)} {
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

// serveTest serves h like the public port, on the loopback interface, until the test ends;
// with a certificate for localhost if secure.
func serveTest(t *testing.T, h http.Handler, secure bool) (address string, roots *x509.CertPool) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var config *tls.Config
	if secure {
		config, roots = sitetest.TLS(t)
	}
	server := site.New(site.Options{
		Handler: h, Pages: crossOrigin(nil), Players: layout.IsLive, Network: packager.NetworkOf, Count: metrics.NewTraffic().Count, Log: slog.New(slog.DiscardHandler),
	})
	served := make(chan error, 1)
	go func() { served <- server.Serve(l, config) }()
	t.Cleanup(func() {
		server.Close()
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	return l.Addr().String(), roots
}
