package archive_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"mediad/packager/archive"
	"mediad/storage"
	"mediad/storage/versity"
)

// TestCrashes ends the process at random moments of broadcasts, with puts under
// way whose answer is lost and lines of the journal torn, and goes on. The
// store judges every playlist on the way, over all restarts. In the end all that
// was acknowledged is in the replay, and only what was not is a gap.
func TestCrashes(t *testing.T) {
	var all seen
	for seed := range uint64(12) {
		synctest.Test(t, func(t *testing.T) { all.crashes(t, seed) })
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
	if all.lost == 0 || all.gaps == 0 || all.torn == 0 {
		t.Errorf("%+v: the dice left something out", &all)
	}
}

// seen counts what happened, so that the test cannot prove nothing.
type seen struct{ lost, gaps, torn int }

// dice are thrown by several goroutines.
type dice struct {
	mu sync.Mutex
	r  *rand.Rand
}

func (d *dice) IntN(n int) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.r.IntN(n)
}

func (all *seen) crashes(t *testing.T, seed uint64) {
	dice := &dice{r: rand.New(rand.NewPCG(seed, 7))}
	st, dir := newStore(t, t.TempDir()), t.TempDir()
	st.before = func(ctx context.Context, key string) error {
		select {
		case <-time.After(time.Duration(dice.IntN(900)) * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
		if dice.IntN(5) == 0 {
			return errors.New("does not like it")
		}
		return nil
	}
	var lost atomic.Int64
	// A store whose answers may be lost: the object is there, nobody knows.
	answer := func(ctx context.Context) error {
		select {
		case <-time.After(300 * time.Millisecond):
			return nil
		case <-ctx.Done():
			lost.Add(1)
			return ctx.Err()
		}
	}
	lossy := slowAnswers{st, answer}
	defer func() { all.lost += int(lost.Load()) }()
	o := archive.Options{Store: lossy, Dir: dir, Window: 16 * time.Second, Log: slog.New(slog.DiscardHandler)}
	journal := filepath.Join(dir, "demo", "01a.journal")
	acknowledged := map[uint64]bool{}
	msn, broken := 1, false
	for life := range 4 {
		a := start(t, o)
		s := a.open("demo", "01a")
		if last, end, ok := s.Last(); ok != (len(acknowledged) > 0) || ok && (!acknowledged[last] || !end.Equal(segment(int(last)+1).Date)) {
			t.Errorf("life %d: last is %d until %v, %t", life, last, end, ok)
		}
		for range dice.IntN(12) {
			seg := segment(msn)
			seg.Discontinuity, broken = broken, false
			s.Add(seg)
			msn++
			time.Sleep(time.Duration(dice.IntN(2500)) * time.Millisecond)
		}
		a.kill()
		if life > 0 && dice.IntN(2) == 0 {
			tear(t, journal)
			all.torn++
		}
		records, err := a.Segments("demo", "01a")
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range records {
			if !r.Gap {
				acknowledged[r.MSN] = true
			}
		}
		broken = true
	}
	a := start(t, o)
	s := a.open("demo", "01a")
	seg := segment(msn)
	seg.Discontinuity = true
	s.Add(seg)
	acknowledged[seg.MSN] = true
	s.End()
	a.flush()
	a.kill()

	vod := st.playlist("live/demo/01a/vod.m3u8")
	if live := st.playlist("live/demo/index.m3u8"); vod == nil || !vod.Ended || !live.Ended {
		t.Fatal("the broadcast was not finished")
	}
	if first := vod.Sequence; int(first)+len(vod.Segments)-1 != msn {
		t.Errorf("replay lists %d segments from %d, want up to %d", len(vod.Segments), first, msn)
	}
	for i, seg := range vod.Segments {
		n := vod.Sequence + uint64(i)
		if seg.Gap == acknowledged[n] {
			t.Errorf("segment %d: gap %t, acknowledged %t", n, seg.Gap, acknowledged[n])
		}
		if !seg.Date.Equal(segment(int(n)).Date) {
			t.Errorf("segment %d is dated %v", n, seg.Date)
		}
		delete(acknowledged, n)
		if seg.Gap {
			all.gaps++
		}
	}
	if len(acknowledged) > 0 {
		t.Errorf("acknowledged, but not in the replay: %v", acknowledged)
	}
}

// tear leaves half a line at the journal's end, as a kill in the middle of a
// write does.
func tear(t *testing.T, journal string) {
	t.Helper()
	f, err := os.OpenFile(journal, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.WriteString(`{"segment":{"msn":999999,"ns":2000000000,"date":"2026-03-01T12:00:`)
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
}

// slowAnswers is a store that does what it is told and answers later, or never.
type slowAnswers struct {
	*store
	answer func(ctx context.Context) error
}

func (s slowAnswers) Put(ctx context.Context, key string, body []byte) error {
	if err := s.store.Put(ctx, key, body); err != nil {
		return err
	}
	return s.answer(ctx)
}

func (s slowAnswers) PutIf(ctx context.Context, key string, body []byte, etag string) (string, error) {
	tag, err := s.store.PutIf(ctx, key, body, etag)
	if err != nil {
		return "", err
	}
	if err := s.answer(ctx); err != nil {
		return "", err
	}
	return tag, nil
}

// TestCrashWhileEnding: once End has been written down a broadcast ends, however
// often the process dies before its last playlist is stored.
func TestCrashWhileEnding(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st, dir := newStore(t, t.TempDir()), t.TempDir()
		o := archive.Options{Store: st, Dir: dir, Log: slog.New(slog.DiscardHandler)}
		a := start(t, o)
		s := a.open("demo", "01a")
		s.Add(segment(1))
		a.flush()
		st.before = func(context.Context, string) error { return errors.New("away") }
		s.End()
		time.Sleep(time.Second)
		a.kill()
		if st.playlist("live/demo/index.m3u8").Ended {
			t.Fatal("ended already")
		}
		st.before = nil
		for range 2 { // the second time there is nothing left to do
			a = start(t, o)
			s = a.open("demo", "01a")
			s.Add(segment(2)) // too late
			a.flush()
			a.kill()
			if got := a.Stats(); got.Refused != 1 {
				t.Errorf("%+v", got)
			}
			m := st.playlist("live/demo/01a/vod.m3u8")
			same(t, "replay", names(m), numbers(1, 1))
			if !st.playlist("live/demo/index.m3u8").Ended {
				t.Error("not ended")
			}
		}
		if n := len(st.stored("vod.m3u8")); n != 1 {
			t.Errorf("%d times a replay", n)
		}
	})
}

// TestPlaylistAfterRestart: a crash between segment and playlist is made good by
// the next start, without a new segment.
func TestPlaylistAfterRestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st, dir := newStore(t, t.TempDir()), t.TempDir()
		st.before = func(ctx context.Context, key string) error {
			if filepath.Ext(key) == ".m3u8" {
				return errors.New("away")
			}
			return nil
		}
		o := archive.Options{Store: st, Dir: dir, Window: 12 * time.Second, Log: slog.New(slog.DiscardHandler)}
		a := start(t, o)
		s := a.open("demo", "01a")
		for msn := 1; msn <= 8; msn++ {
			s.Add(segment(msn))
		}
		time.Sleep(time.Second)
		a.kill()
		st.before = nil
		o.Window = time.Hour // does not bring back what was removed
		a = start(t, o)
		a.open("demo", "01a")
		a.flush()
		a.kill()
		same(t, "live", names(st.playlist("live/demo/index.m3u8")), numbers(3, 8))
	})
}

// TestBucket: the same against a real S3 server.
func TestBucket(t *testing.T) {
	g := versity.Here(t)
	bucket, err := storage.NewS3(t.Context(), storage.S3Options{Endpoint: g.Endpoint, Bucket: g.Bucket, Prefix: "shop"})
	if err != nil {
		t.Fatal(err)
	}
	a := start(t, archive.Options{Store: bucket, Dir: t.TempDir()})
	defer a.kill()
	for _, room := range []string{"a", "b", "c"} {
		s := a.open(room, "01a")
		for msn := 1; msn <= 10; msn++ {
			s.Add(segment(msn))
		}
		s.End()
	}
	a.flush()
	for _, room := range []string{"a", "b", "c"} {
		found, err := bucket.List(t.Context(), "live/"+room+"/", "", 0)
		if err != nil || len(found) != 12 {
			t.Errorf("room %s: %d objects, %v", room, len(found), err)
		}
		o, err := bucket.Get(t.Context(), "live/"+room+"/01a/vod.m3u8")
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(o.Body)
		o.Body.Close()
		if err != nil || o.ContentType != "application/vnd.apple.mpegurl" || len(text) == 0 {
			t.Errorf("room %s: replay of type %s, %d bytes: %v", room, o.ContentType, len(text), err)
		}
	}
}
