package archive_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"mediad/packager/archive"
	"mediad/packager/check"
	"mediad/packager/m3u8"
	"mediad/storage"
)

// store stands in front of a real directory, makes puts fail or wait as a test
// wants, and judges every playlist at the moment at which it is stored: each is
// a legal successor, and names only objects that are there.
type store struct {
	t   *testing.T
	dir *storage.Dir
	// before, if set, is asked before each put.
	before func(ctx context.Context, key string) error

	mu       sync.Mutex
	puts     []put                      // that succeeded
	attempts []put                      // also those that failed
	objects  map[string]bool            // acknowledged
	lists    map[string]*check.Playlist // by epoch's media path
	newest   map[string]*m3u8.Media     // by key
}

type put struct {
	key  string
	when time.Time
}

func newStore(t *testing.T, dir string) *store {
	t.Helper()
	d, err := storage.OpenDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return &store{t: t, dir: d, objects: map[string]bool{}, lists: map[string]*check.Playlist{}, newest: map[string]*m3u8.Media{}}
}

func (s *store) Put(ctx context.Context, key string, body []byte) error {
	return s.put(ctx, key, body, func() error { return s.dir.Put(ctx, key, body) })
}

func (s *store) PutFrom(ctx context.Context, key string, pieces [][]byte, file string) error {
	body := bytes.Join(pieces, nil)
	if pieces == nil {
		var err error
		if body, err = os.ReadFile(file); err != nil {
			return err
		}
	}
	return s.put(ctx, key, body, func() error { return s.dir.PutFrom(ctx, key, pieces, file) })
}

func (s *store) PutIf(ctx context.Context, key string, body []byte, etag string) (tag string, err error) {
	err = s.put(ctx, key, body, func() error {
		tag, err = s.dir.PutIf(ctx, key, body, etag)
		return err
	})
	return tag, err
}

func (s *store) Read(ctx context.Context, key string) ([]byte, string, error) {
	return s.dir.Read(ctx, key)
}

func (s *store) put(ctx context.Context, key string, body []byte, do func() error) error {
	s.mu.Lock()
	s.attempts = append(s.attempts, put{key, time.Now()})
	s.mu.Unlock()
	if s.before != nil {
		if err := s.before(ctx, key); err != nil {
			return err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := do(); err != nil {
		return err
	}
	if path.Ext(key) == ".m3u8" {
		s.judge(key, body)
	}
	s.objects[key] = true
	s.puts = append(s.puts, put{key, time.Now()})
	return nil
}

// judge looks at a playlist that was just stored.
func (s *store) judge(key string, text []byte) {
	m, err := m3u8.Parse(text)
	if err != nil {
		s.t.Errorf("%s cannot be read: %v\n%s", key, err, text)
		return
	}
	if len(m.Segments) == 0 {
		s.t.Errorf("%s lists nothing:\n%s", key, text)
		return
	}
	for i, seg := range m.Segments {
		object := path.Join(path.Dir(key), seg.URI)
		if !seg.Gap && !s.objects[object] {
			s.t.Errorf("%s names %s, which is not stored", key, object)
		}
		// A replay leaves out what stood in for a publisher.
		if want := fmt.Sprintf("/%d.ts", m.Sequence+uint64(i)); path.Base(key) != "vod.m3u8" && !strings.HasSuffix(object, want) {
			s.t.Errorf("%s: %s has media sequence number %d", key, object, m.Sequence+uint64(i))
		}
	}
	kind, life := check.PlainPlaylist, key+" "+path.Dir(m.Segments[0].URI)
	if path.Base(key) == "vod.m3u8" {
		kind = check.VODPlaylist
	}
	if s.lists[life] == nil {
		s.lists[life] = &check.Playlist{Kind: kind}
	}
	for _, v := range s.lists[life].Next(text) {
		s.t.Errorf("%s: %s: %s\n%s", key, v.Rule, v.Detail, text)
	}
	if last := s.newest[key]; last != nil && (m.Sequence < last.Sequence || m.DiscontinuitySequence < last.DiscontinuitySequence) {
		s.t.Errorf("%s steps back from %d/%d to %d/%d", key, last.Sequence, last.DiscontinuitySequence, m.Sequence, m.DiscontinuitySequence)
	}
	s.newest[key] = m
}

// stored gives the keys that were put with this suffix, in order.
func (s *store) stored(suffix string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var keys []string
	for _, p := range s.puts {
		if strings.HasSuffix(p.key, suffix) {
			keys = append(keys, p.key)
		}
	}
	return keys
}

// tried gives the times at which the key was tried.
func (s *store) tried(key string) []time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	var times []time.Time
	for _, p := range s.attempts {
		if p.key == key {
			times = append(times, p.when)
		}
	}
	return times
}

// playlist gives the playlist that stands in the directory, nil if none does.
func (s *store) playlist(key string) *m3u8.Media {
	s.t.Helper()
	o, err := s.dir.Get(context.Background(), key)
	if errors.Is(err, storage.ErrNotFound) {
		return nil
	}
	if err != nil {
		s.t.Fatal(err)
	}
	defer o.Body.Close()
	text, err := io.ReadAll(o.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	m, err := m3u8.Parse(text)
	if err != nil {
		s.t.Fatal(err)
	}
	return m
}

// names lists a playlist's segments, as "7", "8 gap", "9 break".
func names(m *m3u8.Media) []string {
	if m == nil {
		return nil
	}
	var out []string
	for _, seg := range m.Segments {
		name := strings.TrimSuffix(path.Base(seg.URI), ".ts")
		if seg.Discontinuity {
			name += " break"
		}
		if seg.Gap {
			name += " gap"
		}
		out = append(out, name)
	}
	return out
}

// numbers gives "first".."last" as strings.
func numbers(first, last int) []string {
	var out []string
	for i := first; i <= last; i++ {
		out = append(out, fmt.Sprint(i))
	}
	return out
}

func same(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

// begin is when test broadcasts begin.
var begin = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// segment makes the segment that begins 2*(msn-1) seconds after begin.
func segment(msn int) archive.Segment {
	date := begin.Add(time.Duration(msn-1) * 2 * time.Second)
	return archive.Segment{
		MSN: uint64(msn), Duration: 2 * time.Second, Date: date,
		Data: [][]byte{fmt.Appendf(nil, "first part of %d, ", msn), []byte("second part")},
	}
}

// running is an Archive that runs.
type running struct {
	*archive.Archive
	t    *testing.T
	stop context.CancelFunc
	done chan error
}

func start(t *testing.T, o archive.Options) *running {
	t.Helper()
	if o.Log == nil {
		o.Log = slog.New(slog.NewTextHandler(t.Output(), nil))
	}
	ctx, cancel := context.WithCancel(context.Background())
	r := &running{archive.New(o), t, cancel, make(chan error, 1)}
	go func() { r.done <- r.Run(ctx) }()
	return r
}

// kill ends all work, whatever waits.
func (r *running) kill() {
	r.t.Helper()
	r.stop()
	if err := <-r.done; err != nil {
		r.t.Error(err)
	}
}

func (r *running) flush() {
	r.t.Helper()
	if err := r.Flush(context.Background()); err != nil {
		r.t.Fatal(err)
	}
}

func (r *running) open(room, epoch string) *archive.Recorder {
	r.t.Helper()
	s, err := r.Open(room, epoch, 2)
	if err != nil {
		r.t.Fatal(err)
	}
	return s
}

// outages lets every call fail while down is set.
func (s *store) outages() (down *atomic.Bool) {
	down = new(atomic.Bool)
	s.before = func(context.Context, string) error {
		if down.Load() {
			return errors.New("away")
		}
		return nil
	}
	return down
}
