package store_test

import (
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"mediad/overlay"
)

// TestClickers: viewers who clicked are counted once, whatever they click, live and in the
// recording apart; a click that says no viewer is one of its own; of a show with clicks from
// before viewers were counted they are not known.
func TestClickers(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	b := f.begin()
	f.pin(0)
	f.pin(1)
	clicks := func(viewers ...uint64) {
		var all []overlay.Click
		for n, v := range viewers {
			all = append(all, overlay.Click{ID: f.NewID(), Show: b.Show, Product: f.products[n%2].ID, Rev: 1, At: f.clock.Now(), Viewer: v})
		}
		must(t, f.AddClicks(ctx, all))
	}
	want := func(total, live, replay int64) {
		t.Helper()
		r, err := f.Report(ctx, b.Show, overlay.Everything(), true)
		must(t, err)
		if r.Total.Clickers == nil || *r.Total.Clickers != total || *r.Live.Clickers != live || *r.Replay.Clickers != replay {
			t.Errorf("%v, %v and %v clicked; want %d, %d and %d", show(r.Total.Clickers), show(r.Live.Clickers), show(r.Replay.Clickers), total, live, replay)
		}
	}
	want(0, 0, 0)
	clicks(1<<63, 1<<63, 1<<60, 1<<61)
	clicks(1<<60, 1<<60)
	want(3, 3, 0)
	clicks(0, 0)
	want(5, 5, 0)
	must(t, f.EndBroadcast(ctx, b.Epoch, f.clock.Now(), "test"))
	_, err := f.EndShow(ctx, "corn")
	must(t, err)
	f.clock.Add(time.Minute)
	clicks(1<<63, 1<<59)
	want(6, 5, 1)

	for range 6 {
		clicks(make([]uint64, 4000)...)
	}
	r, err := f.Report(ctx, b.Show, overlay.Everything(), true)
	must(t, err)
	if n := *r.Total.Clickers; n < 23_000 || n > 25_000 {
		t.Errorf("of 24,006 viewers %d are counted", n)
	}
	if f.url != "" {
		return // the rows below are written to a file
	}
	must(t, f.Close())
	db, err := sql.Open("sqlite3", filepath.Join(f.dir, "mediad.db"))
	must(t, err)
	_, err = db.Exec(`UPDATE click_count SET counted = counted - 1`)
	must(t, err)
	must(t, db.Close())
	f.open()
	if r, err = f.Report(ctx, b.Show, overlay.Everything(), true); err != nil || r.Total.Clickers != nil || r.Live.Clickers != nil {
		t.Errorf("with clicks from before: %+v, %v", r.Total, err)
	}
}

func show(n *int64) any {
	if n == nil {
		return "unknown"
	}
	return *n
}
