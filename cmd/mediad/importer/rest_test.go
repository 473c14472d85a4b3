package importer

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"mediad/overlay"
	"mediad/overlay/store"
	"mediad/overlay/store/storetest"
)

// TestRest: while somebody streams, a step is followed by a longer rest, which an end of
// the server cuts off. When nobody does, the work goes on at once.
func TestRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		streams := true
		rest := Rest(func() bool { return streams })
		for _, c := range []struct {
			streams      bool
			worked, want time.Duration
		}{{true, 20 * time.Millisecond, 80 * time.Millisecond}, {true, time.Minute, time.Second}, {false, time.Minute, 0}} {
			streams = c.streams
			from := time.Now()
			rest(t.Context(), c.worked)
			if got := time.Since(from); got != c.want {
				t.Errorf("streams: %v; after %v of work it rested %v, want %v", c.streams, c.worked, got, c.want)
			}
		}
		streams = true
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
		defer cancel()
		from := time.Now()
		if rest(ctx, time.Minute); time.Since(from) != 10*time.Millisecond {
			t.Errorf("it rested for %v behind its end", time.Since(from))
		}
	})
}

// TestImportsRest: an import rests behind each of its steps, from the first row to the
// last, whichever database it works on.
func TestImportsRest(t *testing.T) {
	storetest.OnBoth(t, func(t *testing.T, o store.Options) {
		var rests atomic.Int64
		rest := func(context.Context, time.Duration) { rests.Add(1) }
		o.Rest = rest
		s := open(t, o)
		defer func() { must(t, s.Close()) }()
		i := New(Options{Store: s, Dir: filepath.Join(t.TempDir(), "imports"), Log: slog.New(slog.DiscardHandler), Rest: rest})
		ctx := t.Context()
		var file strings.Builder
		file.WriteString("sku,title,price\n")
		for n := range 4 * batch {
			fmt.Fprintf(&file, "P%d,Corn %d,1.90\n", n, n)
		}
		job, err := i.Upload(ctx, overlay.Import{Org: "home", Currency: "CNY", DryRun: true}, strings.NewReader(file.String()), "test", store.Once{})
		must(t, err)
		for _, state := range []overlay.ImportState{overlay.ImportReady, overlay.ImportApplied} {
			before := rests.Load()
			must(t, i.work(ctx))
			after, err := s.Import(ctx, job.ID)
			must(t, err)
			if after.State != state {
				t.Fatalf("the import is %s (%s), want %s", after.State, after.Problem, state)
			}
			if n := rests.Load() - before; n < 4 {
				t.Errorf("until it was %s, the import of %d rows rested %d times", state, 4*batch, n)
			}
			if state == overlay.ImportReady {
				_, err = s.ConfirmImport(ctx, job.ID, nil, "test")
				must(t, err)
			}
		}
	})
}
