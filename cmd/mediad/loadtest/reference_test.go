package loadtest

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// ready is the measure of delivery: the least that a server on net/http can do
// for these players. Every so often it takes a part, whose bytes it had all
// along, wakes who waits, and writes ready bytes.
type ready struct{ now atomic.Pointer[moment] }

// moment is all that can be had at one time; each part is the newest.
type moment struct {
	number int // of the newest part
	list   []byte
	part   []byte
	next   chan struct{}
}

// referenceSize says what is handed out.
type referenceSize struct {
	Part  time.Duration
	Bytes int // of a part
	List  int // bytes of the playlist
	Held  int // parts in a segment
}

func (r *ready) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	m := r.now.Load()
	switch {
	case strings.HasSuffix(q.URL.Path, ".ts"):
		w.Header().Set("Content-Type", "video/mp2t")
		w.Header().Set("Content-Length", strconv.Itoa(len(m.part)))
		w.Write(m.part)
		return
	case q.URL.Path == "/live/demo/index.m3u8":
		fmt.Fprint(w, "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nmain/index.m3u8\n")
		return
	}
	if _, asked, ok := strings.Cut(q.URL.RawQuery, "_HLS_msn="); ok {
		asked, _, _ = strings.Cut(asked, "&")
		for n, _ := strconv.Atoi(asked); m.number < n; m = r.now.Load() {
			select {
			case <-m.next:
			case <-q.Context().Done():
				return
			}
		}
	}
	w.Header().Set("Content-Type", "application/vnd.apple.mpegurl")
	w.Header().Set("Content-Length", strconv.Itoa(len(m.list)))
	w.Write(m.list)
}

// moment n stands in the playlist as part 0 of media sequence number n.
func (s referenceSize) moment(n int) *moment {
	list := fmt.Appendf(nil, "#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:%d\n#EXTINF:1,\n%d.ts\n#EXT-X-PART:DURATION=1,URI=\"p%d.ts\"\n", n-1, n-1, n)
	list = append(list, "#EXTINF:1,\nx.ts\n"...)
	list = append(list, bytes.Repeat([]byte{'#'}, max(0, s.List-len(list)))...)
	part := make([]byte, 0, s.Bytes)
	part = append(part, make([]byte, max(0, s.Bytes-4000))...)
	part = appendMark(part, time.Now())
	return &moment{number: n, list: list, part: part[:s.Bytes], next: make(chan struct{})}
}

// referenceProcess serves until it is killed.
func referenceProcess(ctx context.Context, in *bufio.Reader) error {
	var size referenceSize
	if err := hear(in, &size); err != nil {
		return err
	}
	r := new(ready)
	r.now.Store(size.moment(1))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	if err := say(l.Addr().String()); err != nil {
		return err
	}
	go func() {
		for n := 2; ; n++ {
			pause(ctx, size.Part)
			m := size.moment(n)
			close(r.now.Swap(m).next)
		}
	}()
	return http.Serve(l, r)
}
