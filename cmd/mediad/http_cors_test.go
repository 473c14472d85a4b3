package main

import (
	"bufio"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"testing"

	"mediad/cmd/mediad/pictures"
	"mediad/cmd/mediad/replay"
	"mediad/overlay/store"
	"mediad/packager"
)

// Pages of other sites can read every answer of the whole server below /live/,
// /vod/ and /c/, even with double slashes, and no other answer.
func TestEveryMediaAnswerIsForEverybody(t *testing.T) {
	rows, err := store.Open(t.Context(), store.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	live := packager.NewLive(nil)
	mux := http.NewServeMux()
	vod := http.NewServeMux()
	replay.New(replay.Options{Store: rows, Live: live, Log: slog.New(slog.DiscardHandler)}).Register(vod, (*pictures.Pictures)(nil).Card)
	mux.Handle("/vod/", vod)
	mux.HandleFunc("GET /c/{show}/{file}", http.NotFound)
	mux.HandleFunc("GET /watch/", func(http.ResponseWriter, *http.Request) {})
	address, _ := serveTest(t, packager.OnePath(liveFirst(live, mux)), false)
	for _, c := range []struct {
		method, path string
		status       int
		open         bool
	}{
		{"GET", "/live/none/index.m3u8", 404, true}, {"GET", "//live/none/index.m3u8", 404, true}, {"POST", "//live/none/index.m3u8", 404, true},
		{"GET", "/vod/none/index.m3u8", 404, true}, {"GET", "//vod//none/index.m3u8", 404, true}, {"PUT", "/vod/none/index.m3u8", 405, true}, {"GET", "/vod/none/none", 404, true},
		{"GET", "/c/none/live.json", 404, true}, {"GET", "//c//none/live.json", 307, true}, {"DELETE", "/c/none/live.json", 405, true},
		{"OPTIONS", "//live/none/index.m3u8", 204, true}, {"OPTIONS", "/vod/a", 204, true}, {"OPTIONS", "/c/a/b", 204, true},
		{"GET", "/watch/x", 200, false}, {"OPTIONS", "*", 200, false},
	} {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(conn, "%s %s HTTP/1.1\r\nHost: x\r\nOrigin: https://shop.example\r\nConnection: close\r\n\r\n", c.method, c.path)
		res, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: c.method})
		if err != nil {
			t.Fatal(err)
		}
		io.Copy(io.Discard, res.Body)
		res.Body.Close()
		conn.Close()
		if got := res.Header.Get("Access-Control-Allow-Origin"); res.StatusCode != c.status || (got == "*") != c.open || len(res.Header.Values("Access-Control-Allow-Origin")) > 1 {
			t.Errorf("%s %s: %d, %q", c.method, c.path, res.StatusCode, res.Header.Values("Access-Control-Allow-Origin"))
		}
	}
}
