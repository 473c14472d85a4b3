package doctor_test

import (
	"compress/gzip"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"mediad/packager/doctor"
)

// The doctor soon stops reading a playlist that never ends, says so, and does not fill
// the memory.
func TestEndlessPlaylist(t *testing.T) {
	const head = "#EXTM3U\n#EXT-X-TARGETDURATION:2\n"
	lines := []byte(strings.Repeat("#EXTINF:2,\nx.ts\n", 4096))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/bomb.m3u8" {
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			z.Write([]byte(head))
			for range 2000 {
				z.Write(lines)
			}
			z.Close()
			return
		}
		w.Write([]byte(head))
		for r.Context().Err() == nil {
			if _, err := w.Write(lines); err != nil {
				return
			}
		}
	}))
	defer server.Close()
	for path, word := range map[string]string{"/endless.m3u8": "more than 8 MiB", "/bomb.m3u8": "no playlist"} {
		d, err := doctor.New(doctor.Options{URL: server.URL + path, For: time.Second})
		if err != nil {
			t.Fatal(err)
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if _, err = d.Run(t.Context()); err == nil || !strings.Contains(err.Error(), word) {
			t.Errorf("%s: %v", path, err)
		}
		runtime.ReadMemStats(&after)
		if took := (after.TotalAlloc - before.TotalAlloc) >> 20; took > 200 {
			t.Errorf("%s: %d MiB were allocated", path, took)
		}
	}
}
