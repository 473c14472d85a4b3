package packager

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// measured is a store of objects that counts what is taken of them.
type measured struct {
	objects
	opened, read, most, open atomic.Int64
}

type counting struct {
	io.ReadCloser
	m *measured
}

func (c counting) Read(b []byte) (int, error) {
	n, err := c.ReadCloser.Read(b)
	c.m.read.Add(int64(n))
	return n, err
}

func (c counting) Close() error {
	c.m.open.Add(-1)
	return c.ReadCloser.Close()
}

func (m *measured) count(body io.ReadCloser, size int64, err error) (io.ReadCloser, int64, error) {
	if err != nil {
		return nil, 0, err
	}
	m.opened.Add(1)
	if n := m.open.Add(1); n > m.most.Load() {
		m.most.Store(n)
	}
	return counting{body, m}, size, nil
}

func (m *measured) Open(ctx context.Context, key string) (io.ReadCloser, int64, error) {
	return m.count(m.objects.Open(ctx, key))
}

func (m *measured) OpenAt(ctx context.Context, key string, offset, length int64) (io.ReadCloser, int64, error) {
	return m.count(m.objects.OpenAt(ctx, key, offset, length))
}

// A range costs the bytes that it has, from one look at the store where it says
// where it begins.
func TestRangesAreReadByOffset(t *testing.T) {
	body := strings.Repeat("0123456789", 100_000)
	for form, want := range map[string]struct {
		opened int64
		body   string
	}{
		"bytes=0-9":                        {1, body[:10]},
		"bytes=500003-":                    {1, body[500003:]},
		"bytes=500003-50001":               {1, body}, // none
		"bytes=500003-500012":              {1, body[500003:500013]},
		"bytes= 7-7":                       {1, body[7:8]},
		"bytes=-10":                        {2, body[len(body)-10:]},
		"bytes=999990-9223372036854775807": {1, body[999990:]},
	} {
		m := &measured{objects: objects{"live/demo/01e/main/7.ts": body}}
		got := ask(NewLive(m), "GET", "/live/demo/01e/main/7.ts", "Range", form)
		if got.Body.String() != want.body || (got.Code == 206) != (len(want.body) < len(body)) {
			t.Errorf("%s: %d, %d bytes, want %d", form, got.Code, got.Body.Len(), len(want.body))
		}
		if m.opened.Load() != want.opened || m.read.Load() > int64(len(want.body))+chunk || m.open.Load() != 0 {
			t.Errorf("%s: opened %d times, %d still, %d bytes read for %d", form, m.opened.Load(), m.open.Load(), m.read.Load(), len(want.body))
		}
	}
	m := &measured{objects: objects{"live/demo/01e/main/7.ts": body}}
	many := "bytes=0-0" + strings.Repeat(",5-5", mostRanges)
	if got := ask(NewLive(m), "GET", "/live/demo/01e/main/7.ts", "Range", many); got.Code != 200 || got.Body.String() != body || m.opened.Load() != 1 {
		t.Errorf("many ranges: %d, %d bytes, opened %d times", got.Code, got.Body.Len(), m.opened.Load())
	}
	for _, beyond := range []string{"bytes=1000000-", "bytes=1000000-1000001"} {
		if got := ask(NewLive(m), "GET", "/live/demo/01e/main/7.ts", "Range", beyond); got.Code != 416 || got.Header().Get("Content-Range") != "bytes */1000000" || m.open.Load() != 0 {
			t.Errorf("%s: %d %v, %d open", beyond, got.Code, got.Header(), m.open.Load())
		}
	}
}

// stuck is a reader who takes nothing until he may.
type stuck struct {
	*httptest.ResponseRecorder
	free chan struct{}
}

func (s *stuck) Write(b []byte) (int, error) {
	<-s.free
	return s.ResponseRecorder.Write(b)
}

// askFrom asks from an address, as somebody who is stuck until free is closed.
func askFrom(l *Live, from, url string, free chan struct{}) *stuck {
	r := httptest.NewRequest("GET", url, nil)
	r.RemoteAddr = from + ":1"
	w := &stuck{httptest.NewRecorder(), free}
	l.ServeHTTP(w, r)
	return w
}

// Of one network no more than its share is read from the store at once, and
// of all no more than all; the next waits for a turn, and is refused in the end.
func TestTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &measured{objects: objects{"live/demo/01e/main/7.ts": strings.Repeat("x", 100<<10)}}
		l := NewLive(m)
		free := make(chan struct{})
		var all sync.WaitGroup
		var refused, served atomic.Int64
		crowd := func(from string, n int) {
			for range n {
				all.Go(func() {
					switch w := askFrom(l, from, "/live/demo/01e/main/7.ts", free); w.Code {
					case http.StatusServiceUnavailable:
						refused.Add(1)
					case http.StatusOK:
						served.Add(1)
					}
				})
			}
			synctest.Wait()
		}
		crowd("2001:db8:0:1::7", readByOne+5)
		crowd("2001:db8:0:1::8", 5) // the same network
		if n := m.open.Load(); n != readByOne {
			t.Errorf("one network has %d objects open", n)
		}
		crowd("127.0.0.1", readAtOnce)
		if n := m.open.Load(); n != readAtOnce {
			t.Errorf("all have %d objects open", n)
		}
		time.Sleep(turnWait + time.Second)
		close(free)
		all.Wait()
		if served.Load() != readAtOnce || refused.Load() != readByOne+10 {
			t.Errorf("%d served, %d refused", served.Load(), refused.Load())
		}
		if w := askFrom(l, "2001:db8:0:1::7", "/live/demo/01e/main/7.ts", free); w.Code != 200 || m.open.Load() != 0 || len(l.turns.by) != 0 {
			t.Errorf("afterwards: %d, %d open, %d networks known", w.Code, m.open.Load(), len(l.turns.by))
		}
	})
}

// However many ask for a stored playlist, or stay stuck in it, it is in memory
// once, and all of them together within bounds; what is written anew is seen.
func TestStoredPlaylistsAreShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &measured{objects: objects{}}
		size := 1 << 20
		for i := range 100 {
			m.objects[fmt.Sprintf("live/demo/%02d/vod.m3u8", i)] = "#EXTM3U\n" + strings.Repeat("#", size)
		}
		l := NewLive(m)
		free := make(chan struct{})
		var all sync.WaitGroup
		var refused atomic.Int64
		begin := func(i int) {
			all.Go(func() {
				if askFrom(l, "10.0.0.1", fmt.Sprintf("/live/demo/%02d/vod.m3u8", i), free).Code == http.StatusServiceUnavailable {
					refused.Add(1)
				}
			})
			synctest.Wait()
		}
		for range 20 { // over many seconds: it is looked at each second, and stays the same
			begin(0)
			time.Sleep(textAge)
		}
		if n := l.texts.bytes; n > int64(3*size) || m.opened.Load() != 20 {
			t.Errorf("one playlist takes %d bytes, and was read %d times", n, m.opened.Load())
		}
		for i := range 100 {
			begin(i)
		}
		if n := l.texts.bytes; n > mostTexts {
			t.Errorf("%d bytes for those who are stuck", n)
		}
		close(free)
		all.Wait()
		if n := refused.Load(); n == 0 || n > 80 {
			t.Errorf("%d are refused", n)
		}
		time.Sleep(textAge)
		m.objects["live/demo/00/vod.m3u8"] = "#EXTM3U\n#EXT-X-ENDLIST\n"
		if got := askFrom(l, "10.0.0.1", "/live/demo/00/vod.m3u8", free); !bytes.Contains(got.Body.Bytes(), []byte("ENDLIST")) {
			t.Error("the former playlist was given")
		}
		time.Sleep(3 * textStays)
		synctest.Wait()
		if n := len(l.texts.by); n > 1 || l.texts.bytes > 100 {
			t.Errorf("%d playlists and %d bytes stay for nobody", n, l.texts.bytes)
		}
		m.objects["live/demo/big/vod.m3u8"] = strings.Repeat("#", maxReplay+1)
		if got := askFrom(l, "10.0.0.1", "/live/demo/big/vod.m3u8", free); got.Code != http.StatusBadGateway {
			t.Errorf("a playlist beyond all bounds: %d", got.Code)
		}
	})
}
