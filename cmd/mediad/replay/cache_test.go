package replay

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"mediad/overlay"
	"mediad/overlay/store"
	"mediad/packager"
	"mediad/packager/archive"
	"mediad/packager/layout"
	"mediad/storage"
)

// taping is a show in a store, with its recording, and counts how often that is
// read.
type taping struct {
	t       testing.TB
	s       *Replays
	show    string
	spool   string
	objects *storage.Dir
	takes   time.Duration // each look at the store
	read    atomic.Int64
}

// Open implements packager.Reader.
func (r *taping) Open(ctx context.Context, key string) (io.ReadCloser, int64, error) {
	r.read.Add(1)
	time.Sleep(r.takes)
	return opened(r.objects.Get(ctx, key))
}

// OpenAt implements packager.Reader.
func (r *taping) OpenAt(ctx context.Context, key string, offset, length int64) (io.ReadCloser, int64, error) {
	r.read.Add(1)
	time.Sleep(r.takes)
	return opened(r.objects.GetRange(ctx, key, offset, length))
}

// opened turns an answer of the store into the packager's form.
func opened(o storage.Object, err error) (io.ReadCloser, int64, error) {
	if errors.Is(err, storage.ErrNotFound) {
		return nil, 0, fmt.Errorf("%w: %w", fs.ErrNotExist, err)
	}
	return o.Body, o.Size, err
}

// newTaping begins a show.
func newTaping(t testing.TB) *taping {
	t.Helper()
	dir := t.TempDir()
	rows, err := store.Open(context.Background(), store.Options{Dir: dir})
	r := &taping{t: t, spool: filepath.Join(dir, "spool")}
	r.must(err)
	t.Cleanup(func() { r.must(rows.Close()) })
	_, err = rows.EnsureRoom(context.Background(), "demo", "Demo", "demo-key")
	r.must(err)
	r.objects, err = storage.OpenDir(filepath.Join(dir, "objects"))
	r.must(err)
	t.Cleanup(func() { r.must(r.objects.Close()) })
	r.s = New(Options{Store: rows, Live: packager.NewLive(r), Journals: archive.OpenJournals(r.spool), Log: slog.New(slog.DiscardHandler)})
	return r
}

func (r *taping) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

// broadcast begins a broadcast of the show, with this much of it in the
// store.
func (r *taping) broadcast(length time.Duration) overlay.Begin {
	r.t.Helper()
	b, err := r.s.store.BeginBroadcast(context.Background(), "demo", time.Now())
	r.must(err)
	r.show = b.Show
	if length == 0 {
		return b
	}
	var text strings.Builder
	text.WriteString("#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:1\n#EXT-X-PLAYLIST-TYPE:VOD\n")
	for i := range int(length / (2 * time.Second)) {
		at := b.Anchor.Add(time.Duration(i) * 2 * time.Second)
		fmt.Fprintf(&text, "#EXT-X-PROGRAM-DATE-TIME:%s\n#EXTINF:2.00000,\nmain/%d.ts\n", at.Format("2006-01-02T15:04:05.000Z"), i+1)
	}
	text.WriteString("#EXT-X-ENDLIST\n")
	r.must(r.objects.Put(context.Background(), layout.Of("demo", b.Epoch).Recording().Key(), []byte(text.String())))
	return b
}

// end ends a broadcast, and its show.
func (r *taping) end(b overlay.Begin) {
	r.t.Helper()
	r.must(r.s.store.EndBroadcast(context.Background(), b.Epoch, time.Now(), "host"))
	_, err := r.s.store.EndShow(context.Background(), "demo")
	r.must(err)
}

// handler gives the handler of replays.
func (r *taping) handler() http.Handler {
	mux := http.NewServeMux()
	r.s.Register(mux, noCards)
	return mux
}

// TestReplayIsBuiltOnce: however many requests come, a recording is put together
// once a second while it may still change, and once a minute afterwards, even if
// one of its broadcasts has no media.
func TestReplayIsBuiltOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newTaping(t)
		r.takes = 20 * time.Millisecond
		h := r.handler()
		ask := func() {
			t.Helper()
			var viewers sync.WaitGroup
			for range 200 {
				viewers.Go(func() {
					w := httptest.NewRecorder()
					h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/vod/"+r.show+"/index.m3u8", nil))
					if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "/main/1.ts") {
						t.Errorf("%d: %.200s", w.Code, w.Body)
					}
				})
			}
			viewers.Wait()
		}
		r.must(r.s.store.EndBroadcast(t.Context(), r.broadcast(time.Minute).Epoch, time.Now(), "unpublished"))
		empty := r.broadcast(0) // goes on
		const both = 2          // broadcasts are looked for
		ask()
		ask()
		if n := r.read.Load(); n != both {
			t.Errorf("read %d times while the show goes on, want %d", n, both)
		}
		time.Sleep(2 * replayAge)
		ask()
		if n := r.read.Load(); n != 2*both {
			t.Errorf("read %d times after its age, want %d", n, 2*both)
		}
		// It has ended, and is still being stored.
		journal := filepath.Join(r.spool, "demo", empty.Epoch+".journal")
		r.must(os.MkdirAll(filepath.Dir(journal), 0o755))
		r.must(os.WriteFile(journal, nil, 0o644))
		r.end(empty)
		for range 2 {
			time.Sleep(2 * replayAge)
			ask()
		}
		if n := r.read.Load(); n != 4*both {
			t.Errorf("read %d times while the last broadcast is being stored, want %d", n, 4*both)
		}
		r.must(os.WriteFile(journal, []byte("{\"end\":true}\n{\"done\":true}\n"), 0o644))
		time.Sleep(2 * replayAge)
		for range 3 {
			ask()
			time.Sleep(keptFor / 4)
		}
		if n := r.read.Load(); n != 5*both+1 { // once more, for it might just have come
			t.Errorf("read %d times after all is stored, want %d", n, 5*both+1)
		}
	})
}

// TestReplayZipped: clients that accept gzip get the same text.
func TestReplayZipped(t *testing.T) {
	r := newTaping(t)
	r.end(r.broadcast(time.Hour))
	h := r.handler()
	ask := func(encoding string) *httptest.ResponseRecorder {
		q := httptest.NewRequest(http.MethodGet, "/vod/"+r.show+"/index.m3u8", nil)
		q.Header.Set("Accept-Encoding", encoding)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, q)
		if w.Code != http.StatusOK || !strings.Contains(strings.Join(w.Header()["Vary"], ","), "Accept-Encoding") {
			t.Errorf("%q: %d %v", encoding, w.Code, w.Header())
		}
		return w
	}
	plain, zipped := ask(""), ask("br, gzip")
	if plain.Header().Get("Content-Encoding") != "" || zipped.Header().Get("Content-Encoding") != "gzip" {
		t.Fatalf("in the clear %v, zipped %v", plain.Header(), zipped.Header())
	}
	z, err := gzip.NewReader(zipped.Body)
	r.must(err)
	text, err := io.ReadAll(z)
	r.must(err)
	if string(text) != plain.Body.String() || len(text) < 1000 {
		t.Errorf("%d bytes zipped, %d in the clear", len(text), plain.Body.Len())
	}
}

// BenchmarkReplay measures the cost of a request for a recording of twelve hours
// with a chapter every two minutes, and of the first request in a second during
// the show.
func BenchmarkReplay(b *testing.B) {
	r := newTaping(b)
	ctx := context.Background()
	begun := r.broadcast(12 * time.Hour)
	for i := range 360 {
		p, err := r.s.store.CreateProduct(ctx, overlay.Product{SKU: fmt.Sprint("SKU-", i), Title: fmt.Sprint("Corn ", i), Price: 1, ListPrice: 1, Currency: "CNY"}, store.Once{})
		r.must(err)
		c, err := r.s.store.Pin(ctx, "demo", p.ID, overlay.At{}, store.Once{})
		r.must(err)
		r.must(r.s.store.Landed(ctx, []overlay.Landed{{ID: c.ID, Landing: overlay.Landing{Epoch: begun.Epoch, Date: begun.Anchor.Add(time.Duration(i) * 2 * time.Minute)}}}))
	}
	h := r.handler()
	ask := func(encoding string) int {
		q := httptest.NewRequest(http.MethodGet, "/vod/"+r.show+"/index.m3u8", nil)
		q.Header.Set("Accept-Encoding", encoding)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, q)
		if w.Code != http.StatusOK {
			b.Fatal(w.Code, w.Body)
		}
		return w.Body.Len()
	}
	// So many in turn that they would once have replaced each other, in
	// comparison with a single one ("ended").
	b.Run("20 in turn, zipped", func(b *testing.B) {
		lib, shows := library(b, 20, 12*time.Hour)
		h, n := lib.handler(), 0
		next := func() {
			q := httptest.NewRequest(http.MethodGet, "/vod/"+shows[n%len(shows)]+"/index.m3u8", nil)
			q.Header.Set("Accept-Encoding", "gzip")
			h.ServeHTTP(httptest.NewRecorder(), q)
			n++
		}
		for range shows {
			next()
		}
		for b.Loop() {
			next()
		}
		b.ReportMetric(float64(lib.s.shows.Bytes()), "kept-bytes")
	})
	b.Run("built, zipped", func(b *testing.B) {
		b.ReportAllocs()
		show, err := r.s.store.GetShow(ctx, r.show)
		r.must(err)
		for b.Loop() {
			_, err := r.s.build(ctx, show)
			r.must(err)
		}
	})
	for _, c := range []struct {
		name, encoding string
	}{{"on air", ""}, {"on air, zipped", "gzip"}, {"ended", ""}, {"ended, zipped", "gzip"}} {
		if strings.HasPrefix(c.name, "ended") && begun.Epoch != "" {
			r.end(begun)
			begun.Epoch = ""
		}
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				b.ReportMetric(float64(ask(c.encoding)), "bytes")
			}
		})
	}
}
