package store

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// BenchmarkDurable measures small durable actions of several callers at once: as
// the store commits them, and in comparison with one transaction for each. Only
// the ratio means something on another machine.
func BenchmarkDurable(b *testing.B) {
	for _, callers := range []int{1, 8, 64} {
		b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) {
			s := openTest(b)
			if _, err := s.writer.Exec(`CREATE TABLE bench(n INTEGER PRIMARY KEY, text TEXT)`); err != nil {
				b.Fatal(err)
			}
			ctx := context.Background()
			insert := func(t *tx) error {
				_, err := t.ExecContext(ctx, `INSERT INTO bench(text) VALUES ('an action of a usual size, or nearly')`)
				return err
			}
			// In turns, so that both have the same disk.
			var grouped, alone time.Duration
			const turns = 4
			for range turns {
				grouped += spread(b, callers, b.N/turns+1, func() error { return s.write(ctx, insert) })
				alone += spread(b, callers, b.N/turns+1, func() error { return s.writeAlone(ctx, insert) })
			}
			n := float64(turns * (b.N/turns + 1))
			b.ReportMetric(n/grouped.Seconds(), "grouped/s")
			b.ReportMetric(n/alone.Seconds(), "alone/s")
			b.ReportMetric(alone.Seconds()/grouped.Seconds(), "ratio")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// spread does n actions from several callers and returns how long that took.
func spread(b *testing.B, callers, n int, do func() error) time.Duration {
	return spreadOver(b, callers, n, func(int64) error { return do() })
}

// spreadOver is spread for actions with numbers.
func spreadOver(b *testing.B, callers, n int, do func(int64) error) time.Duration {
	var left atomic.Int64
	left.Store(int64(n))
	begun := time.Now()
	var wg sync.WaitGroup
	for range callers {
		wg.Go(func() {
			for {
				i := left.Add(-1)
				if i < 0 {
					return
				}
				if err := do(i); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	return time.Since(begun)
}

// writeAlone is write as it was before: one transaction for each action.
func (s *Store) writeAlone(ctx context.Context, do func(*tx) error) error {
	conn, err := s.writer.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, `BEGIN IMMEDIATE`); err != nil {
		return err
	}
	if err := do(&tx{conn: conn, s: s, ctx: ctx, now: s.now()}); err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, `COMMIT`)
	return err
}
