package store

import (
	"testing"
	"time"

	"mediad/overlay"
)

// TestFeedsAreDue: a feed begins an import at once, then each time that it is due; never
// while its last one goes on, and not while it pauses.
func TestFeedsAreDue(t *testing.T) {
	now := time.Now().UTC().Truncate(time.Millisecond)
	s, ctx := openTest(t), t.Context()
	s.now = func() time.Time { return now }
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	f, err := s.CreateFeed(ctx, overlay.Feed{Org: "home", URL: "https://shop.example/feed", Hours: 6, Currency: "EUR"}, "ann", Once{})
	must(err)
	if _, err := s.CreateFeed(ctx, overlay.Feed{Org: "home", URL: f.URL}, "ann", Once{}); overlay.CodeOf(err) != overlay.Conflict {
		t.Errorf("a second time: %v", err)
	}
	step := func(begins bool, next time.Time) overlay.Feed {
		t.Helper()
		before, err := s.Feed(ctx, f.ID)
		must(err)
		due, err := s.StartFeeds(ctx)
		must(err)
		after, err := s.Feed(ctx, f.ID)
		must(err)
		if !due.Equal(next) || !after.Next.Equal(next) {
			t.Errorf("next is %v and %v, want %v", due, after.Next, next)
		}
		if begun := after.Last != nil && (before.Last == nil || after.Last.ID != before.Last.ID); begun != begins {
			t.Errorf("it began an import: %t, want %t", begun, begins)
		}
		return after
	}
	at := step(true, now.Add(6*time.Hour))
	open, err := s.OpenImports(ctx)
	must(err)
	if len(open) != 1 || open[0].File.Address != f.URL || open[0].Currency != "EUR" || open[0].Import.Feed != f.ID || open[0].DryRun || open[0].File.Name == "" {
		t.Errorf("%+v", open)
	}
	step(false, now.Add(6*time.Hour))
	now = now.Add(6 * time.Hour)
	step(false, now.Add(feedAgain)) // its import goes on
	must(s.FailImport(ctx, at.Last.ID, "there is no server with this name"))
	now = now.Add(feedAgain)
	step(true, now.Add(6*time.Hour))
	yes, no, hour := true, false, int64(1)
	_, err = s.ChangeFeed(ctx, f.ID, overlay.FeedChange{Hours: &hour}, "ann")
	must(err)
	step(false, now.Add(time.Hour))
	_, err = s.ChangeFeed(ctx, f.ID, overlay.FeedChange{Paused: &yes}, "ann")
	must(err)
	now = now.Add(24 * time.Hour)
	at = step(false, time.Time{})
	if _, err = s.ChangeFeed(ctx, f.ID, overlay.FeedChange{Now: true}, "ann"); overlay.CodeOf(err) != overlay.Conflict {
		t.Errorf("now, while it pauses: %v", err)
	}
	must(s.FailImport(ctx, at.Last.ID, "x"))
	_, err = s.ChangeFeed(ctx, f.ID, overlay.FeedChange{Paused: &no}, "ann")
	must(err)
	step(true, now.Add(time.Hour))
	must(s.DeleteFeed(ctx, f.ID, "ann"))
	if next, err := s.StartFeeds(ctx); err != nil || !next.IsZero() {
		t.Errorf("%v, %v", next, err)
	}
}

// TestFeedReadyMakesRoom: an import of a feed that waits for a yes ends when the next one
// waits.
func TestFeedReadyMakesRoom(t *testing.T) {
	s, ctx := openTest(t), t.Context()
	var all []overlay.Import
	for range 2 {
		i, _, err := s.CreateImport(ctx, overlay.Import{Org: "home", Feed: "f", DryRun: true}, ImportFile{}, "feed", Once{})
		if err != nil {
			t.Fatal(err)
		}
		if i, err = s.EndImportReading(ctx, i.ID, nil); err != nil || i.State != overlay.ImportReady {
			t.Fatalf("%+v, %v", i, err)
		}
		all = append(all, i)
	}
	for n, want := range []overlay.ImportState{overlay.ImportFailed, overlay.ImportReady} {
		if i, err := s.Import(ctx, all[n].ID); err != nil || i.State != want {
			t.Errorf("%d: %+v, %v", n, i, err)
		}
	}
}
