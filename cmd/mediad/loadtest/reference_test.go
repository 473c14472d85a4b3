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

// ready is the reference for delivery: the least work that a server on
// net/http can do for these players. At regular times it takes the next part,
// whose bytes are prepared, wakes the waiting requests, and writes these
// bytes.
type ready struct{ now atomic.Pointer[moment] }

// moment is everything that can be fetched at one time.
type moment struct {
	number int // of the newest part
	list   []byte
	parts  [kept][]byte // by their number, modulo kept
	next   chan struct{}
}

// kept is how many parts can be fetched, and listed how many the playlist names:
// a player that falls behind can catch up, as with the real server.
const (
	kept   = 128
	listed = 10
)

// referenceSize gives the sizes of the prepared bytes.
type referenceSize struct {
	Part  time.Duration
	Bytes []int // of the parts, over and over
	List  int   // bytes of the playlist
}

func (r *ready) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	m := r.now.Load()
	switch {
	case strings.HasSuffix(q.URL.Path, ".ts"):
		_, name, _ := strings.Cut(q.URL.Path, "/p")
		n, _ := strconv.Atoi(strings.TrimSuffix(name, ".ts"))
		part := m.parts[n%kept]
		w.Header().Set("Content-Type", "video/mp2t")
		w.Header().Set("Content-Length", strconv.Itoa(len(part)))
		w.Write(part)
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

// after gives the moment after m. The playlist has part n as part 0 of media
// sequence number n.
func (s referenceSize) after(m *moment) *moment {
	n := m.number + 1
	out := &moment{number: n, parts: m.parts, next: make(chan struct{})}
	first := max(1, n-listed+1)
	out.list = fmt.Appendf(nil, "#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:%d\n", first)
	for i := first; i <= n; i++ {
		out.list = fmt.Appendf(out.list, "#EXT-X-PART:DURATION=1,URI=\"p%d.ts\"\n#EXTINF:1,\n%d.ts\n", i, i)
	}
	out.list = append(out.list, bytes.Repeat([]byte{'#'}, max(0, s.List-len(out.list)))...)
	size := s.Bytes[n%len(s.Bytes)]
	part := append(make([]byte, 0, size), make([]byte, max(0, size-4000))...)
	out.parts[n%kept] = appendMark(part, time.Now())[:size]
	return out
}

// referenceProcess serves until it is killed.
func referenceProcess(ctx context.Context, in *bufio.Reader) error {
	var size referenceSize
	if err := hear(in, &size); err != nil {
		return err
	}
	r := new(ready)
	r.now.Store(size.after(new(moment)))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	if err := say(l.Addr().String()); err != nil {
		return err
	}
	go func() {
		for at := time.Now(); ; {
			at = at.Add(size.Part)
			pause(ctx, time.Until(at))
			m := size.after(r.now.Load())
			close(r.now.Swap(m).next)
		}
	}()
	return http.Serve(l, r)
}
