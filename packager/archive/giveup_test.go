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
		down := hangs(st)
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

// TestOldestOfAllIsGivenUp: what an ended broadcast left behind does not take the
// room of the one on air; what is given up is told at once, though nothing can be
// stored meanwhile.
func TestOldestOfAllIsGivenUp(t *testing.T) {
	for _, kept := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			st := newStore(t, t.TempDir())
			down := hangs(st)
			var log bytes.Buffer
			one := int64(len("first part of 1, second part"))
			o := archive.Options{Store: st, Dir: t.TempDir(), MaxQueued: 4*one + 2, Log: slog.New(slog.NewTextHandler(&log, nil))}
			files := &disk{files: map[uint64][]byte{}}
			if kept {
				o.Spool, o.MaxSpooled, o.MaxQueued = files, o.MaxQueued, 1<<20
			}
			a := start(t, o)
			defer a.kill()
			add := func(s *archive.Recorder, msn int) {
				seg := segment(msn)
				if kept {
					files.put(seg.MSN, bytes.Join(seg.Data, nil))
					seg.Kept, seg.Data = one, nil
				}
				s.Add(seg)
				time.Sleep(2 * time.Second)
			}
			over := a.open("demo", "01a")
			for msn := 1; msn <= 4; msn++ {
				add(over, msn)
			}
			over.End()
			live := a.open("demo", "01b") // begins to store only after the other
			for msn := 5; msn <= 7; msn++ {
				add(live, msn)
				lost := msn - 4
				if got := a.Stats(); got.GivenUp != uint64(lost) || got.QueuedSegments != 4 {
					t.Errorf("after %d: %+v", msn, got)
				}
				if _, _, n := over.Waiting(); n != lost || len(over.GivenUp(0)) != n || strings.Count(log.String(), "given up") != n {
					t.Errorf("after %d the ended broadcast has lost %d, %v; the log:\n%s", msn, n, over.GivenUp(0), &log)
				}
			}
			down.Store(false)
			live.End()
			a.flush()
			same(t, "ended", names(st.playlist("live/demo/01a/vod.m3u8")), []string{"1 gap", "2 gap", "3 gap", "4"})
			same(t, "on air", names(st.playlist("live/demo/01b/vod.m3u8")), numbers(5, 7))
			if n := strings.Count(log.String(), "given up"); n != 3 || a.Stats().GivenUp != 3 {
				t.Errorf("told of %d, %+v", n, a.Stats())
			}
		})
	}
}

// TestStoredIsNotGivenUp: what the store has already is kept, though it is not
// written down before the segment ahead of it.
func TestStoredIsNotGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := newStore(t, t.TempDir())
		hold := make(chan struct{})
		st.before = func(ctx context.Context, key string) error {
			if strings.HasSuffix(key, "/1.ts") {
				<-hold
			}
			return nil
		}
		one := int64(len("first part of 1, second part"))
		a := start(t, archive.Options{Store: st, Dir: t.TempDir(), MaxQueued: 2*one + 2, Log: slog.New(slog.DiscardHandler)})
		defer a.kill()
		s := a.open("demo", "01a")
		for msn := 1; msn <= 4; msn++ {
			s.Add(segment(msn))
			synctest.Wait()
		}
		if got := a.Stats(); got.QueuedSegments != 1 || got.QueuedBytes != one || got.GivenUp != 0 {
			t.Errorf("%+v", got)
		}
		close(hold)
		s.End()
		a.flush()
		same(t, "replay", names(st.playlist("live/demo/01a/vod.m3u8")), numbers(1, 4))
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

// hangs makes a store answer nothing until the switch is off.
func hangs(st *store) *atomic.Bool {
	down := new(atomic.Bool)
	down.Store(true)
	st.before = func(ctx context.Context, _ string) error {
		if down.Load() {
			<-ctx.Done()
			return ctx.Err()
		}
		return nil
	}
	return down
}
