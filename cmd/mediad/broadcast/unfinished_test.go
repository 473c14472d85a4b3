package broadcast

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"mediad/ingest/ingesttest"
	"mediad/overlay/store"
)

// TestJournalGoneWhileTheSpoolIsThere: a journal is empty or missing while the spool has
// segments that the store does not have yet. The log says so in words, and the
// segments are stored all the same.
func TestJournalGoneWhileTheSpoolIsThere(t *testing.T) {
	empty := func(journal string) error { return os.Truncate(journal, 0) }
	for name, c := range map[string]struct {
		spoil func(journal string) error
		ended bool
		said  string // level and words
	}{
		"emptied, on air": {empty, false, `level=WARN msg="the journal of a broadcast on air is gone or empty; the spool has the whole broadcast`},
		"removed, on air": {os.Remove, false, `level=WARN msg="the journal of a broadcast on air is gone or empty; the spool has the whole broadcast`},
		"emptied, ended":  {empty, true, `level=ERROR msg="the journal of a broadcast that has ended is gone or empty, and data_dir still has segments`},
		"removed, ended":  {os.Remove, true, `level=ERROR msg="the journal of a broadcast that has ended is gone or empty, and data_dir still has segments`},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			log := new(bytes.Buffer)
			o := Options{
				Lengths: Lengths{Part: 500 * time.Millisecond, Segment: 2 * time.Second, Window: 30 * time.Second, Reconnect: time.Minute},
				Log:     slog.New(slog.NewTextHandler(log, nil)),
			}
			with := func(name string, do func(t *testing.T, m *Manager, rows *store.Store), parts ...func(*Manager, context.Context) error) {
				t.Run(name, func(t *testing.T) {
					var rows *store.Store
					m := newManagerOn(t, dir, o, func(s *store.Store) Store { rows = s; return s })
					ctx, stop := context.WithCancel(t.Context())
					var running sync.WaitGroup
					defer running.Wait()
					defer stop()
					for _, run := range parts {
						running.Go(func() {
							if err := run(m, ctx); err != nil {
								t.Error(err)
							}
						})
					}
					do(t, m, rows)
				})
			}
			eventually := func(t *testing.T, what string, ok func() bool) {
				t.Helper()
				for end := time.Now().Add(20 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
					if time.Now().After(end) {
						t.Fatal(what)
					}
				}
			}
			journals := filepath.Join(dir, "spool", "tea", "*.journal")
			media := filepath.Join(dir, "spool", "tea", "*", "*.ts")
			count := func(pattern string) int { found, _ := filepath.Glob(pattern); return len(found) }
			spool := func(m *Manager, ctx context.Context) error { return m.spool.Run(ctx) }
			archive := func(m *Manager, ctx context.Context) error { return m.archive.Run(ctx) }

			had := 0
			with("before", func(t *testing.T, m *Manager, rows *store.Store) { // nothing was put into the store
				ingesttest.Publish(t, publish(t, m, "tea"), 20)
				if c.ended {
					end(t, m, "tea")
				}
				eventually(t, "no numbers are reserved", func() bool {
					all, err := rows.AllBroadcasts(t.Context())
					return err == nil && len(all) == 1 && all[0].Numbers.Target > 0
				})
				eventually(t, "nothing is spooled", func() bool { had = count(media); return had >= 2 })
			}, spool, (*Manager).Run)
			found, err := filepath.Glob(journals)
			if err != nil || len(found) != 1 {
				t.Fatal(found, err)
			}
			if err := c.spoil(found[0]); err != nil {
				t.Fatal(err)
			}
			log.Reset()
			with("after", func(t *testing.T, m *Manager, _ *store.Store) {
				eventually(t, "the segments are not stored", func() bool {
					return count(filepath.Join(dir, "objects", "live", "tea", "*", "main", "*.ts")) >= had
				})
			}, spool, archive)
			if !strings.Contains(log.String(), c.said) {
				t.Errorf("the log does not say %s:\n%s", c.said, log)
			}
		})
	}
}
