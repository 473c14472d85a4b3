package keep_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"mediad/cmd/mediad/keep"
	"mediad/overlay"
	"mediad/storage"
)

// TestExpiry: an expired show is deleted completely, and nothing else is.
func TestExpiry(t *testing.T) {
	everywhere(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		old, kept, room := h.show(3), h.show(3), h.show(3)
		_, err := h.store.SetShowRetention(ctx, kept.Show, overlay.Retention{Set: true}, "tester")
		must(t, err)
		_, err = h.store.SetShowRetention(ctx, room.Show, overlay.Retention{Set: true, For: 1000 * time.Hour}, "tester")
		must(t, err)
		h.pass(719 * time.Hour)
		s := h.sweeper(h.objects, 720*time.Hour)
		must(t, s.Sweep(ctx))
		if n := len(h.keys("live/corn/" + old.Epoch)); n != 4 {
			t.Fatalf("%d objects an hour before the time", n)
		}
		h.pass(2 * time.Hour)
		last := h.show(3)
		must(t, s.Sweep(ctx))
		if left := h.keys("live/corn/" + old.Epoch); len(left) > 0 {
			t.Errorf("left of the expired show: %v", left)
		}
		if exists(t, filepath.Join(h.spool(), "corn", old.Epoch+".journal")) {
			t.Error("its journal is left")
		}
		for _, b := range []overlay.Begin{kept, room, last} {
			if n := len(h.keys("live/corn/" + b.Epoch)); n != 4 {
				t.Errorf("%d objects of a show to be kept", n)
			}
		}
		show, err := h.store.GetShow(ctx, old.Show)
		must(t, err)
		rows, err := h.store.Broadcasts(ctx, old.Show)
		must(t, err)
		events, err := h.store.After(ctx, old.Show, 0, 10)
		must(t, err)
		if show.Deleted.IsZero() || len(rows) != 0 || len(events) == 0 {
			t.Errorf("show %+v, %d broadcasts, %d events", show, len(rows), len(events))
		}
		// The room's own retention also holds for ended shows.
		_, err = h.store.SetRoomRetention(ctx, "corn", overlay.Retention{Set: true, For: time.Hour}, "tester")
		must(t, err)
		h.pass(2 * time.Hour)
		must(t, s.Sweep(ctx))
		if n := len(h.keys("live/corn/" + last.Epoch)); n != 0 {
			t.Errorf("%d objects of the last show after the room's retention", n)
		}
		if _, replay, err := h.store.RoomShows(ctx, "corn"); err != nil || replay != nil && replay.ID == last.Show {
			t.Errorf("the room still offers the replay %+v, %v", replay, err)
		}
		if slices.Contains(h.keys("live/corn/"), "live/corn/index.m3u8") {
			t.Error("the stable playlist names what is gone")
		}
		if found := h.look().Findings; len(found) > 0 {
			t.Errorf("found %v", found)
		}
	})
}

// TestExpiryOff: with 0, shows are kept for ever.
func TestExpiryOff(t *testing.T) {
	everywhere(t, func(t *testing.T, h *house) {
		b := h.show(2)
		h.pass(50_000 * time.Hour)
		must(t, h.sweeper(h.objects, 0).Sweep(t.Context()))
		if n := len(h.keys("live/corn/" + b.Epoch)); n != 3 {
			t.Errorf("%d objects", n)
		}
	})
}

// faulty is a store that is killed at its nth deletion.
type faulty struct {
	keep.Objects
	mu    sync.Mutex
	left  int      // guarded by mu; deletions until then
	order []string // guarded by mu
}

var errKilled = errors.New("killed")

func (f *faulty) Delete(ctx context.Context, key string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.left--; f.left < 0 {
		return errKilled
	}
	f.order = append(f.order, key)
	// Requests that were sent are carried out, though the others are cancelled.
	return f.Objects.Delete(context.WithoutCancel(ctx), key)
}

// TestDeletionBrokenOff: a deletion is interrupted after each single object,
// and the next attempt finishes it. No playlist ever names a missing object.
func TestDeletionBrokenOff(t *testing.T) {
	everywhere(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		b, other := h.show(5), h.show(2)
		_, err := h.store.BeginDeletion(ctx, b.Show, "tester")
		must(t, err)
		for n := 0; ; n++ {
			f := &faulty{Objects: h.objects, left: 1}
			s := h.sweeper(f, 0) // as a process that starts
			err := s.Sweep(ctx)
			found := kinds(h.look())
			if slices.Contains(found, keep.PlaylistNames) {
				t.Fatalf("after %d: %v", n, found)
			}
			if err == nil {
				if n < 5 {
					t.Errorf("ended after %d attempts", n)
				}
				break
			}
			if !errors.Is(err, errKilled) || n > 20 {
				t.Fatal(err)
			}
			if p, ok := s.Progress(b.Show); !ok || p.Deleted > 1 || p.Of != 6 || p.Waits == nil {
				t.Errorf("progress %+v", p)
			}
			if n == 0 && !strings.HasSuffix(f.order[0], "/vod.m3u8") {
				t.Errorf("%s went first", f.order[0])
			}
		}
		must(t, h.sweeper(h.objects, 0).Sweep(ctx))
		must(t, h.store.EndDeletion(ctx, b.Show)) // once more
		if left := h.keys("live/corn/" + b.Epoch); len(left) > 0 {
			t.Errorf("left: %v", left)
		}
		if n := len(h.keys("live/corn/" + other.Epoch)); n != 3 {
			t.Errorf("%d objects of the other show", n)
		}
	})
}

// TestDeletionPages: more objects than one list holds, of all sorts.
func TestDeletionPages(t *testing.T) {
	root := t.TempDir()
	d, err := storage.OpenDir(root)
	must(t, err)
	defer d.Close()
	h := newHouse(t, d)
	b, other := h.show(2), h.show(2)
	dir := filepath.Join(root, "live", "corn", b.Epoch, "main")
	for i := range 2*storage.MaxList + 5 {
		must(t, os.WriteFile(filepath.Join(dir, fmt.Sprint(1000+i, []string{".ts", ".jpg", ".m3u8"}[i%3])), nil, 0o644))
	}
	if s := h.look(); s.Objects != 2*storage.MaxList+5+3+3+1 {
		t.Errorf("counted %d objects", s.Objects)
	}
	_, err = h.store.BeginDeletion(t.Context(), b.Show, "tester")
	must(t, err)
	must(t, h.sweeper(d, 0).Sweep(t.Context()))
	if a, o := h.keys("live/corn/"+b.Epoch), h.keys("live/corn/"+other.Epoch); len(a) != 0 || len(o) != 3 {
		t.Errorf("left %d, and %d of the other show", len(a), len(o))
	}
}

// TestDeletionOnAir: a broadcast that is on air, or still being stored, is
// left alone.
func TestDeletionOnAir(t *testing.T) {
	everywhere(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		old := h.show(2)
		b, stream := h.air(0)
		if _, err := h.store.BeginDeletion(ctx, b.Show, "tester"); overlay.CodeOf(err) != overlay.Conflict {
			t.Errorf("deletion of a live show: %v", err)
		}
		// The stable playlist still names the old show.
		_, err := h.store.BeginDeletion(ctx, old.Show, "tester")
		must(t, err)
		if err := h.sweeper(h.objects, 0).Sweep(ctx); err == nil {
			t.Error("deleted what the stable playlist of a live room names")
		}
		if n := len(h.keys("live/corn/" + old.Epoch)); n != 3 {
			t.Errorf("%d objects", n)
		}
		stream.Add(archiveSegment(b.Numbers.MSN))
		must(t, h.archive.Flush(ctx))
		must(t, h.sweeper(h.objects, 0).Sweep(ctx))
		if n := len(h.keys("live/corn/" + old.Epoch)); n != 0 {
			t.Errorf("%d objects are left", n)
		}
		// Ended by the host, not yet stored.
		must(t, h.store.EndBroadcast(ctx, b.Epoch, h.now, "host"))
		_, err = h.store.BeginDeletion(ctx, b.Show, "tester")
		must(t, err)
		if err := h.sweeper(h.objects, 0).Sweep(ctx); err == nil {
			t.Error("deleted what is still being stored")
		}
		stream.End()
		must(t, h.archive.Flush(ctx))
		for h.archive.Idle("corn", b.Epoch) != nil {
			time.Sleep(time.Millisecond)
		}
		must(t, h.sweeper(h.objects, 0).Sweep(ctx))
		if left := h.keys(""); len(left) != 0 {
			t.Errorf("left: %v", left)
		}
	})
}

// locked is a store that keeps the segments of one epoch for years.
type locked struct {
	keep.Objects
	epoch string
	tried chan struct{} // gets a value at each attempt, if the test waits for one
}

func (l locked) Delete(ctx context.Context, key string) error {
	if strings.Contains(key, l.epoch+"/main/") {
		select {
		case l.tried <- struct{}{}:
		default:
		}
		return fmt.Errorf("delete %q: %w", key, storage.ErrLocked)
	}
	return l.Objects.Delete(ctx, key)
}

// TestDeletionLocked: a show whose objects the bucket locks stays marked for
// deletion and says why. Other shows are deleted, and the log does not fill
// up.
func TestDeletionLocked(t *testing.T) {
	d, err := storage.OpenDir(t.TempDir())
	must(t, err)
	defer d.Close()
	h := newHouse(t, d)
	first, second := h.show(3), h.show(3)
	for _, b := range []overlay.Begin{first, second} {
		_, err := h.store.BeginDeletion(t.Context(), b.Show, "tester")
		must(t, err)
	}
	var log strings.Builder
	l := locked{d, first.Epoch, make(chan struct{})}
	s := keep.NewSweeper(keep.Options{
		Rows: h.store, Archive: h.archive, Objects: l, Every: time.Millisecond, Log: slog.New(slog.NewTextHandler(&log, nil)),
	})
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	for range 20 {
		<-l.tried
	}
	stop()
	must(t, <-done)
	if p, ok := s.Progress(first.Show); !ok || !errors.Is(p.Waits, storage.ErrLocked) {
		t.Errorf("progress %+v", p)
	}
	if left := h.keys("live/corn/" + first.Epoch); len(left) != 3 || slices.Contains(left, "live/corn/"+first.Epoch+"/vod.m3u8") {
		t.Errorf("left of the locked show: %v", left)
	}
	if left := h.keys("live/corn/" + second.Epoch); len(left) != 0 {
		t.Errorf("left of the other: %v", left)
	}
	if n := strings.Count(log.String(), "not everything could be deleted"); n == 0 || n > 2 {
		t.Errorf("%d lines of %q", n, log.String())
	}
}
