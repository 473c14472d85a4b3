package archive_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"mediad/packager/archive"
)

// TestGiveUp: beyond the bound the oldest waiting segments become gaps.
func TestGiveUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := newStore(t, t.TempDir())
		var down atomic.Bool
		down.Store(true)
		st.before = func(ctx context.Context, key string) error {
			if down.Load() {
				<-ctx.Done()
				return ctx.Err()
			}
			return nil
		}
		var log bytes.Buffer
		one := int64(len("first part of 1, second part"))
		a := start(t, archive.Options{Store: st, Dir: t.TempDir(), MaxQueued: 3*one + 2, Log: slog.New(slog.NewTextHandler(&log, nil))})
		s := a.open("demo", "01a")
		for msn := 1; msn <= 9; msn++ {
			s.Add(segment(msn))
			time.Sleep(time.Millisecond)
			if got := a.Stats(); got.QueuedBytes > 3*one+2 {
				t.Errorf("%d bytes wait", got.QueuedBytes)
			}
		}
		synctest.Wait()
		if got := a.Stats(); got.GivenUp != 6 || got.QueuedSegments != 3 {
			t.Errorf("%+v", got)
		}
		down.Store(false)
		s.Add(segment(10)) // gives up one more
		s.End()
		a.flush()
		want := []string{"1 gap", "2 gap", "3 gap", "4 gap", "5 gap", "6 gap", "7 gap", "8", "9", "10"}
		same(t, "replay", names(st.playlist("live/demo/01a/vod.m3u8")), want)
		if got := a.Stats(); got.GivenUp != 7 || got.Stored != 3 || got.QueuedBytes != 0 {
			t.Errorf("%+v", got)
		}
		if n := strings.Count(log.String(), "level=ERROR"); n != 7 {
			t.Errorf("%d errors in the log, want one per gap:\n%s", n, &log)
		}
		a.kill()
	})
}

// TestPermanent: an object that can never be stored is a gap at once.
func TestPermanent(t *testing.T) {
	st := newStore(t, t.TempDir())
	if err := st.dir.Put(t.Context(), "live/demo/01a/main/2.ts", []byte("somebody else's")); err != nil {
		t.Fatal(err)
	}
	a := start(t, archive.Options{Store: st, Dir: t.TempDir()})
	defer a.kill()
	s := a.open("demo", "01a")
	for msn := 1; msn <= 3; msn++ {
		s.Add(segment(msn))
	}
	a.flush()
	same(t, "live", names(st.playlist("live/demo/index.m3u8")), []string{"1", "2 gap", "3"})
}

// TestNothingStored: without a single object there is no replay.
func TestNothingStored(t *testing.T) {
	st := newStore(t, t.TempDir())
	a := start(t, archive.Options{Store: st, Dir: t.TempDir(), MaxQueued: 1})
	defer a.kill()
	a.open("empty", "01a").End()
	s := a.open("demo", "01a")
	s.Add(segment(1))
	s.End()
	a.flush()
	for _, key := range st.stored("") {
		if key != "live/demo/index.m3u8" {
			t.Errorf("stored %q", key)
		}
	}
	if m := st.playlist("live/demo/index.m3u8"); m == nil || !m.Ended || !m.Segments[0].Gap {
		t.Errorf("playlist %+v", m)
	}
}
