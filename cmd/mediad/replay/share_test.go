package replay

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
	"unsafe"

	"mediad/cmd/mediad/replay/cache"
	"mediad/packager/playtoken"
)

// library makes n ended shows of this length.
func library(t testing.TB, n int, length time.Duration) (r *taping, shows []string) {
	t.Helper()
	r = newTaping(t)
	for range n {
		r.end(r.broadcast(length))
		shows = append(shows, r.show)
	}
	return r, shows
}

// Many replays in turn are each read once, whatever form is requested, and
// little memory is kept of them.
func TestReplaysInTurn(t *testing.T) {
	r, shows := library(t, 20, 2*time.Hour)
	h := r.handler()
	for range 3 {
		for i, show := range shows {
			for _, encoding := range []string{"gzip", ""} {
				q := httptest.NewRequest(http.MethodGet, "/vod/"+show+"/index.m3u8", nil)
				q.Header.Set("Accept-Encoding", encoding)
				w := httptest.NewRecorder()
				h.ServeHTTP(w, q)
				if w.Code != http.StatusOK || encoding == "" && !strings.Contains(w.Body.String(), "/main/3600.ts") {
					t.Fatalf("show %d: %d", i, w.Code)
				}
			}
		}
	}
	if n := r.read.Load(); n != int64(len(shows)) {
		t.Errorf("the store was read %d times for %d shows", n, len(shows))
	}
	if n := r.s.shows.Bytes(); n > 20*40_000 {
		t.Errorf("%d shows of two hours take %d bytes", len(shows), n)
	}
}

// slow is a reader that waits in each write and records the address of the
// bytes.
type slow struct {
	http.ResponseWriter
	free chan struct{}
	seen func(p []byte)
}

func (s slow) Write(p []byte) (int, error) {
	s.seen(p)
	<-s.free
	return s.ResponseWriter.Write(p)
}

// However many read one playlist at the same time, even with a playback token,
// they share its bytes. If another form does not fit into memory, it is made
// while it is sent.
func TestReadersOfAReplayShareItsBytes(t *testing.T) {
	r, shows := library(t, 2, time.Hour)
	h := r.handler()
	ring := playtoken.NewRing("a-key-of-sixteen-characters")
	guarded := &playtoken.Guard{Ring: ring, Base: "/vod/", Next: h, Room: func(*http.Request, string) string { return "demo" }}
	signed := ring.Sign("demo", time.Now().Add(time.Hour))
	for _, c := range []struct {
		name, url, encoding string
		handler             http.Handler
	}{
		{"zipped", "/vod/%s/index.m3u8", "gzip", h}, {"plain", "/vod/%s/index.m3u8", "", h},
		{"with a pass", "/vod/~" + signed + "/%s/index.m3u8", "gzip", guarded},
	} {
		t.Run(c.name, func(t *testing.T) {
			var mu sync.Mutex
			places := map[*byte]int{}
			free := make(chan struct{})
			var readers sync.WaitGroup
			const many = 200
			for range many {
				readers.Go(func() {
					q := httptest.NewRequest(http.MethodGet, fmt.Sprintf(c.url, shows[0]), nil)
					q.Header.Set("Accept-Encoding", c.encoding)
					w := httptest.NewRecorder()
					c.handler.ServeHTTP(slow{w, free, func(p []byte) {
						mu.Lock()
						places[unsafe.SliceData(p)]++
						mu.Unlock()
					}}, q)
					if w.Code != http.StatusOK {
						t.Errorf("%d: %s", w.Code, w.Body)
					}
				})
			}
			for n := 0; n < many; time.Sleep(time.Millisecond) {
				mu.Lock()
				n = 0
				for _, times := range places {
					n += times
				}
				mu.Unlock()
			}
			close(free)
			readers.Wait()
			if len(places) != 1 {
				t.Errorf("%d readers had %d copies", many, len(places))
			}
		})
	}

	// Only values that are being read fit: the other form is sent in small pieces.
	k, done, err := r.s.load(t.Context(), shows[1])
	r.must(err)
	defer done()
	for n := range 64 { // each takes a mebibyte
		_, release, err := r.s.rendered.Get(t.Context(), fmt.Sprint("full ", n), mebibyte)
		if err != nil {
			break
		}
		defer release()
	}
	most := 0
	q := httptest.NewRequest(http.MethodGet, "/vod/"+shows[1]+"/index.m3u8", nil)
	w := httptest.NewRecorder()
	free := make(chan struct{})
	close(free)
	h.ServeHTTP(slow{w, free, func(p []byte) { most = max(most, len(p)) }}, q)
	text, err := k.list.text()
	r.must(err)
	if got, err := io.ReadAll(w.Body); err != nil || string(got) != string(text) || most > 64<<10 {
		t.Errorf("%d of %d bytes, %d at once, %v", len(got), len(text), most, err)
	}
}

func mebibyte(context.Context) (cache.Value[*rendering], error) {
	return cache.Value[*rendering]{V: &rendering{}, Bytes: 1 << 20, Until: time.Now().Add(time.Hour)}, nil
}
