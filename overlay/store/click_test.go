package store_test

import (
	"encoding/json"
	"testing"
	"time"

	"mediad/overlay"
	"mediad/overlay/store"
)

// clicked keeps clicks on the first product, one a minute.
func (f *fixture) clicked(show string, n int) (ids []string) {
	f.t.Helper()
	var all []overlay.Click
	for range n {
		id := f.NewID()
		at, ok := overlay.IDTime(id)
		if !ok {
			f.t.Fatalf("id %q", id)
		}
		all = append(all, overlay.Click{ID: id, Show: show, Product: f.products[0].ID, Rev: 1, At: at})
		ids = append(ids, id)
		f.clock.Add(time.Minute)
	}
	must(f.t, f.AddClicks(f.t.Context(), all))
	return ids
}

func TestClicksAreReadAndSwept(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	b := f.begin()
	begun := f.clock.Now()
	ids := f.clicked(b.Show, 20)
	// A click without its show or product does not spoil a batch.
	must(t, f.AddClicks(ctx, []overlay.Click{{ID: "x", Show: "gone", Product: f.products[0].ID}, {ID: "y", Show: b.Show, Product: "gone"}}))
	counted := func(r store.ClickRange) (n int64) {
		t.Helper()
		r.Show = b.Show
		counts, err := f.CountClicks(ctx, r)
		must(t, err)
		for _, c := range counts {
			n += c.Clicks
		}
		return n
	}
	for _, c := range []struct {
		r    store.ClickRange
		want int64
	}{
		{store.ClickRange{}, 20}, {store.ClickRange{Product: f.products[0].ID}, 20}, {store.ClickRange{Product: f.products[1].ID}, 0},
		{store.ClickRange{From: begun.Add(5 * time.Minute), To: begun.Add(7 * time.Minute)}, 2}, {store.ClickRange{To: begun}, 0},
	} {
		if got := counted(c.r); got != c.want {
			t.Errorf("%+v: %d, want %d", c.r, got, c.want)
		}
	}
	var read []string
	for cursor := ""; len(read) < 20; cursor = read[len(read)-1] {
		page, err := f.Clicks(ctx, store.ClickRange{Show: b.Show}, cursor, 7)
		must(t, err)
		if len(page) == 0 {
			break
		}
		for _, c := range page {
			read = append(read, c.ID)
		}
	}
	if a, w := asJSON(t, read), asJSON(t, ids); a != w {
		t.Errorf("read %s, want %s", a, w)
	}
	// Too old: the first three; too many: all but ten. Counts over all time stay.
	n, err := f.SweepClicks(ctx, begun.Add(3*time.Minute), 0)
	if err != nil || n != 3 || counted(store.ClickRange{To: begun.Add(time.Hour)}) != 17 {
		t.Errorf("swept %d, %v", n, err)
	}
	n, err = f.SweepClicks(ctx, time.Time{}, 10)
	if err != nil || n != 7 || counted(store.ClickRange{To: begun.Add(time.Hour)}) != 10 || counted(store.ClickRange{}) != 20 {
		t.Errorf("swept %d, %v", n, err)
	}
	if total, err := f.ShowClicks(ctx, b.Show); err != nil || total != 20 {
		t.Errorf("%d, %v", total, err)
	}
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	must(t, err)
	return string(text)
}

// A limit that is far exceeded is reached in small transactions.
func TestManyClicksAreSwept(t *testing.T) {
	f := newFixture(t)
	b := f.begin()
	f.clicked(b.Show, 1700)
	if n, err := f.SweepClicks(t.Context(), f.clock.Now(), 100); err != nil || n != 1700 {
		t.Errorf("swept %d, %v", n, err)
	}
	left, err := f.Clicks(t.Context(), store.ClickRange{Show: b.Show}, "", 10)
	if err != nil || len(left) != 0 {
		t.Errorf("%d left, %v", len(left), err)
	}
}
