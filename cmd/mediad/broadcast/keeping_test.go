package broadcast

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"mediad/ingest"
	"mediad/packager/archive"
	"mediad/packager/spool"
)

// The host of a room is told of a full disk, of a store that is behind, and of
// segments that the replay lacks.
func TestKeepingTells(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		quiet := slog.New(slog.DiscardHandler)
		dir := t.TempDir()
		if err := os.MkdirAll(filepath.Join(dir, "demo", "01a"), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink("/dev/full", filepath.Join(dir, "demo", "01a", "1.records")); err != nil {
			t.Fatal(err)
		}
		sp := spool.New(spool.Options{Dir: dir, Log: quiet})
		ar := archive.New(archive.Options{Store: away{}, Dir: t.TempDir(), Spool: sp, MaxQueued: 10, Log: quiet})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 2)
		go func() { done <- sp.Run(ctx) }()
		go func() { done <- ar.Run(ctx) }()
		stored, err := ar.Open("demo", "01a", 2)
		if err != nil {
			t.Fatal(err)
		}
		a := &onAir{stored: stored, spooled: sp.Open(spool.Opening{Room: "demo", Epoch: "01a", Kept: stored.Kept, Left: stored.Left})}
		if got := a.keeping(); len(got) != 0 {
			t.Errorf("at the beginning: %+v", got)
		}
		stored.Add(archive.Segment{MSN: 1, Duration: 2 * time.Second, Date: time.Now(), Data: [][]byte{[]byte("123456")}})
		a.spooled.Part(&spool.Head{MSN: 1, Date: time.Now()}, spool.Part{Number: 1, Duration: ingest.Clock, Target: ingest.Clock, Data: []byte("123456")})
		a.spooled.Close(1, 2*ingest.Clock)
		for end := time.Now().Add(40 * time.Second); time.Now().Before(end); {
			time.Sleep(time.Second)
		}
		codes := func() (out string) {
			for _, w := range a.keeping() {
				out += w.Code + " "
			}
			return out
		}
		if got := codes(); got != "spool storage_behind " {
			t.Errorf("%q: %+v", got, a.keeping())
		}
		stored.Add(archive.Segment{MSN: 2, Duration: 2 * time.Second, Date: time.Now(), Data: [][]byte{[]byte("123456")}})
		if got := codes(); got != "spool storage_given_up " {
			t.Errorf("%q: %+v", got, a.keeping())
		}
		cancel()
		for range 2 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
	})
}

// away is a store that cannot be reached.
type away struct{}

func (away) Put(context.Context, string, []byte) error { return errors.New("unreachable") }

func (away) PutIf(context.Context, string, []byte, string) (string, error) {
	return "", errors.New("the store is away")
}

func (away) Read(context.Context, string) ([]byte, string, error) {
	return nil, "", errors.New("the store is away")
}
