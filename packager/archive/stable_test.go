package archive_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"mediad/packager/archive"
	"mediad/storage"
)

const plain = "live/demo/index.m3u8"

// wire carries requests to the store as a test wants.
type wire struct {
	*store
	putIf func(ctx context.Context, body []byte, send func(context.Context) (string, error)) (string, error)
}

func (w wire) PutIf(ctx context.Context, key string, body []byte, etag string) (string, error) {
	return w.putIf(ctx, body, func(ctx context.Context) (string, error) { return w.store.PutIf(ctx, key, body, etag) })
}

// TestLostAnswer: the store has done what was asked, and nobody heard it. It is
// a success without a second put, and no reason to leave the name.
func TestLostAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := newStore(t, t.TempDir())
		var lost atomic.Int64
		w := wire{st, func(ctx context.Context, _ []byte, send func(context.Context) (string, error)) (string, error) {
			tag, err := send(ctx)
			if err == nil && lost.Add(1)%2 == 1 {
				<-ctx.Done()
				return "", ctx.Err()
			}
			return tag, err
		}}
		a := start(t, archive.Options{Store: w, Dir: t.TempDir(), Timeout: 5 * time.Second, Log: slog.New(slog.DiscardHandler)})
		s := a.open("demo", "01a")
		for msn := 1; msn <= 6; msn++ {
			s.Add(segment(msn))
			a.flush()
			same(t, "stored", names(st.playlist(plain)), numbers(1, msn))
		}
		if got, n := a.Stats(), len(st.stored(".m3u8")); n != 6 || got.Displaced != 0 || got.FailedAttempts != 3 {
			t.Errorf("%d playlists, %+v", n, got)
		}
		a.kill()
	})
}

// TestLateRequest: a request that was given up reaches the store after its
// successors, and must not bring its old version back; store sees to that.
func TestLateRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := newStore(t, t.TempDir())
		var n, late, refused atomic.Int64
		w := wire{st, func(ctx context.Context, _ []byte, send func(context.Context) (string, error)) (string, error) {
			if n.Add(1)%3 != 0 {
				return send(ctx)
			}
			time.AfterFunc(20*time.Second, func() {
				late.Add(1)
				if _, err := send(context.Background()); errors.Is(err, storage.ErrChanged) {
					refused.Add(1)
				}
			})
			<-ctx.Done()
			return "", ctx.Err()
		}}
		a := start(t, archive.Options{Store: w, Dir: t.TempDir(), Timeout: 5 * time.Second, Log: slog.New(slog.DiscardHandler)})
		s := a.open("demo", "01a")
		for msn := 1; msn <= 30; msn++ {
			s.Add(segment(msn))
			time.Sleep(2 * time.Second)
		}
		s.End()
		a.flush()
		time.Sleep(time.Minute) // the last ones arrive behind the end
		synctest.Wait()
		same(t, "stored", names(st.playlist(plain)), numbers(16, 30))
		if late.Load() < 3 || refused.Load() != late.Load() {
			t.Errorf("%d came late, %d of them were refused", late.Load(), refused.Load())
		}
		a.kill()
	})
}

// TestLateRequestFirst: the request that was given up arrives before its
// successor. What stands there then is our own older version.
func TestLateRequestFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := newStore(t, t.TempDir())
		var n atomic.Int64
		w := wire{st, func(ctx context.Context, _ []byte, send func(context.Context) (string, error)) (string, error) {
			if n.Add(1) != 2 {
				return send(ctx)
			}
			time.AfterFunc(5*time.Second+time.Millisecond, func() { _, _ = send(context.Background()) })
			<-ctx.Done()
			return "", ctx.Err()
		}}
		a := start(t, archive.Options{Store: w, Dir: t.TempDir(), Timeout: 5 * time.Second, Log: slog.New(slog.DiscardHandler)})
		s := a.open("demo", "01a")
		for msn := 1; msn <= 8; msn++ {
			s.Add(segment(msn))
			time.Sleep(2 * time.Second)
		}
		a.flush()
		same(t, "stored", names(st.playlist(plain)), numbers(1, 8))
		if got := a.Stats(); got.Displaced != 0 || got.FailedAttempts != 1 {
			t.Errorf("%+v", got)
		}
		a.kill()
	})
}

// TestTwoProcesses: of two that write for one room the one that is behind leaves
// the name alone, says so, and everything else of it goes on.
func TestTwoProcesses(t *testing.T) {
	for name, unconditional := range map[string]bool{"conditions": false, "no conditions": true} {
		t.Run(name, func(t *testing.T) {
			st, dir, copied := newStore(t, t.TempDir()), t.TempDir(), t.TempDir()
			var use archive.Store = st
			if unconditional {
				use = withoutConditions(st)
			}
			var log bytes.Buffer
			old := start(t, archive.Options{Store: use, Dir: dir, Log: slog.New(slog.NewTextHandler(&log, nil))})
			defer old.kill()
			stale := old.open("demo", "01a")
			stale.Add(segment(1))
			old.flush()
			if err := os.CopyFS(copied, os.DirFS(dir)); err != nil {
				t.Fatal(err)
			}
			fresh := start(t, archive.Options{Store: use, Dir: copied})
			defer fresh.kill()
			s := fresh.open("demo", "01a")
			for msn := 2; msn <= 5; msn++ {
				s.Add(segment(msn))
			}
			fresh.flush()
			stale.Add(segment(2)) // as if it had slept
			old.flush()
			stale.Add(segment(3))
			old.flush()
			s.Add(segment(6))
			fresh.flush()
			same(t, "stored", names(st.playlist(plain)), numbers(1, 6))
			if was, is := old.Stats(), fresh.Stats(); was.Displaced != 1 || was.Stored != 3 || is.Displaced != 0 {
				t.Errorf("old %+v, new %+v", was, is)
			}
			if n := strings.Count(log.String(), "is not written for this broadcast now"); n != 1 {
				t.Errorf("said %d times that it leaves the name: %s", n, &log)
			}
			if n := strings.Count(log.String(), "read and compared"); (n == 1) != unconditional {
				t.Errorf("said %d times that there are no conditional writes", n)
			}
		})
	}
}

// withoutConditions is a store that has no conditional writes.
func withoutConditions(st *store) wire {
	return wire{st, func(context.Context, []byte, func(context.Context) (string, error)) (string, error) {
		return "", storage.ErrNoConditional
	}}
}

// TestReplayStays: a replay's playlist is not replaced, and one whose answer was
// lost is no error.
func TestReplayStays(t *testing.T) {
	const key = "live/demo/01a/vod.m3u8"
	for name, other := range map[string]bool{"somebody's": true, "our own": false} {
		st := newStore(t, t.TempDir())
		w := wire{st, func(ctx context.Context, body []byte, send func(context.Context) (string, error)) (string, error) {
			if bytes.Contains(body, []byte("PLAYLIST-TYPE:VOD")) {
				if other {
					body = []byte("#EXTM3U\n")
				}
				if err := st.dir.Put(ctx, key, body); err != nil {
					t.Error(err)
				}
			}
			return send(ctx)
		}}
		var log bytes.Buffer
		a := start(t, archive.Options{Store: w, Dir: t.TempDir(), Log: slog.New(slog.NewTextHandler(&log, nil))})
		s := a.open("demo", "01a")
		s.Add(segment(1))
		s.End()
		a.flush()
		a.kill()
		body, _, err := st.Read(t.Context(), key)
		if err != nil || other != (string(body) == "#EXTM3U\n") {
			t.Errorf("%s: %q, %v", name, body, err)
		}
		if other != strings.Contains(log.String(), "another playlist stands there") {
			t.Errorf("%s: the log says %s", name, &log)
		}
	}
}

// TestWhatStandsThere: what a process finds under the stable name decides.
func TestWhatStandsThere(t *testing.T) {
	st := newStore(t, t.TempDir())
	text := func(epoch string, last int, end bool) []byte {
		one := newStore(t, t.TempDir())
		a := start(t, archive.Options{Store: one, Dir: t.TempDir()})
		defer a.kill()
		s := a.open("demo", epoch)
		for msn := 1; msn <= last; msn++ {
			s.Add(segment(msn))
		}
		if end {
			s.End()
		}
		a.flush()
		body, _, err := one.Read(t.Context(), plain)
		if err != nil {
			t.Fatal(err)
		}
		return body
	}
	ours := numbers(1, 4)
	for name, c := range map[string]struct {
		there     []byte // nil: nothing
		displaced bool   // with four segments
	}{
		"nothing":                       {nil, false},
		"ours, older":                   {text("01b", 3, false), false},
		"the same":                      {text("01b", 4, false), false},
		"further":                       {text("01b", 5, false), true},
		"ended":                         {text("01b", 2, true), true},
		"an older broadcast, further":   {text("01a", 9, true), false},
		"an older one, on air":          {text("01a", 9, false), false},
		"a newer broadcast, not as far": {text("01c", 1, false), true},
		"a newer one that has ended":    {text("01c", 9, true), false},
		"no playlist":                   {[]byte("<html>"), false},
		"a playlist of nothing":         {[]byte("#EXTM3U\n#EXT-X-TARGETDURATION:2\n"), false},
	} {
		for _, when := range []string{"first", "later"} {
			file := filepath.Join(t.TempDir(), "objects")
			st = newStore(t, file)
			a := start(t, archive.Options{Store: st, Dir: t.TempDir(), Log: slog.New(slog.DiscardHandler)})
			stand := func() {
				err := st.dir.Delete(t.Context(), plain)
				if c.there != nil {
					err = errors.Join(err, st.dir.Put(t.Context(), plain, c.there))
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			if when == "first" {
				stand()
			}
			// With one segment we are behind what came to three or four, until we are not.
			behind := when == "first" && (name == "ours, older" || name == "the same")
			displaced := c.displaced
			s := a.open("demo", "01b")
			for msn := 1; msn <= 4; msn++ {
				if msn == 2 && behind {
					a.flush()
				}
				if msn == 4 {
					a.flush()
					if when == "later" {
						stand()
					}
				}
				s.Add(segment(msn))
			}
			a.flush()
			body, _, err := st.Read(t.Context(), plain)
			if err != nil {
				t.Fatal(err)
			}
			if displaced != bytes.Equal(body, c.there) && name != "the same" {
				t.Errorf("%s, %s: stands there: %s", name, when, body)
			}
			if !displaced {
				same(t, name, names(st.playlist(plain)), ours)
			}
			if got := a.Stats().Displaced; got == 1 != (displaced || behind) {
				t.Errorf("%s, %s: displaced %d", name, when, got)
			}
			a.kill()
		}
	}
}
