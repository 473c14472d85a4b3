package main

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// Live paths pass the mux by, but for those that it must clean first.
func TestLiveFirst(t *testing.T) {
	says := func(word string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte(word)) })
	}
	h := liveFirst(says("live"), says("mux"))
	for path, want := range map[string]string{
		"/live/demo/index.m3u8": "live", "/live/demo/01/main/p1.ts?_HLS_msn=/../": "live",
		"/live/../../vod.m3u8": "mux", "/live/demo/%2e%2e/vod.m3u8": "mux", "/live//demo/index.m3u8": "mux",
		"/live": "mux", "/watch/demo": "mux",
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		if got := w.Body.String(); got != want {
			t.Errorf("%s went to %s, want %s", path, got, want)
		}
	}
}
