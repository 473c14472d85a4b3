package archive_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"mediad/packager/archive"
	"mediad/packager/m3u8"
)

// TestBroadcast: one broadcast from its first segment to its replay.
func TestBroadcast(t *testing.T) {
	st := newStore(t, t.TempDir())
	a := start(t, archive.Options{Store: st, Dir: t.TempDir(), Window: 14 * time.Second})
	defer a.kill()
	s := a.open("demo", "01a")
	for msn := 1; msn <= 20; msn++ {
		seg := segment(msn)
		seg.Discontinuity = msn == 5
		if msn%4 == 0 {
			seg.DateRanges = []m3u8.DateRange{{
				ID: "cue-" + seg.Date.Format("150405"), Class: "mediad.cue", Start: seg.Date.Add(time.Second),
				Attrs: []m3u8.Attr{{Name: "X-MEDIAD-KIND", Value: "product.pin"}},
			}}
		}
		s.Add(seg)
		a.flush()
		live := st.playlist("live/demo/index.m3u8")
		if live.Ended || live.TargetDuration != 2 {
			t.Fatalf("after %d: ended %t, target %d", msn, live.Ended, live.TargetDuration)
		}
	}
	live := st.playlist("live/demo/index.m3u8")
	same(t, "live", names(live), numbers(14, 20))
	if live.DiscontinuitySequence != 1 || live.Sequence != 14 || live.Segments[0].URI != "01a/main/14.ts" || !live.Segments[0].Date.Equal(segment(14).Date) {
		t.Errorf("live: %d/%d, first %+v", live.Sequence, live.DiscontinuitySequence, live.Segments[0])
	}
	if len(live.DateRanges) != 2 {
		t.Errorf("live: date ranges %+v, want those of 16 and 20", live.DateRanges)
	}
	if st.playlist("live/demo/01a/vod.m3u8") != nil {
		t.Error("there is a replay before the end")
	}
	s.End()
	a.flush()
	if m := st.playlist("live/demo/index.m3u8"); !m.Ended || len(m.Segments) != 7 {
		t.Errorf("at the end: ended %t, %q", m.Ended, names(m))
	}
	vod := st.playlist("live/demo/01a/vod.m3u8")
	want := numbers(1, 20)
	want[4] = "5 break"
	same(t, "replay", names(vod), want)
	if vod.Type != "VOD" || !vod.Ended || vod.Segments[0].URI != "main/1.ts" || len(vod.DateRanges) != 5 || vod.DateRanges[0].Attrs[0].Value != "product.pin" {
		t.Errorf("replay: type %q, ended %t, first %q, ranges %+v", vod.Type, vod.Ended, vod.Segments[0].URI, vod.DateRanges)
	}
	o, err := st.dir.Get(t.Context(), "live/demo/01a/main/7.ts")
	if err != nil {
		t.Fatal(err)
	}
	defer o.Body.Close()
	if body, _ := io.ReadAll(o.Body); !bytes.Equal(body, []byte("first part of 7, second part")) {
		t.Errorf("object is not its parts: %q", body)
	}
	records, err := a.Segments("demo", "01a")
	if err != nil || len(records) != 20 || records[6].Bytes != 28 || !records[4].Discontinuity {
		t.Errorf("%d records, %+v: %v", len(records), records, err)
	}
	if got := a.Stats(); got.Stored != 20 || got.StoredBytes == 0 || got.QueuedBytes != 0 || got.QueuedSegments != 0 || got.FailedAttempts != 0 {
		t.Errorf("%+v", got)
	}
}

// TestTarget: TARGETDURATION is fixed by the first segment, above a least value.
func TestTarget(t *testing.T) {
	for _, c := range []struct {
		least int
		first time.Duration
		want  int
	}{{2, time.Second, 2}, {2, 2 * time.Second, 2}, {2, 2002 * time.Millisecond, 2}, {2, 2200 * time.Millisecond, 3}, {0, 400 * time.Millisecond, 1}, {2, 10 * time.Second, 10}} {
		st := newStore(t, t.TempDir())
		a := start(t, archive.Options{Store: st, Dir: t.TempDir()})
		s, err := a.Open("demo", "01a", c.least)
		if err != nil {
			t.Fatal(err)
		}
		for msn := 1; msn <= 3; msn++ {
			seg := segment(msn)
			seg.Duration = min(c.first, time.Duration(c.want)*time.Second)
			if msn == 1 {
				seg.Duration = c.first
			}
			seg.Date = begin.Add(time.Duration(msn) * 10 * time.Second)
			seg.Discontinuity = msn > 1
			s.Add(seg)
		}
		a.flush()
		if got := st.playlist("live/demo/index.m3u8").TargetDuration; got != c.want {
			t.Errorf("%+v: target %d", c, got)
		}
		a.kill()
	}
}

// TestNextBroadcast: the next broadcast takes the stable name over, and its
// numbers go on.
func TestNextBroadcast(t *testing.T) {
	st, dir := newStore(t, t.TempDir()), t.TempDir()
	a := start(t, archive.Options{Store: st, Dir: dir})
	first := a.open("demo", "01a")
	for msn := 1; msn <= 3; msn++ {
		seg := segment(msn)
		seg.Discontinuity = msn == 2
		first.Add(seg)
	}
	if _, err := a.Open("demo", "01b", 2); err == nil {
		t.Error("a room has two broadcasts at once")
	}
	first.End()
	second := a.open("demo", "01b") // while the first may still be at work
	for msn := 4; msn <= 6; msn++ {
		second.Add(segment(msn))
	}
	a.flush()
	m := st.playlist("live/demo/index.m3u8")
	same(t, "second", names(m), numbers(4, 6))
	if m.Ended || m.DiscontinuitySequence != 2 || m.Segments[0].URI != "01b/main/4.ts" {
		t.Errorf("ended %t, discontinuity sequence %d, first %s", m.Ended, m.DiscontinuitySequence, m.Segments[0].URI)
	}
	same(t, "first replay", names(st.playlist("live/demo/01a/vod.m3u8")), []string{"1", "2 break", "3"})
	a.kill()

	// A third one in a new process, and an old one that is opened once more.
	a = start(t, archive.Options{Store: st, Dir: dir})
	defer a.kill()
	again := a.open("demo", "01b")
	again.End()
	third := a.open("demo", "01c")
	third.Add(segment(7))
	third.End()
	a.flush()
	m = st.playlist("live/demo/index.m3u8")
	if !m.Ended || m.DiscontinuitySequence != 3 || m.Sequence != 7 {
		t.Errorf("third: ended %t, %d/%d", m.Ended, m.Sequence, m.DiscontinuitySequence)
	}
	same(t, "second replay", names(st.playlist("live/demo/01b/vod.m3u8")), numbers(4, 6))
}

// TestOldEpoch: a broadcast that is ended only after a newer one began gets its
// replay, but not the stable name.
func TestOldEpoch(t *testing.T) {
	st, dir := newStore(t, t.TempDir()), t.TempDir()
	a := start(t, archive.Options{Store: st, Dir: dir})
	a.open("demo", "01a").Add(segment(1))
	a.flush()
	a.kill() // without End
	a = start(t, archive.Options{Store: st, Dir: dir})
	b := a.open("demo", "01b")
	b.Add(segment(2))
	b.End()
	a.flush()
	a.open("demo", "01a").End()
	a.flush()
	a.kill()
	same(t, "stable name", names(st.playlist("live/demo/index.m3u8")), numbers(2, 2))
	same(t, "old replay", names(st.playlist("live/demo/01a/vod.m3u8")), numbers(1, 1))
}

// TestRetry: pauses double, with jitter, up to a bound, without end.
func TestRetry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := newStore(t, t.TempDir())
		until := time.Now().Add(30 * time.Minute)
		st.before = func(context.Context, string) error {
			if time.Now().Before(until) {
				return errors.New("out of order")
			}
			return nil
		}
		a := start(t, archive.Options{Store: st, Dir: t.TempDir(), Log: slog.New(slog.DiscardHandler)})
		s := a.open("demo", "01a")
		s.Add(segment(1))
		a.flush()
		times := st.tried("live/demo/01a/main/1.ts")
		pause := 200 * time.Millisecond
		for i := 1; i < len(times); i++ {
			if got := times[i].Sub(times[i-1]); got < pause/2 || got > pause*3/2 {
				t.Errorf("pause %d is %v, want %v ± 50 %%", i, got, pause)
			}
			pause = min(2*pause, 10*time.Second)
		}
		if n := len(times); n < 100 || n > 500 {
			t.Errorf("%d attempts in half an hour", n)
		}
		if got := a.Stats(); got.FailedAttempts != uint64(len(times)-1) || got.Stored != 1 {
			t.Errorf("%+v after %d attempts", got, len(times))
		}
		a.kill()
	})
}

// TestTimeout: an attempt that hangs is ended and made again.
func TestTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := newStore(t, t.TempDir())
		var hung atomic.Int64
		st.before = func(ctx context.Context, key string) error {
			if hung.Add(1) > 3 {
				return nil
			}
			<-ctx.Done()
			return ctx.Err()
		}
		a := start(t, archive.Options{Store: st, Dir: t.TempDir(), Timeout: 5 * time.Second, Workers: 1})
		began := time.Now()
		a.open("demo", "01a").Add(segment(1))
		a.flush()
		if took := time.Since(began); took < 15*time.Second || took > 17*time.Second {
			t.Errorf("took %v", took)
		}
		a.kill()
	})
}

// TestOutage: segments go on being added in real time while the store is away;
// afterwards all are there.
func TestOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := newStore(t, t.TempDir())
		var down atomic.Bool
		st.before = func(context.Context, string) error {
			if down.Load() {
				return errors.New("away")
			}
			time.Sleep(300 * time.Millisecond) // synctest's clock: a slow store
			return nil
		}
		a := start(t, archive.Options{Store: st, Dir: t.TempDir()})
		s := a.open("demo", "01a")
		for msn := 1; msn <= 60; msn++ {
			began := time.Now()
			s.Add(segment(msn))
			if took := time.Since(began); took != 0 {
				t.Fatalf("Add took %v", took)
			}
			down.Store(msn >= 10 && msn < 40)
			time.Sleep(2 * time.Second)
		}
		if lag := a.Stats().Lag; lag > 10*time.Second {
			t.Errorf("still %v behind", lag)
		}
		s.End()
		a.flush()
		var want []string
		for _, n := range numbers(1, 60) {
			want = append(want, "live/demo/01a/main/"+n+".ts")
		}
		got := st.stored(".ts")
		slices.Sort(got)
		slices.Sort(want)
		same(t, "objects", got, want)
		same(t, "replay", names(st.playlist("live/demo/01a/vod.m3u8")), numbers(1, 60))
		a.kill()
	})
}

// TestCoalesce: while a playlist is being put, newer versions take over from
// each other.
func TestCoalesce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := newStore(t, t.TempDir())
		gate := make(chan struct{})
		st.before = func(_ context.Context, key string) error {
			if strings.HasSuffix(key, ".m3u8") {
				<-gate
			}
			return nil
		}
		a := start(t, archive.Options{Store: st, Dir: t.TempDir()})
		s := a.open("demo", "01a")
		for msn := 1; msn <= 10; msn++ {
			s.Add(segment(msn))
			synctest.Wait()
		}
		same(t, "segments do not wait for playlists", st.stored(".ts")[9:], []string{"live/demo/01a/main/10.ts"})
		close(gate)
		a.flush()
		if n := len(st.stored(".m3u8")); n != 2 {
			t.Errorf("%d playlists, want the first and the newest", n)
		}
		same(t, "newest", names(st.playlist("live/demo/index.m3u8")), numbers(1, 10))
		a.kill()
	})
}

// TestStreamsDoNotWait: one stream's trouble is not another's.
func TestStreamsDoNotWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := newStore(t, t.TempDir())
		st.before = func(_ context.Context, key string) error {
			if strings.HasPrefix(key, "live/bad/") {
				return errors.New("trouble")
			}
			return nil
		}
		a := start(t, archive.Options{Store: st, Dir: t.TempDir(), Workers: 2, Log: slog.New(slog.DiscardHandler)})
		bad, good := a.open("bad", "01a"), a.open("good", "01a")
		for msn := 1; msn <= 5; msn++ {
			bad.Add(segment(msn))
			good.Add(segment(msn))
		}
		good.End()
		time.Sleep(time.Second)
		same(t, "good", names(st.playlist("live/good/01a/vod.m3u8")), numbers(1, 5))
		if got := a.Stats(); got.QueuedSegments != 5 || got.Lag != time.Second || got.Stored != 5 {
			t.Errorf("%+v", got)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := a.Flush(ctx); !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "1 streams are behind") {
			t.Errorf("flush: %v", err)
		}
		a.kill()
		if err := a.Flush(t.Context()); err == nil {
			t.Error("flush succeeds though nobody works")
		}
	})
}

// TestSecure: what the spool has, or the store has taken, needs no waiting; what
// is in memory alone does.
func TestSecure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := newStore(t, t.TempDir())
		release := make(chan struct{})
		st.before = func(ctx context.Context, key string) error {
			if strings.HasSuffix(key, "/1.ts") {
				return nil
			}
			select {
			case <-release:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		a := start(t, archive.Options{Store: st, Dir: t.TempDir(), Spool: &disk{files: map[uint64][]byte{2: {}, 3: {}}}, Log: slog.New(slog.DiscardHandler)})
		s := a.open("demo", "01a")
		within := func(d time.Duration, want error) {
			t.Helper()
			ctx, cancel := context.WithTimeout(t.Context(), d)
			defer cancel()
			if err := a.Secure(ctx); !errors.Is(err, want) {
				t.Errorf("secure: %v, want %v", err, want)
			}
		}
		for msn := 1; msn <= 3; msn++ {
			s.Add(segment(msn))
		}
		s.Left(1)
		s.Kept(3)
		within(time.Second, context.DeadlineExceeded)
		time.AfterFunc(500*time.Millisecond, func() { s.Kept(2) })
		began := time.Now()
		within(time.Second, nil)
		if took := time.Since(began); took != 500*time.Millisecond {
			t.Errorf("it took %v", took)
		}
		s.Add(segment(4))
		s.Left(4)
		time.AfterFunc(500*time.Millisecond, func() { close(release) })
		within(time.Second, nil)
		a.kill()
	})
}

// TestWorkers: no more segments are put at once than there are workers, and no
// more playlists, which do not wait for them.
func TestWorkers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := newStore(t, t.TempDir())
		var mu sync.Mutex
		now, most := map[string]int{}, map[string]int{}
		count := func(key string, n int) {
			mu.Lock()
			defer mu.Unlock()
			for _, kind := range []string{filepath.Ext(key), "all"} {
				now[kind] += n
				most[kind] = max(most[kind], now[kind])
			}
		}
		st.before = func(_ context.Context, key string) error {
			count(key, 1)
			defer count(key, -1)
			time.Sleep(time.Second)
			return nil
		}
		a := start(t, archive.Options{Store: st, Dir: t.TempDir(), Workers: 3})
		for _, room := range []string{"a", "b", "c", "d", "e", "f"} {
			s := a.open(room, "01a")
			for msn := 1; msn <= 3; msn++ {
				s.Add(segment(msn))
			}
		}
		a.flush()
		if most[".ts"] != 3 || most[".m3u8"] > 3 || most["all"] <= 3 {
			t.Errorf("%v at once, want 3 of each at most, and more of both", most)
		}
		a.kill()
	})
}

func TestRefused(t *testing.T) {
	st := newStore(t, t.TempDir())
	a := start(t, archive.Options{Store: st, Dir: t.TempDir()})
	defer a.kill()
	s := a.open("demo", "01a")
	s.Add(segment(5))
	s.Add(segment(5))
	s.Add(segment(4))
	bad := segment(6)
	bad.Duration = 0
	s.Add(bad)
	bad = segment(6)
	bad.Date = time.Time{}
	s.Add(bad)
	marked := segment(6) // is taken, without its range
	marked.DateRanges = []m3u8.DateRange{{ID: `quote"`, Start: marked.Date}}
	s.Add(marked)
	s.End()
	s.Add(segment(7))
	a.flush()
	same(t, "replay", names(st.playlist("live/demo/01a/vod.m3u8")), numbers(5, 6))
	if got := a.Stats(); got.Refused != 5 || got.Stored != 2 {
		t.Errorf("%+v", got)
	}
	for _, name := range []string{"", "..", ".a", "a/b", `a\b`, "a b", "é", strings.Repeat("a", 101)} {
		if _, err := a.Open(name, "01a", 2); err == nil {
			t.Errorf("room %q is accepted", name)
		}
		if _, err := a.Open("demo", name, 2); err == nil {
			t.Errorf("epoch %q is accepted", name)
		}
		if _, err := a.Segments(name, "01a"); err == nil {
			t.Errorf("segments of room %q are known", name)
		}
	}
}

// TestUnwritableDir: what cannot work is said when the stream is opened.
func TestUnwritableDir(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	a := start(t, archive.Options{Store: newStore(t, t.TempDir()), Dir: file})
	defer a.kill()
	if _, err := a.Open("demo", "01a", 2); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("%v, want one that names %s", err, file)
	}
}

// TestNoStore: storage.kind none.
func TestNoStore(t *testing.T) {
	dir := t.TempDir()
	a := start(t, archive.Options{Dir: dir})
	defer a.kill()
	s := a.open("demo", "01a")
	s.Add(segment(1))
	s.End()
	a.flush()
	if _, _, ok := s.Last(); ok {
		t.Error("something was stored")
	}
	if records, err := a.Segments("demo", "01a"); err != nil || records != nil {
		t.Errorf("%v, %v", records, err)
	}
	if got := a.Stats(); got != (archive.Stats{}) {
		t.Errorf("%+v", got)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 0 {
		t.Errorf("a journal was made: %v", entries)
	}
}
