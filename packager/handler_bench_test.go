package packager

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"

	"mediad/packager/layout"
)

// sink is a response writer that keeps nothing; as net/http's, it has a new
// header map for each answer.
type sink struct {
	header http.Header
	bytes  int
}

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) WriteHeader(int)             {}
func (s *sink) Write(b []byte) (int, error) { s.bytes += len(b); return len(b), nil }

// bare is the least that a handler can do: ready bytes, with a type and a length.
type bare struct{ body []byte }

func (b bare) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "video/mp2t")
	w.Header().Set("Content-Length", strconv.Itoa(len(b.body)))
	w.Write(b.body)
}

func answer(h http.Handler, r *http.Request) int {
	s := &sink{header: http.Header{}}
	h.ServeHTTP(s, r)
	return s.bytes
}

// hot are the requests that each viewer makes for each part.
func hot(s *studio) map[string]*http.Request {
	w := s.stream.snapshot()
	list := mediaURL + "index.m3u8?_HLS_msn=" + strconv.FormatUint(w.lastMSN()+1, 10) + "&_HLS_part=0"
	zipped := httptest.NewRequest("GET", list, nil)
	zipped.Header.Set("Accept-Encoding", "gzip, deflate, br, zstd")
	return map[string]*http.Request{
		"part":     httptest.NewRequest("GET", mediaURL+layout.PartFile(w.nextPart-1), nil),
		"playlist": httptest.NewRequest("GET", list, nil),
		"gzip":     zipped,
	}
}

// A viewer costs no more memory than net/http itself takes: an answer allocates
// at most what a handler of ready bytes does.
func TestAnswersAllocateNothing(t *testing.T) {
	l, s := onAir(t)
	for name, r := range hot(s) {
		body := make([]byte, answer(l, r))
		if len(body) == 0 {
			t.Fatalf("%s: nothing came", name)
		}
		least := testing.AllocsPerRun(100, func() { answer(bare{body}, r) })
		if got := testing.AllocsPerRun(100, func() { answer(l, r) }); got > least {
			t.Errorf("%s: %v allocations, a bare handler has %v", name, got, least)
		}
	}
}

// However many ask, a playlist is rendered and compressed once.
func TestPlaylistIsMadeOnce(t *testing.T) {
	_, s := onAir(t)
	w := s.stream.snapshot()
	for name, text := range map[string]func() *rendered{
		"media":        w.playlist,
		"multivariant": func() *rendered { return s.stream.multivariant(w, ofLive) },
	} {
		var all sync.WaitGroup
		plain, zipped := make([]*byte, 50), make([]*byte, 50)
		for i := range plain {
			all.Go(func() {
				list := text()
				z, err := list.gzip()
				if err != nil {
					t.Error(err)
					return
				}
				plain[i], zipped[i] = &list.plain[0], &z[0]
			})
		}
		all.Wait()
		for i := range plain {
			if plain[i] != plain[0] || zipped[i] != zipped[0] {
				t.Fatalf("%s: viewer %d has bytes of its own", name, i)
			}
		}
	}
}

func BenchmarkAnswer(b *testing.B) {
	l, s := onAir(b)
	for name, r := range hot(s) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				answer(l, r)
			}
		})
		b.Run(name+"/bare", func(b *testing.B) {
			h := bare{make([]byte, answer(l, r))}
			b.ReportAllocs()
			for b.Loop() {
				answer(h, r)
			}
		})
	}
}
