package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"mediad/cmd/mediad/objects"
	"mediad/cmd/mediad/site/sitetest"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"mediad/packager"
	"mediad/storage"
)

// rude is an HTTP/2 client that tests control frame by frame.
type rude struct {
	t    testing.TB
	conn net.Conn
	*http2.Framer
	block  bytes.Buffer
	fields *hpack.Encoder
	next   uint32
	seen   [16]atomic.Int64 // frames by type
	reset  atomic.Int64     // of them those that refuse a stream
	ended  chan struct{}    // closed with the connection
}

// newRude opens a connection whose streams have a window of this many bytes.
func newRude(t testing.TB, address string, roots *x509.CertPool, window uint32) *rude {
	t.Helper()
	conn, err := sitetest.Narrow(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if roots != nil {
		conn = tls.Client(conn, &tls.Config{RootCAs: roots, ServerName: "localhost", NextProtos: []string{"h2"}})
	}
	c := &rude{t: t, conn: conn, Framer: http2.NewFramer(conn, conn), next: 1, ended: make(chan struct{})}
	c.fields = hpack.NewEncoder(&c.block)
	if _, err := conn.Write([]byte(http2.ClientPreface)); err != nil {
		t.Fatal(err)
	}
	c.must(c.WriteSettings(http2.Setting{ID: http2.SettingInitialWindowSize, Val: window}))
	return c
}

func (c *rude) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

// listen reads and counts all frames until the connection ends.
func (c *rude) listen() {
	defer close(c.ended)
	for {
		f, err := c.ReadFrame()
		if err != nil {
			return
		}
		if c.seen[f.Header().Type].Add(1); f.Header().Type == http2.FrameRSTStream {
			c.reset.Add(1)
		}
	}
}

// ask sends a request, and returns the number of its stream.
func (c *rude) ask(path string, headers ...string) (uint32, error) {
	id := c.next
	c.next += 2
	return id, c.WriteHeaders(http2.HeadersFrameParam{StreamID: id, BlockFragment: c.head("GET", path, headers...), EndStream: true, EndHeaders: true})
}

func (c *rude) head(method, path string, headers ...string) []byte {
	c.block.Reset()
	all := append([]string{":method", method, ":scheme", "http", ":authority", "localhost", ":path", path}, headers...)
	for i := 0; i < len(all); i += 2 {
		_ = c.fields.WriteField(hpack.HeaderField{Name: all[i], Value: all[i+1]}) // into memory
	}
	return c.block.Bytes()
}

// storeOfMedia is a store with a long segment and the playlist of a long broadcast.
func storeOfMedia(t testing.TB) *packager.Live {
	t.Helper()
	dir, err := storage.OpenDir(filepath.Join(t.TempDir(), "objects"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { dir.Close() })
	var list strings.Builder
	list.WriteString("#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-PLAYLIST-TYPE:VOD\n")
	for i := range 40000 {
		fmt.Fprintf(&list, "#EXTINF:2.00000,\n%d.ts\n", i)
	}
	list.WriteString("#EXT-X-ENDLIST\n")
	for key, body := range map[string][]byte{"live/demo/01e/main/7.ts": make([]byte, 4<<20), "live/demo/01e/vod.m3u8": []byte(list.String())} {
		if err := dir.Put(context.Background(), key, body); err != nil {
			t.Fatal(err)
		}
	}
	return packager.NewLive(objects.Stored{Store: dir})
}

// inUse gives the live memory of this process in bytes, without garbage.
func inUse() int64 {
	runtime.GC()
	runtime.GC() // pools keep what they have over one
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc + m.StackInuse)
}

func openFilesNow(t testing.TB) int {
	t.Helper()
	all, err := os.ReadDir("/dev/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(all)
}

// A client that sends a thousand requests and reads nothing costs some KiB for
// each request, whatever it requests, and a bounded number of files.
func TestStalledReadersHoldLittle(t *testing.T) {
	const conns, streams = 2, 500
	for name, ask := range map[string]struct {
		path    string
		headers []string
	}{
		"a range of a segment":   {"/live/demo/01e/main/7.ts", []string{"range", "bytes=0-"}},
		"its end":                {"/live/demo/01e/main/7.ts", []string{"range", "bytes=-4000000"}},
		"two ranges":             {"/live/demo/01e/main/7.ts", []string{"range", "bytes=0-2000000,2000005-"}},
		"a segment":              {"/live/demo/01e/main/7.ts", nil},
		"a playlist":             {"/live/demo/01e/vod.m3u8", nil},
		"a playlist, compressed": {"/live/demo/01e/vod.m3u8", []string{"accept-encoding", "gzip"}},
	} {
		for _, window := range []uint32{0, 1} {
			t.Run(fmt.Sprintf("%s, window %d", name, window), func(t *testing.T) {
				address, _ := serveTest(t, storeOfMedia(t), false)
				before, files := inUse(), openFilesNow(t)
				for range conns {
					c := newRude(t, address, nil, window)
					go c.listen()
					for range streams {
						_, err := c.ask(ask.path, ask.headers...)
						c.must(err)
					}
				}
				// While a thousand answers begin at once, stacks are larger than later: the
				// memory at the end and the peak have bounds of their own.
				var most int64
				var last []int64
				for end := time.Now().Add(3 * time.Second); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
					now := inUse() - before
					most, last = max(most, now), append(last, now)
				}
				held := slices.Min(last[len(last)*2/3:])
				t.Logf("%d KiB each, %d at most", held/(conns*streams)>>10, most/(conns*streams)>>10)
				if each := held / (conns * streams); each > 40<<10 {
					t.Errorf("%d KiB for each of %d requests", each>>10, conns*streams)
				}
				if most > 128<<20 {
					t.Errorf("%d MiB for a moment", most>>20)
				}
				if n := openFilesNow(t) - files; n > 300 {
					t.Errorf("%d files are open", n)
				}
			})
		}
	}
}

// A waiting request, like those of players, costs one goroutine and some KiB, also
// over TLS.
func TestWaitingCostsLittle(t *testing.T) {
	const waiters = 500
	came, free := make(chan struct{}), make(chan struct{})
	address, roots := serveTest(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		came <- struct{}{}
		<-free
	}), true)
	c := newRude(t, address, roots, 1<<20)
	go c.listen()
	ask := func() {
		_, err := c.ask("/live/demo/01e/main/index.m3u8?_HLS_msn=1&_HLS_part=2", "user-agent", "a player of some kind", "accept", "*/*", "accept-encoding", "gzip")
		c.must(err)
		<-came
	}
	ask()
	before, goroutines := inUse(), runtime.NumGoroutine()
	for range waiters {
		ask()
	}
	each, more := (inUse()-before)/waiters, runtime.NumGoroutine()-goroutines
	t.Logf("%d bytes and %d goroutines for %d requests", each, more, waiters)
	if each > 24<<10 || more > waiters {
		t.Errorf("%d bytes each, %d goroutines for %d requests", each, more, waiters)
	}
	close(free)
}
