package packager

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"mediad/packager/archive"
	"mediad/packager/check"
	"mediad/packager/m3u8"
	"mediad/storage"
)

// awayStore is a folder that can be away.
type awayStore struct {
	*storage.Dir
	away atomic.Bool
}

func newAwayStore(t testing.TB) *awayStore {
	t.Helper()
	dir, err := storage.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { dir.Close() })
	return &awayStore{Dir: dir}
}

func (s *awayStore) Put(ctx context.Context, key string, body []byte) error {
	if s.away.Load() {
		return errors.New("away")
	}
	return s.Dir.Put(ctx, key, body)
}

func (s *awayStore) PutFrom(ctx context.Context, key string, pieces [][]byte, file string) error {
	if s.away.Load() {
		return errors.New("away")
	}
	return s.Dir.PutFrom(ctx, key, pieces, file)
}

func (s *awayStore) PutIf(ctx context.Context, key string, body []byte, etag string) (string, error) {
	if s.away.Load() {
		return "", errors.New("away")
	}
	return s.Dir.PutIf(ctx, key, body, etag)
}

func (s *awayStore) Open(ctx context.Context, key string) (io.ReadCloser, int64, error) {
	o, err := s.Get(ctx, key)
	return o.Body, o.Size, err
}

func (s *awayStore) OpenAt(ctx context.Context, key string, offset, length int64) (io.ReadCloser, int64, error) {
	o, err := s.GetRange(ctx, key, offset, length)
	return o.Body, o.Size, err
}

// archiveOver runs an archive on a store until the test ends.
func archiveOver(t *testing.T, dir string, bound int64) (*awayStore, *archive.Archive) {
	t.Helper()
	s := newAwayStore(t)
	a := archive.New(archive.Options{Store: s, Dir: dir, MaxQueued: bound, Log: slog.New(slog.DiscardHandler)})
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- a.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return s, a
}

func flush(t *testing.T, a *archive.Archive) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := a.Flush(ctx); err != nil {
		t.Fatal(err)
	}
}

func open(t *testing.T, a *archive.Archive) *archive.Recorder {
	t.Helper()
	s, err := a.Open("demo", "01test", 2)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const dvrURL = "/live/demo/01test/dvr.m3u8"

// rewound asks for the list, holds it against the rules and fetches all of it
// but the gaps.
func rewound(t *testing.T, l *Live, rules *check.Playlist) *m3u8.Media {
	t.Helper()
	a := ask(l, http.MethodGet, dvrURL)
	if a.Code != http.StatusOK {
		t.Fatalf("the list: %d %s", a.Code, a.Body)
	}
	text := a.Body.Bytes()
	for _, v := range rules.Next(text) {
		t.Errorf("rewind: %v\n%s", v, text)
	}
	m, err := m3u8.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range m.Segments {
		if a := ask(l, http.MethodGet, "/live/demo/01test/"+s.URI); !s.Gap && (a.Code != http.StatusOK || a.Body.Len() == 0) {
			t.Fatalf("%s: %d %s", s.URI, a.Code, a.Body)
		}
	}
	return m
}

func length(m *m3u8.Media) (d time.Duration) {
	for _, s := range m.Segments {
		d += s.Duration
	}
	return d
}

// The list slides over DVR, with the cues in it, and each of its versions is a
// legal successor; segments that left the window come from the store.
func TestRewind(t *testing.T) {
	store, a := archiveOver(t, t.TempDir(), 0)
	s := newStudio(t, Options{State: state(1), Window: 12 * time.Second, DVR: time.Minute, Archive: open(t, a)})
	l := NewLive(store)
	l.Add(s.stream)
	rules := check.Playlist{Kind: check.PlainPlaylist}
	for i := range 12 {
		c := event(i + 2)
		c.ID, c.Class = fmt.Sprint("pin-", i), "mediad.cue"
		s.stream.Cue(c)
		s.send(shot{fps: 30, gop: 60, frames: 300, from: int64(i) * 10_000})
		if i == 3 { // a publisher that comes back
			s.sink.Close(0)
			s.publish()
		}
		flush(t, a)
		m := rewound(t, l, &rules)
		if d := length(m); i > 7 && (d < time.Minute || d > time.Minute+2*time.Second) {
			t.Errorf("after %d s the list has %v", 10*i+10, d)
		}
		if w := s.stream.snapshot(); m.Sequence+uint64(len(m.Segments)) != w.lastMSN()+1 {
			t.Errorf("ends with %d, the window with %d", m.Sequence+uint64(len(m.Segments))-1, w.lastMSN())
		}
		if i == 11 && (m.DiscontinuitySequence != 1 || m.Sequence < 20 || len(m.DateRanges) < 5 || len(m.DateRanges) > 7) {
			t.Errorf("sequence %d, discontinuity sequence %d, %d ranges", m.Sequence, m.DiscontinuitySequence, len(m.DateRanges))
		}
	}
	s.stream.End()
	if m := rewound(t, l, &rules); !m.Ended {
		t.Error("no ENDLIST")
	}
}

// Without a store there is the window, and nothing more.
func TestRewindWithoutStore(t *testing.T) {
	l, s := onAir(t)
	s.send(shot{fps: 30, gop: 60, frames: 30 * 90, from: 260_000 / 30})
	m := rewound(t, l, &check.Playlist{Kind: check.PlainPlaylist})
	if live := s.stream.snapshot(); m.Sequence != live.segments[0].msn || len(m.Segments) != len(live.segments) {
		t.Errorf("lists %d from %d, the window %d from %d", len(m.Segments), m.Sequence, len(live.segments), live.segments[0].msn)
	}
}

// While the store is away, segments come out of its queue; what is given up is
// a gap.
func TestRewindWhileTheStoreIsAway(t *testing.T) {
	store, a := archiveOver(t, t.TempDir(), 4<<20)
	store.away.Store(true)
	s := newStudio(t, Options{State: state(1), Window: 12 * time.Second, DVR: 10 * time.Minute, Archive: open(t, a)})
	l := NewLive(store)
	l.Add(s.stream)
	s.send(shot{fps: 30, gop: 60, frames: 30 * 60})
	rules := check.Playlist{Kind: check.PlainPlaylist}
	if m := rewound(t, l, &rules); length(m) < 55*time.Second || m.Segments[0].Gap {
		t.Errorf("%v are listed, the first a gap: %t", length(m), m.Segments[0].Gap)
	}
	s.send(shot{fps: 30, gop: 60, frames: 30 * 60, from: 60_000})
	store.away.Store(false)
	flush(t, a)
	m := rewound(t, l, &check.Playlist{Kind: check.PlainPlaylist})
	gaps := 0
	for _, s := range m.Segments {
		if s.Gap {
			gaps++
		}
	}
	if lost := int(a.Stats().GivenUp); lost == 0 || gaps != lost {
		t.Errorf("%d gaps, %d segments given up", gaps, lost)
	}
}

// A process that goes on with a broadcast lists what the former one stored, in
// front of its own segments, and numbers never step back.
func TestRewindAfterARestart(t *testing.T) {
	dir := t.TempDir()
	store, a := archiveOver(t, dir, 0)
	first := newStudio(t, Options{State: state(1), Window: 12 * time.Second, DVR: time.Minute, Archive: open(t, a)})
	l := NewLive(store)
	l.Add(first.stream)
	first.send(shot{fps: 30, gop: 60, frames: 30 * 90})
	flush(t, a)
	before := rewound(t, l, &check.Playlist{Kind: check.PlainPlaylist})

	later, b := archiveOver(t, dir, 0)
	later.Dir = store.Dir
	past, err := b.Segments("demo", "01test")
	if err != nil {
		t.Fatal(err)
	}
	second := newStudio(t, Options{State: state(1), Window: 12 * time.Second, DVR: time.Minute, Archive: open(t, b), Stored: past, Resumed: true,
		Begin: Numbers{MSN: 500, Part: 9000, Discontinuities: 1, Target: 2 * 90000, PartTarget: 45000}})
	l = NewLive(later)
	l.Add(second.stream)
	rules := check.Playlist{Kind: check.PlainPlaylist}
	m := rewound(t, l, &rules)
	if length(m) < time.Minute || m.Sequence < before.Sequence || m.Sequence+uint64(len(m.Segments)) != 500 {
		t.Errorf("before anybody publishes: %v from %d, %d segments", length(m), m.Sequence, len(m.Segments))
	}
	second.now = second.now.Add(2 * time.Minute)
	second.send(shot{fps: 30, gop: 60, frames: 30 * 20})
	flush(t, b)
	m = rewound(t, l, &rules)
	i := int(500 - m.Sequence)
	if len(m.Segments) < i+6 || i < 15 || !m.Segments[i].Discontinuity || !strings.HasSuffix(m.Segments[i].URI, "/500.ts") {
		t.Errorf("the first new segment is %d of %d: %+v", i, len(m.Segments), m.Segments[min(i, len(m.Segments)-1)])
	}
}

func TestRewindAnswers(t *testing.T) {
	l, s := onAir(t)
	master := ask(l, http.MethodGet, "/live/demo/dvr/index.m3u8")
	if master.Code != http.StatusOK || !strings.Contains(master.Body.String(), "\n../01test/dvr.m3u8\n") || !strings.Contains(master.Body.String(), "CODECS=") {
		t.Errorf("%d\n%s", master.Code, master.Body)
	}
	for url, want := range map[string]int{"/live/nobody/dvr/index.m3u8": 404, "/live/demo/01none/dvr.m3u8": 404, "/live/demo/dvr/other.m3u8": 404} {
		if got := ask(l, http.MethodGet, url); got.Code != want {
			t.Errorf("%s: %d", url, got.Code)
		}
	}
	// The same text for all, until a segment comes; zipped once.
	win := s.stream.snapshot()
	if s.stream.published.rewind.render(win) != s.stream.published.rewind.render(win) {
		t.Error("rendered twice")
	}
	zipped := ask(l, http.MethodGet, dvrURL, "Accept-Encoding", "gzip")
	z, err := gzip.NewReader(zipped.Body)
	if err != nil {
		t.Fatal(err)
	}
	text, _ := io.ReadAll(z)
	if plain := ask(l, http.MethodGet, dvrURL).Body.String(); string(text) != plain {
		t.Errorf("zipped:\n%s\nplain:\n%s", text, plain)
	}
	if again := ask(l, http.MethodGet, dvrURL, "If-None-Match", ask(l, http.MethodGet, dvrURL).Header().Get("ETag")); again.Code != http.StatusNotModified {
		t.Errorf("asked again: %d", again.Code)
	}
}

// BenchmarkRewind is what one closed segment costs whoever asks first for a list
// of twelve hours, and what it costs the publisher.
func BenchmarkRewind(b *testing.B) {
	const hours = 12 * time.Hour
	full := func() (*rewind, *window, func()) {
		a := archive.New(archive.Options{Store: newAwayStore(b), Dir: b.TempDir(), Log: slog.New(slog.DiscardHandler)})
		kept, err := a.Open("demo", "01test", 2)
		if err != nil {
			b.Fatal(err)
		}
		d := newRewind(hours, kept, nil, 1)
		w := &window{target: 180000}
		next := func() {
			n := uint64(1)
			if w.ready() {
				n = w.lastMSN() + 1
			}
			w.segments = []*segment{{msn: n, duration: 180000, date: testAnchor.Add(time.Duration(n) * 2 * time.Second)}}
			d.follow(w, w.segments)
		}
		for range int(hours / (2 * time.Second)) {
			next()
		}
		return d, w, next
	}
	b.Run("publisher", func(b *testing.B) {
		_, _, next := full()
		b.ReportAllocs()
		for b.Loop() {
			next()
		}
	})
	b.Run("first viewer", func(b *testing.B) {
		d, w, next := full()
		d.render(w)
		b.ReportAllocs()
		for b.Loop() {
			next()
			if r := d.render(w); r.err != nil {
				b.Fatal(r.err)
			}
		}
	})
	b.Run("first viewer, zipped", func(b *testing.B) {
		d, w, next := full()
		for b.Loop() {
			next()
			z, err := d.render(w).gzip()
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(len(z)), "bytes")
		}
	})
	b.Run("next viewer", func(b *testing.B) {
		d, w, _ := full()
		for b.Loop() {
			d.render(w)
		}
	})
}
