package http1

import (
	"bufio"
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Whatever http1 reads as a request, net/http reads as the same request.
func FuzzHead(f *testing.F) {
	for _, text := range []string{
		"GET /live/a HTTP/1.1\r\nHost: x\r\n\r\n",
		"HEAD /live/a/b.ts?x=1&y=%20 HTTP/1.1\r\nhost:localhost:8080\r\nX-a: b\r\nx-A: c \r\nConnection: Close\r\n\r\nGET /",
		"GET /live/~1.k-s/demo/01e/main/index.m3u8?_HLS_msn=1&_HLS_part=0 HTTP/1.1\r\nHost: [::1]:80\r\nAccept-Encoding: gzip, deflate\r\nRange: bytes=0-\r\n\r\n",
		"GET /live/? HTTP/1.1\r\nHost: x\r\n\r\n", "GET /live/a#b HTTP/1.1\r\nHost: x\r\n\r\n", "GET //live/a HTTP/1.1\r\nHost: x\r\n\r\n",
		"GET /live/a HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n", "GET /live/a HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n1",
		"GET /live/a HTTP/1.1\r\nHost: x\nA: b\r\n\r\n", "GET /live/a HTTP/1.1\r\nHost: x\r\nA: \r\n\r\n", "GET /live/a HTTP/1.1\r\nHost: a:b:c\r\n\r\n",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		h := head{takes: func(path string) bool { return strings.HasPrefix(path, "/live/") }}
		got, n, v := h.read(text)
		again, m, w := h.read(text) // with what it remembers
		if v != w || n != m || v == ours && !cmp.Equal(got.Header, again.Header) {
			t.Fatalf("%d, %d bytes, and then %d, %d", v, n, w, m)
		}
		if v != ours {
			return
		}
		r := bufio.NewReaderSize(bytes.NewReader(text), len(text)+16)
		want, err := http.ReadRequest(r)
		if err != nil {
			t.Fatalf("net/http refuses: %v", err)
		}
		if left := r.Buffered(); n != len(text)-left {
			t.Errorf("%d bytes, net/http takes %d", n, len(text)-left)
		}
		if want.ContentLength != 0 || len(want.TransferEncoding) > 0 || want.Trailer != nil {
			t.Error("it has a body")
		}
		want.Header.Del("Connection")
		seen := got.Header.Clone()
		seen.Del("Connection")
		if diff := cmp.Diff(want.Header, seen); diff != "" {
			t.Error(diff)
		}
		if got.Method != want.Method || *got.URL != *want.URL || got.RequestURI != want.RequestURI || got.Host != want.Host || got.Close != want.Close || got.Proto != want.Proto {
			t.Errorf("%+v, net/http has %+v", got, want)
		}
	})
}

// A client that repeats its headers costs only the request itself.
func TestHeadAllocations(t *testing.T) {
	h := head{takes: func(string) bool { return true }}
	text := []byte("GET /live/a?_HLS_msn=1 HTTP/1.1\r\nHost: x\r\nAccept: */*\r\nUser-Agent: y\r\n\r\n")
	if n := testing.AllocsPerRun(100, func() {
		if _, _, v := h.read(text); v != ours {
			t.Fatal(v)
		}
	}); n > 2 {
		t.Errorf("%v allocations", n)
	}
}
