package replay

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"mediad/packager"
)

// A page of another site can read every status of a replay, and its browser may
// send preflight requests, as below /live/.
func TestReplaysAreForEverybody(t *testing.T) {
	mux := http.NewServeMux()
	New(Options{}).Register(mux)
	h := packager.ForEverybody(mux)
	for _, c := range []struct {
		method, path string
		status       int
	}{{"OPTIONS", "/vod/s/index.m3u8", 204}, {"OPTIONS", "/vod/s/clips/p.m3u8", 204}, {"GET", "/vod/s/none", 404}, {"POST", "/vod/s/index.m3u8", 405}} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(c.method, c.path, nil))
		if w.Code != c.status || w.Header().Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s %s: %d %v", c.method, c.path, w.Code, w.Header())
		}
		if c.status == 204 && w.Header().Get("Access-Control-Allow-Headers") != "Range" {
			t.Errorf("%s %s allows %q", c.method, c.path, w.Header().Get("Access-Control-Allow-Headers"))
		}
	}
}
