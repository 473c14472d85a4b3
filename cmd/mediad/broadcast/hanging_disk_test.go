package broadcast

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"mediad/ingest/ingesttest"
	"mediad/overlay/api"
	"mediad/overlay/store"
	"mediad/packager/spool"
)

// hangingDisk is the local disk, on which one kind of call hangs for the room corn
// until free is closed.
type hangingDisk struct {
	spool.Local
	call string
	on   chan struct{} // closed when it begins to hang
	free chan struct{}
}

func (d *hangingDisk) at(call, path string) {
	if call != d.call || !strings.Contains(path, "/corn/") {
		return
	}
	select {
	case <-d.on:
		<-d.free
	default:
	}
}

func (d *hangingDisk) Sync(f *os.File) error {
	d.at("sync", f.Name())
	return d.Local.Sync(f)
}

func (d *hangingDisk) Remove(path string) error {
	d.at("remove", path)
	return d.Local.Remove(path)
}

// While the local disk hangs for one room, another room's segments are stored and
// deleted from the spool, and its broadcast is brought to its end. The first room's
// host is told, until the disk answers; then nothing of its broadcast is missing.
func TestOneRoomsDiskHangs(t *testing.T) {
	for _, call := range []string{"sync", "remove"} {
		t.Run(call, func(t *testing.T) {
			dir := t.TempDir()
			disk := &hangingDisk{call: call, on: make(chan struct{}), free: make(chan struct{})}
			m := newManagerOn(t, dir, Options{
				Lengths: Lengths{Part: 500 * time.Millisecond, Segment: 2 * time.Second, Window: 10 * time.Second, Reconnect: time.Minute},
				Log:     slog.New(slog.DiscardHandler),
				Spool:   spool.New(spool.Options{Dir: filepath.Join(dir, "spool"), Disk: disk, Log: slog.New(slog.DiscardHandler)}),
			}, func(s *store.Store) Store { return s })
			ctx, stop := context.WithCancel(t.Context())
			var running sync.WaitGroup
			defer running.Wait()
			defer stop()
			for _, run := range []func(context.Context) error{m.archive.Run, m.spool.Run} {
				running.Go(func() {
					if err := run(ctx); err != nil {
						t.Error(err)
					}
				})
			}
			corn, tea := publish(t, m, "corn"), publish(t, m, "tea")
			epochs := map[string]string{"corn": m.Status("corn").Epoch, "tea": m.Status("tea").Epoch}
			over := func(room string) bool { // all is stored, and nothing waits in the spool
				_, err := os.Stat(filepath.Join(dir, "objects", "live", room, epochs[room], "vod.m3u8"))
				_, left := os.Stat(filepath.Join(dir, "spool", room, epochs[room]))
				return err == nil && errors.Is(left, os.ErrNotExist)
			}
			troubled := func() bool {
				return slices.ContainsFunc(m.Status("corn").Details, func(w api.Warning) bool { return w.Code == "spool" && strings.Contains(w.Text, "does not answer") })
			}
			close(disk.on)
			ingesttest.Publish(t, corn, 60)
			ingesttest.Publish(t, tea, 60)
			onAir := call == "sync"
			if !onAir { // files of a broadcast on air are needed still
				end(t, m, "corn")
			}
			end(t, m, "tea")
			eventually(t, "tea waits for corn's disk", func() bool { return over("tea") })
			eventually(t, "nobody is told of corn's trouble", func() bool { return m.spool.Stats().Troubled == 1 && troubled() == onAir })
			close(disk.free)
			eventually(t, "corn's trouble stays", func() bool { return m.spool.Stats().Troubled == 0 && !troubled() })
			if onAir {
				end(t, m, "corn")
			}
			eventually(t, "corn is not stored", func() bool { return over("corn") })
			if n := m.archive.Stats().GivenUp; n > 0 {
				t.Errorf("%d segments are gaps", n)
			}
		})
	}
}

func eventually(t *testing.T, otherwise string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal(otherwise)
		}
	}
}
