package main

import (
	"crypto/tls"
	"io"
	"net/http"
	"net/url"
	"testing"
	"time"

	"mediad/cmd/mediad/objects"
	"mediad/cmd/mediad/playback"
	"mediad/packager"
	"mediad/packager/layout"
	"mediad/packager/playtoken"
	"mediad/storage"
)

// Media has one path, over HTTP/1.1 and HTTP/2, with and without signed addresses:
// every other spelling is 404, whether its token is valid or not, and never a redirect.
func TestMediaHasOnePath(t *testing.T) {
	dir, err := storage.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer dir.Close()
	if err := dir.Put(t.Context(), layout.Of("demo", "01old").Recording().Key(), []byte("#EXTM3U\n")); err != nil {
		t.Fatal(err)
	}
	live := packager.NewLive(objects.Stored{Store: dir})
	ring := playtoken.NewRing("a-key-of-some-length")
	token := "~" + ring.Sign("demo", time.Now().Add(time.Hour))
	mux := http.NewServeMux()
	mux.HandleFunc("GET /vod/{show}/index.m3u8", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "#EXTM3U\n") })
	var none *playback.Protection
	for _, secure := range []bool{false, true} { // TLS chooses HTTP/2
		scheme, version := "http", 1
		if secure {
			scheme, version = "https", 2
		}
		for lead, media := range map[string]http.Handler{"/live/": none.Guard(live), "/live/" + token + "/": playback.New(ring, time.Hour).Guard(live)} {
			address, roots := serveTest(t, packager.OnePath(liveFirst(media, mux)), secure)
			client := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, ServerName: "localhost"}, ForceAttemptHTTP2: true}
			defer client.CloseIdleConnections()
			for path, want := range map[string]int{
				lead + "demo/01old/vod.m3u8":       200,
				"/" + lead + "demo/01old/vod.m3u8": 404, lead + "/demo/01old/vod.m3u8": 404, lead + "demo//01old/vod.m3u8": 404, lead + "demo/01old/vod.m3u8/": 404,
				lead + "demo%2f01old/vod.m3u8": 404, lead + "demo/01old%2Fvod.m3u8": 404, lead + "%64emo/01old/vod.m3u8": 404, "/%6Cive" + lead[5:] + "demo/01old/vod.m3u8": 404,
				lead + "./demo/01old/vod.m3u8": 404, lead + "demo/%2e/01old/vod.m3u8": 404, lead + "x/../demo/01old/vod.m3u8": 404, "/live%2f" + lead[6:] + "demo/01old/vod.m3u8": 404,
				"/vod/01s/index.m3u8": 200, "/vod//01s/index.m3u8": 404, "/vod/%3001s/index.m3u8": 404, "/vod/./01s/index.m3u8": 404, "/vod/01s%2Findex.m3u8": 404,
			} {
				u, err := url.Parse(scheme + "://" + address + path)
				if err != nil {
					t.Fatal(err)
				}
				res, err := client.RoundTrip((&http.Request{Method: http.MethodGet, URL: u, Header: http.Header{}}).WithContext(t.Context()))
				if err != nil {
					t.Fatal(path, err)
				}
				io.Copy(io.Discard, res.Body)
				res.Body.Close()
				if res.StatusCode != want || res.ProtoMajor != version || res.Header.Get("Access-Control-Allow-Origin") != "*" {
					t.Errorf("HTTP/%d %s: %d, want %d; %v", res.ProtoMajor, path, res.StatusCode, want, res.Header)
				}
			}
		}
	}
}
