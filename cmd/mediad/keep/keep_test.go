package keep_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"mediad/cmd/mediad/keep"
	"mediad/overlay"
	"mediad/overlay/store"
	"mediad/overlay/store/storetest"
	"mediad/packager/archive"
	"mediad/storage"
	"mediad/storage/versity"
)

// house is a database, journals and an object store, all real, with a clock that
// the test sets.
type house struct {
	t       *testing.T
	mu      sync.Mutex
	now     time.Time // written by the test alone, with mu
	dir     string
	store   *store.Store
	objects keep.Objects
	archive *archive.Archive
}

// everywhere runs a test over a directory and over a real S3 server.
func everywhere(t *testing.T, test func(*testing.T, *house)) {
	t.Run("dir", func(t *testing.T) {
		d, err := storage.OpenDir(t.TempDir())
		must(t, err)
		t.Cleanup(func() { must(t, d.Close()) })
		test(t, newHouse(t, d))
	})
	t.Run("s3", func(t *testing.T) {
		g := versity.Here(t)
		s, err := storage.NewS3(t.Context(), storage.S3Options{Endpoint: g.Endpoint, Region: g.Region, Bucket: g.Bucket, Prefix: "shop", PathStyle: true})
		must(t, err)
		test(t, newHouse(t, s))
	})
}

func newHouse(t *testing.T, objects interface {
	archive.Store
	keep.Objects
}) *house {
	h := &house{t: t, now: time.Now().Add(-90 * 24 * time.Hour).Truncate(time.Second), dir: t.TempDir(), objects: objects}
	storetest.Fresh(t, h.dir)
	var err error
	h.store, err = store.Open(t.Context(), store.Options{Dir: h.dir, Now: h.clock})
	must(t, err)
	t.Cleanup(func() { must(t, h.store.Close()) })
	_, err = h.store.EnsureRoom(t.Context(), "corn", "Corn", "corn-key")
	must(t, err)
	h.archive = archive.New(archive.Options{Store: objects, Dir: h.spool(), Log: slog.New(slog.DiscardHandler)})
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- h.archive.Run(ctx) }()
	t.Cleanup(func() { stop(); must(t, <-done) })
	return h
}

func (h *house) spool() string { return filepath.Join(h.dir, "spool") }

// air puts a broadcast of the room corn on air, with a number of stored segments.
func (h *house) air(segments int) (overlay.Begin, *archive.Recorder) {
	h.t.Helper()
	return h.airIn("corn", segments)
}

func (h *house) airIn(room string, segments int) (overlay.Begin, *archive.Recorder) {
	h.t.Helper()
	b, err := h.store.BeginBroadcast(h.t.Context(), room, h.now)
	must(h.t, err)
	s, err := h.archive.Open(room, b.Epoch, 2)
	must(h.t, err)
	for i := range uint64(segments) {
		msn := b.Numbers.MSN + i
		s.Add(archive.Segment{MSN: msn, Duration: 2 * time.Second, Date: h.now.Add(time.Duration(i) * 2 * time.Second),
			Discontinuity: i == 0, Data: [][]byte{[]byte("segment "), []byte(fmt.Sprint(msn))}})
	}
	must(h.t, h.store.Reserve(h.t.Context(), b.Epoch, overlay.Numbers{MSN: b.Numbers.MSN + uint64(segments), Part: 100}))
	must(h.t, h.archive.Flush(h.t.Context()))
	return b, s
}

// show makes a whole show of the room corn, ended and stored.
func (h *house) show(segments int) overlay.Begin {
	h.t.Helper()
	return h.showIn("corn", segments)
}

func (h *house) showIn(room string, segments int) overlay.Begin {
	h.t.Helper()
	b, s := h.airIn(room, segments)
	s.End()
	must(h.t, h.archive.Flush(h.t.Context()))
	for h.archive.Idle(room, b.Epoch) != nil { // its goroutine ends just behind
		time.Sleep(time.Millisecond)
	}
	h.pass(time.Minute)
	_, err := h.store.EndShow(h.t.Context(), room)
	must(h.t, err)
	must(h.t, h.store.EndBroadcast(h.t.Context(), b.Epoch, h.now, "host"))
	return b
}

// clock is the store's clock; a sweeper may ask while the test lets time pass.
func (h *house) clock() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

// pass lets time pass.
func (h *house) pass(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(d)
}

// keys gives the keys of the objects below a prefix.
func (h *house) keys(prefix string) (all []string) {
	h.t.Helper()
	found, err := h.objects.List(h.t.Context(), prefix, "", 0)
	must(h.t, err)
	for _, info := range found {
		all = append(all, info.Key)
	}
	return all
}

func (h *house) look() *keep.Survey {
	h.t.Helper()
	s, err := keep.Look(h.t.Context(), keep.SurveyOptions{
		Rows: h.store, Objects: h.objects, Dir: h.spool(), Temps: []string{filepath.Join(h.spool(), "*", "*.partial")},
		Now: func() time.Time { return time.Now().Add(48 * time.Hour) },
	})
	must(h.t, err)
	return s
}

func kinds(s *keep.Survey) (all []keep.Kind) {
	for _, f := range s.Findings {
		all = append(all, f.Kind)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func (h *house) sweeper(o keep.Objects, wider time.Duration) *keep.Sweeper {
	return keep.NewSweeper(keep.Options{Rows: h.store, Archive: h.archive, Objects: o,
		Retention: overlay.Retention{Set: true, For: wider}, Log: slog.New(slog.DiscardHandler)})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func exists(t *testing.T, path string) bool {
	t.Helper()
	_, err := os.Stat(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return err == nil
}
