package archive_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"mediad/packager/archive"
)

// far is a store that takes what it is given, each after the same time.
type far time.Duration

func (f far) wait(ctx context.Context) error {
	select {
	case <-time.After(time.Duration(f)):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (f far) Put(ctx context.Context, _ string, _ []byte) error { return f.wait(ctx) }

func (f far) PutIf(ctx context.Context, _ string, _ []byte, _ string) (string, error) {
	return "tag", f.wait(ctx)
}

func (f far) Read(ctx context.Context, _ string) ([]byte, string, error) {
	return nil, "", fs.ErrNotExist
}

// TestPace: a store that is slow to answer is kept up with, by many streams and
// by one whose segments last shorter than an answer takes.
func TestPace(t *testing.T) {
	for _, c := range []struct {
		streams      int
		put, segment time.Duration
		rounds       int
	}{
		{20, 2 * time.Second, 2 * time.Second, 30},
		{220, 100 * time.Millisecond, 2 * time.Second, 10},
		{100, 200 * time.Millisecond, 2 * time.Second, 15},
		{1, 1200 * time.Millisecond, time.Second, 60},
	} {
		t.Run(fmt.Sprintf("%d streams, %v, %v", c.streams, c.put, c.segment), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a := start(t, archive.Options{Store: far(c.put), Dir: t.TempDir(), Log: slog.New(slog.DiscardHandler)})
				defer a.kill()
				streams := make([]*archive.Recorder, c.streams)
				for i := range streams {
					streams[i] = a.open(fmt.Sprintf("room%d", i), "01a")
				}
				for msn := 1; msn <= c.rounds; msn++ {
					for _, s := range streams { // one after the other, as encoders begin
						seg := segment(msn)
						seg.Duration = c.segment
						s.Add(seg)
						time.Sleep(c.segment / time.Duration(c.streams))
					}
				}
				if got := a.Stats(); got.Lag > c.put+c.segment || got.QueuedSegments > 3*c.streams {
					t.Errorf("after %d segments of each %d wait, the oldest for %v", c.rounds, got.QueuedSegments, got.Lag)
				}
			})
		})
	}
}

// TestTroubleIsNotMultiplied: behind a segment that fails none is begun, and
// what was put before its turn is written down in its turn.
func TestTroubleIsNotMultiplied(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := newStore(t, t.TempDir())
		var down atomic.Bool
		down.Store(true)
		st.before = func(_ context.Context, key string) error {
			if down.Load() && strings.HasSuffix(key, ".ts") {
				return errors.New("away")
			}
			if strings.HasSuffix(key, "/2.ts") {
				time.Sleep(10 * time.Second)
			}
			return nil
		}
		a := start(t, archive.Options{Store: st, Dir: t.TempDir(), Log: slog.New(slog.DiscardHandler)})
		defer a.kill()
		s := a.open("demo", "01a")
		s.Add(segment(1))
		synctest.Wait()
		for msn := 2; msn <= 8; msn++ {
			s.Add(segment(msn))
		}
		time.Sleep(time.Minute)
		if n := len(st.tried("live/demo/01a/main/2.ts")); n != 0 {
			t.Errorf("the second was tried %d times while the first failed", n)
		}
		down.Store(false)
		for len(st.stored(".ts")) < 4 {
			time.Sleep(time.Second)
		}
		same(t, "at once", st.stored(".ts")[:1], []string{"live/demo/01a/main/1.ts"})
		if records, err := a.Segments("demo", "01a"); err != nil || len(records) != 1 {
			t.Errorf("%d are written down before the second is there: %v", len(records), err)
		}
		a.flush()
		same(t, "live", names(st.playlist(plain)), numbers(1, 8))
	})
}
