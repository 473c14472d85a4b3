package store_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mediad/overlay"
	"mediad/overlay/store"
)

// formerDatabase makes a data directory as the version with schema 23 left it when
// it was killed: a show is over, another is on air in the room corn, and the room
// tea waits for its publisher.
func formerDatabase(t *testing.T) (dir string, now func() time.Time) {
	t.Helper()
	dir = t.TempDir()
	dump, err := os.ReadFile("testdata/v00023_on_air.sql")
	must(t, err)
	db, err := sql.Open("sqlite3", filepath.Join(dir, "mediad.db"))
	must(t, err)
	_, err = db.ExecContext(t.Context(), string(dump))
	must(t, err)
	must(t, db.Close())
	for name, text := range map[string]string{
		"secret.key":     "2739f514bebcac6315b3e51e6e6dac4be2ce02f0b5af8fd1122dedccf7a6e3e7\n",
		"mediad.commits": "00000000000000000002\n",
	} {
		must(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	return dir, func() time.Time { return time.Date(2026, 3, 1, 21, 3, 20, 0, time.UTC) }
}

// formerEvent is a row of the log as it was before events had an audience.
type formerEvent struct {
	Show, ID, Kind, Payload, State string
	Seq                            uint64
	At                             int64
	NotBefore                      sql.NullInt64
	Product, Landed                sql.NullString
}

func formerLog(t *testing.T, dir string) (list []formerEvent) {
	t.Helper()
	db, err := sql.Open("sqlite3", filepath.Join(dir, "mediad.db"))
	must(t, err)
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), `SELECT show, seq, id, kind, at, not_before, product, payload, state, landed FROM event ORDER BY show, seq`)
	must(t, err)
	defer rows.Close()
	for rows.Next() {
		var e formerEvent
		must(t, rows.Scan(&e.Show, &e.Seq, &e.ID, &e.Kind, &e.At, &e.NotBefore, &e.Product, &e.Payload, &e.State, &e.Landed))
		list = append(list, e)
	}
	must(t, rows.Err())
	return list
}

// TestUpgradeOnAir: every event keeps its bytes and its number, the broadcasts
// continue after the same event, and cues from before the upgrade happen after
// it.
func TestUpgradeOnAir(t *testing.T) {
	dir, now := formerDatabase(t)
	former := formerLog(t, dir)
	ctx := t.Context()
	s, err := store.Open(ctx, store.Options{Dir: dir, Now: now})
	must(t, err)
	f := &fixture{Store: s, t: t, dir: dir, clock: newClock()}
	defer func() {
		f.checkInvariants()
		must(t, f.Close())
	}()
	if s.Restored() != nil {
		t.Errorf("it is taken for a copy: %+v", s.Restored())
	}
	if copies, err := filepath.Glob(filepath.Join(dir, "backups", "migration-v00023-*.db")); err != nil || len(copies) != 1 {
		t.Errorf("copies from before: %v, %v", copies, err)
	}

	shows := map[string]int{}
	for _, e := range former {
		shows[e.Show]++
	}
	if len(former) != 14 || len(shows) != 3 {
		t.Fatalf("%d former events in %d shows", len(former), len(shows))
	}
	var upgraded []overlay.Event
	for _, e := range former {
		if e.Seq == 1 {
			list, err := s.After(ctx, e.Show, 0, 100)
			must(t, err)
			upgraded = append(upgraded, list...)
		}
	}
	landed := 0
	for i, e := range upgraded {
		was := former[i]
		if e.Audience != overlay.ForPicture || e.Pos != was.Seq || e.Seq != was.Seq || e.Show != was.Show || e.ID != was.ID || string(e.Kind) != was.Kind ||
			e.At.UnixMilli() != was.At || e.NotBefore.IsZero() == was.NotBefore.Valid || e.Product != was.Product.String ||
			string(e.Payload) != was.Payload || string(e.State) != was.State || (e.Landed == nil) == was.Landed.Valid {
			t.Errorf("was  %+v,\nis   %+v", was, e)
		}
		if e.Landed != nil {
			landed++
		}
	}
	if len(upgraded) != len(former) || landed != 6 {
		t.Errorf("%d events of %d, %d landed", len(upgraded), len(former), landed)
	}

	corn, err := s.BeginBroadcast(ctx, "corn", now())
	must(t, err)
	var custom formerEvent // the last that landed in corn's broadcast
	for _, e := range former {
		if e.Show == corn.Show && e.Landed.Valid {
			custom = e
		}
	}
	if !corn.Resumed || corn.Seq != custom.Seq || string(corn.State) != custom.State || corn.Numbers.MSN != 200 || corn.Numbers.Part != 900 {
		t.Errorf("corn goes on with %+v", corn)
	}
	missed, err := s.PictureAfter(ctx, corn.Show, corn.Seq, 100)
	must(t, err)
	if got := kinds(missed); got != "product.pin product.unpin product.pin" {
		t.Errorf("the stream still has to get %s", got)
	}
	tea, err := s.BeginBroadcast(ctx, "tea", now())
	must(t, err)
	if !tea.Resumed || tea.Seq != 2 {
		t.Errorf("tea goes on with %+v", tea)
	}

	// A repeated request gets its first answer.
	again, err := s.Pin(ctx, "corn", "D", overlay.At{}, store.Once{Key: "a key", Body: [32]byte{7}})
	must(t, err)
	if again.Seq != 3 || again.Show != corn.Show {
		t.Errorf("the answer was seq 3, and now is %+v", again)
	}
	// A scheduled cue gets the next number of the picture, whatever events hosts get
	// before.
	later, err := s.Pin(ctx, "corn", "C", overlay.At{Form: overlay.AtDelay, Delay: time.Hour}, store.Once{})
	must(t, err)
	due, err := s.MakeDue(ctx, corn.Show, now().Add(25*time.Second))
	must(t, err)
	if got := kinds(due); got != "product.pin" || due[0].Seq != 10 {
		t.Errorf("due are %s, %+v", got, due)
	}
	_, err = s.EndShow(ctx, "corn")
	must(t, err)
	log, err := s.After(ctx, corn.Show, 8, 100)
	must(t, err)
	type place struct {
		Kind     overlay.Kind
		Pos, Seq uint64
	}
	var got []place
	for _, e := range log {
		got = append(got, place{e.Kind, e.Pos, e.Seq})
	}
	want := []place{{"cue.scheduled", 9, 0}, {"product.unpin", 10, 9}, {"product.pin", 11, 10}, {"cue.cancelled", 12, 0}, {"show.end", 13, 11}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("behind the upgrade the log has (-want +got):\n%s", diff)
	}
	if c, err := s.GetCue(ctx, "corn", later.ID); err != nil || c.Status != overlay.CueCancelled {
		t.Errorf("what waited for later is %+v, %v", c, err)
	}
}
