package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mediad/overlay"
	"mediad/overlay/store"
)

// anAudience keeps sums of a show, with a product of it.
func anAudience(t *testing.T, s *store.Store, b before) {
	t.Helper()
	ctx := context.Background()
	for show := range b.History {
		products, err := s.ShownProducts(ctx, show)
		must(t, err)
		w := overlay.Watched{Show: show, Likes: 3, Time: time.Minute, Peak: 2, Views: 2, Numbers: []uint64{1 << 62}, Impressions: map[string]int64{},
			Minutes: map[overlay.Minute]overlay.Watch{{Replay: true, N: 2}: {Time: time.Minute, Views: 2, Effective: 1, Likes: 3}}}
		for id := range products {
			w.Impressions[id] = 7
			must(t, s.AddClicks(ctx, []overlay.Click{{ID: s.NewID(), Show: show, Product: id, Rev: 1, At: time.UnixMilli(b.Now), Viewer: 1 << 62}}))
		}
		must(t, s.AddWatched(ctx, []overlay.Watched{w}))
	}
}

func TestWatched(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	b := f.begin()
	shown, hidden := f.products[0].ID, f.products[1].ID
	f.pin(0)
	add := func(likes, peak int64) {
		t.Helper()
		must(t, f.AddWatched(ctx, []overlay.Watched{
			{Show: b.Show, Likes: likes, Shares: 2, Came: 5, Time: 90 * time.Second, Peak: peak, Impressions: map[string]int64{shown: 2, hidden: 5, "gone": 1}},
			{Show: "gone", Likes: 1, Impressions: map[string]int64{shown: 2}},
		}))
	}
	add(3, 9)
	add(4, 8)
	got, err := f.Watched(ctx, b.Show)
	must(t, err)
	want := overlay.Watched{Show: b.Show, Likes: 7, Shares: 4, Came: 10, Time: 3 * time.Minute, Peak: 9, Impressions: map[string]int64{shown: 4}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if none, err := f.Watched(ctx, "gone"); err != nil || none.Likes != 0 || len(none.Impressions) != 0 {
		t.Errorf("%+v, %v", none, err)
	}
}

// Viewers cannot have seen what a show has not revealed, so nothing is counted for it.
func TestWatchedIsWhatWasRevealed(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	show := f.plan("Harvest", time.Hour).ID
	reveal := f.clock.Now().Add(90 * time.Minute)
	_, err := f.SetLineup(ctx, show, overlay.NewLineup{Lines: []overlay.Line{{Product: "SKU-0"}, {Product: "SKU-1", Reveal: reveal}, {Product: "SKU-2"}}}, "anna")
	must(t, err)
	f.clock.Add(time.Hour)
	f.begin()
	f.pin(2)
	want := map[string]int64{}
	seen := func(products ...int) {
		t.Helper()
		all := map[string]int64{}
		for _, p := range f.products {
			all[p.ID] = 1
		}
		must(t, f.AddWatched(ctx, []overlay.Watched{{Show: show, Impressions: all}}))
		known := map[string]bool{}
		for _, i := range products {
			want[f.products[i].ID]++
			known[f.products[i].ID] = true
		}
		got, err := f.Watched(ctx, show)
		must(t, err)
		if diff := cmp.Diff(want, got.Impressions); diff != "" {
			t.Error(diff)
		}
		revealed, err := f.RevealedIDs(ctx, show)
		must(t, err)
		if diff := cmp.Diff(known, revealed); diff != "" {
			t.Error(diff)
		}
	}
	seen(2)
	f.clock.Add(time.Hour)
	seen(1, 2)
}
