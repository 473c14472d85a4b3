package store_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"mediad/overlay"
	"mediad/overlay/store"
)

// putBack puts a copy of the database in its place, as docs/operate.md says.
func putBack(t *testing.T, copied, dir string) {
	t.Helper()
	for _, name := range []string{"mediad.db-wal", "mediad.db-shm"} {
		if err := os.Remove(filepath.Join(dir, name)); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(copied)
	must(t, err)
	must(t, os.WriteFile(filepath.Join(dir, "mediad.db"), text, 0o600))
}

// TestRestoredGoesAbove: shows and broadcasts that were open when a copy was
// made go on above every number that was used after it, on the same machine and
// on a new one. A start without a restore changes nothing.
func TestRestoredGoesAbove(t *testing.T) {
	for name, fresh := range map[string]bool{"same machine": false, "new machine": true} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			ctx := t.Context()
			b := f.begin()
			f.pin(0)
			copied, err := store.Backup(ctx, store.BackupOptions{Dir: f.dir, Target: filepath.Join(t.TempDir(), "shop.db")})
			must(t, err)

			var last uint64
			for i := range 50 {
				c, err := f.AddCue(ctx, "corn", overlay.NewCue{Kind: overlay.KindNotice, Text: "hello"}, overlay.At{}, store.Once{})
				must(t, err)
				last = c.Seq
				f.clock.Add(100 * time.Millisecond)
				price := int64(1000 + i)
				if _, err := f.UpdateProduct(ctx, "SKU-0", overlay.ProductChange{Price: &price}); err != nil {
					t.Fatal(err)
				}
			}
			seen, err := f.GetProduct(ctx, "SKU-0", 0)
			must(t, err)
			must(t, f.Reserve(ctx, b.Epoch, overlay.Numbers{MSN: 140, Part: 9000, Discontinuities: 3}))
			must(t, f.Close())

			dir := f.dir
			if fresh {
				dir = t.TempDir()
				must(t, os.Rename(filepath.Join(f.dir, "secret.key"), filepath.Join(dir, "secret.key")))
			}
			putBack(t, copied.Database, dir)
			s, err := store.Open(ctx, store.Options{Dir: dir, Now: f.clock.Now})
			must(t, err)
			r := s.Restored()
			if r == nil || fresh != (r.Lost == 0) || !r.Since.Equal(b.Anchor) {
				t.Fatalf("restored: %+v", r)
			}
			show, err := s.GetShow(ctx, b.Show)
			must(t, err)
			if show.Seq <= last || show.State != overlay.ShowLive {
				t.Errorf("the show goes on with %d in state %s; players have %d", show.Seq, show.State, last)
			}
			// The event of the restore has the present state.
			list, err := s.After(ctx, b.Show, last, 10)
			must(t, err)
			var state struct {
				Seq    uint64 `json:"seq"`
				Pinned []any  `json:"pinned"`
			}
			if len(list) != 1 || list[0].Seq != show.Seq || json.Unmarshal(list[0].State, &state) != nil || state.Seq != show.Seq || len(state.Pinned) != 1 {
				t.Errorf("behind it the log has %+v", list)
			}
			c, err := s.AddCue(ctx, "corn", overlay.NewCue{Kind: overlay.KindNotice, Text: "hello"}, overlay.At{}, store.Once{})
			if err != nil || c.Seq != show.Seq+1 {
				t.Errorf("the next cue is %+v, %v", c, err)
			}
			price := int64(1)
			p, err := s.UpdateProduct(ctx, "SKU-0", overlay.ProductChange{Price: &price})
			if err != nil || p.Rev <= seen.Rev {
				t.Errorf("the next revision is %d, and caches have %d: %v", p.Rev, seen.Rev, err)
			}
			price = 2
			again, err := s.UpdateProduct(ctx, "SKU-0", overlay.ProductChange{Price: &price})
			if err != nil || again.Rev != p.Rev+1 {
				t.Errorf("the one after it is %d, want %d: %v", again.Rev, p.Rev+1, err)
			}
			must(t, s.EndBroadcast(ctx, b.Epoch, f.clock.Now(), "test"))
			next, err := s.BeginBroadcast(ctx, "corn", f.clock.Now())
			must(t, err)
			if next.Numbers.MSN < 10 { // two a second
				t.Errorf("the room's next broadcast begins with segment %d", next.Numbers.MSN)
			}
			show, err = s.GetShow(ctx, b.Show)
			must(t, err)
			must(t, s.Close())

			// From here on the copy is the database of this directory.
			s, err = store.Open(ctx, store.Options{Dir: dir, Now: f.clock.Now})
			must(t, err)
			f.Store, f.lifted = s, true // closed with the fixture
			after, err := s.GetShow(ctx, b.Show)
			if err != nil || after.Seq != show.Seq || s.Restored() != nil {
				t.Errorf("started once more: seq %d and not %d, restored %+v, %v", after.Seq, show.Seq, s.Restored(), err)
			}
		})
	}
}

// TestWitnessIsNoMeasure: a witness with a smaller number, as after a power
// failure or after a command, does not mean a restore.
func TestWitnessIsNoMeasure(t *testing.T) {
	f := newFixture(t)
	b := f.begin()
	f.pin(0)
	must(t, f.Close())
	file := filepath.Join(f.dir, "mediad.commits")
	must(t, os.WriteFile(file, []byte("00000000000000000001\n"), 0o600))
	s, err := store.Open(t.Context(), f.options())
	must(t, err)
	if s.Restored() != nil {
		t.Errorf("restored: %+v", s.Restored())
	}
	show, err := s.GetShow(t.Context(), b.Show)
	if err != nil || show.Seq != 2 {
		t.Errorf("seq %d, %v", show.Seq, err)
	}
	f.Store = s // closed with the fixture
}
