package parts_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"mediad/cmd/mediad/parts"
)

func untilTheEnd(ctx context.Context) error { <-ctx.Done(); return nil }

func TestPartsEnd(t *testing.T) {
	broken := errors.New("broken")
	for name, c := range map[string]struct {
		run   func(ctx context.Context, free <-chan struct{}) error // beside a part that ends in time
		stop  bool                                                  // by ctx, after an hour
		took  time.Duration
		hangs bool
		err   error
	}{
		"all in time":               {func(ctx context.Context, _ <-chan struct{}) error { return untilTheEnd(ctx) }, true, time.Hour, false, nil},
		"one takes a second":        {func(ctx context.Context, _ <-chan struct{}) error { <-ctx.Done(); time.Sleep(time.Second); return nil }, true, time.Hour + time.Second, false, nil},
		"one hangs":                 {func(_ context.Context, free <-chan struct{}) error { <-free; return nil }, true, time.Hour + 3*time.Second, true, nil},
		"one fails":                 {func(context.Context, <-chan struct{}) error { return broken }, false, 0, false, broken},
		"one fails after its order": {func(ctx context.Context, _ <-chan struct{}) error { <-ctx.Done(); return broken }, true, time.Hour, false, broken},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, stop := context.WithCancel(t.Context())
				defer stop()
				var said bytes.Buffer
				free := make(chan struct{})
				defer close(free)
				g, _ := parts.New(ctx, slog.New(slog.NewTextHandler(&said, nil)))
				g.Go("the quick one", untilTheEnd)
				g.Go("the spool", func(ctx context.Context) error { return c.run(ctx, free) })
				if c.stop {
					time.AfterFunc(time.Hour, stop)
				}
				began := time.Now()
				err := g.Wait(3 * time.Second)
				if took := time.Since(began); took != c.took {
					t.Errorf("took %v", took)
				}
				if errors.Is(err, parts.ErrHangs) != c.hangs || c.hangs && !strings.HasSuffix(err.Error(), "for the spool") {
					t.Errorf("said %v", err)
				}
				if n := strings.Count(said.String(), "level=ERROR"); c.hangs && n != 1 || !c.hangs && n > 0 {
					t.Errorf("the log says %q", said.String())
				}
				if !c.hangs && !errors.Is(err, c.err) {
					t.Errorf("%v", err)
				}
			})
		})
	}
}

func TestWithin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broken, free := errors.New("broken"), make(chan struct{})
		defer close(free)
		if err := parts.Within(time.Second, "the database", slog.New(slog.DiscardHandler), func() error { return broken }); err != broken {
			t.Error(err)
		}
		err := parts.Within(time.Second, "the database", slog.New(slog.DiscardHandler), func() error { <-free; return nil })
		if !errors.Is(err, parts.ErrHangs) || !strings.Contains(err.Error(), "the database") {
			t.Error(err)
		}
	})
}
