package broadcast

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"mediad/ingest/ingesttest"
	"mediad/overlay/store"
)

// older is a store that does not keep the end of a broadcast: what a backup looks like
// that was made before it.
type older struct{ Store }

func (older) EndBroadcast(context.Context, string, time.Time, string) error { return nil }

// A database that was restored has a broadcast on air that has ended since. It is ended
// again, and the log has one plain line about the slate that is not stored.
func TestRestoredBroadcastHadEnded(t *testing.T) {
	dir, said := t.TempDir(), new(bytes.Buffer)
	o := Options{
		Lengths: Lengths{Part: 500 * time.Millisecond, Segment: 2 * time.Second, Window: 30 * time.Second, Reconnect: time.Minute},
		Log:     slog.New(slog.NewTextHandler(said, nil)),
	}
	within := func(name string, at time.Duration, through func(*store.Store) Store, do func(t *testing.T, m *Manager)) {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				time.Sleep(at)
				m := newManagerOn(t, dir, o, through)
				ctx, stop := context.WithCancel(t.Context())
				var running sync.WaitGroup
				defer running.Wait()
				defer stop()
				for _, run := range []func(context.Context) error{m.archive.Run, m.spool.Run, m.numbers.Run} {
					running.Go(func() { _ = run(ctx) })
				}
				do(t, m)
			})
		})
	}
	epoch := ""
	within("before", 0, func(s *store.Store) Store { return older{s} }, func(t *testing.T, m *Manager) {
		corn := publish(t, m, "corn")
		epoch = m.Status("corn").Epoch
		ingesttest.Publish(t, corn, 30)
		end(t, m, "corn")
		time.Sleep(time.Minute)
		must(t, m.archive.Flush(t.Context()))
	})
	said.Reset()
	within("after", 3*time.Minute, func(s *store.Store) Store { return s }, func(t *testing.T, m *Manager) {
		if m.Status("corn").Live {
			t.Error("corn is on air")
		}
		if all, err := m.store.OpenBroadcasts(t.Context()); err != nil || len(all) > 0 {
			t.Errorf("on air are %v, %v", all, err)
		}
		if found, err := m.archive.Segments("corn", epoch); err != nil || len(found) == 0 {
			t.Errorf("%d segments are stored, %v", len(found), err)
		}
	})
	log := said.String()
	if n := strings.Count(log, "behind the end of the broadcast"); n != 1 || strings.Contains(log, "level=ERROR") || strings.Contains(log, "level=WARN") {
		t.Errorf("the log says\n%s", log)
	}
}
