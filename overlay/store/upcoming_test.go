package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mediad/overlay"
	"mediad/overlay/store"
)

// What viewers may put into a calendar: planned shows that can still begin, in order, without rehearsals.
func TestUpcomingShows(t *testing.T) {
	f := newFixture(t)
	f.plan("next week", 7*24*time.Hour)
	f.plan("open", 0)
	f.plan("late", -overlay.PlannedLate+time.Minute)
	f.plan("tomorrow", 24*time.Hour)
	private, at := true, f.clock.Now().Add(time.Hour)
	_, err := f.PlanShow(t.Context(), "corn", overlay.Plan{Title: "rehearsal", Starts: &at, Rehearsal: &private}, "anna", store.Once{})
	must(t, err)
	upcoming := func(limit int) (titles []string) {
		t.Helper()
		shows, err := f.UpcomingShows(t.Context(), "corn", limit)
		must(t, err)
		for _, s := range shows {
			titles = append(titles, s.Title)
		}
		return titles
	}
	if d := cmp.Diff([]string{"late", "tomorrow", "next week"}, upcoming(9)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"late", "tomorrow"}, upcoming(2)); d != "" {
		t.Error(d)
	}
	f.clock.Add(2 * time.Minute)
	if d := cmp.Diff([]string{"tomorrow", "next week"}, upcoming(9)); d != "" {
		t.Error(d)
	}
	if _, err := f.UpcomingShows(t.Context(), "nowhere", 9); overlay.CodeOf(err) != overlay.NotFound {
		t.Errorf("of an unknown room: %v", err)
	}
}

// What hosts are told of a room that is off the air: the show planned next, at any distance, rehearsals too.
func TestNextShow(t *testing.T) {
	f := newFixture(t)
	next := func(but string) string {
		t.Helper()
		show, err := f.NextShow(t.Context(), "corn", but)
		must(t, err)
		if show == nil {
			return ""
		}
		return show.Title
	}
	f.plan("open", 0)
	f.plan("late", -time.Minute)
	if got := next(""); got != "" {
		t.Errorf("without a show to come: %q", got)
	}
	f.plan("next autumn", 360*24*time.Hour)
	if got := next(""); got != "next autumn" {
		t.Errorf("at any distance: %q", got)
	}
	private, at := true, f.clock.Now().Add(time.Hour)
	rehearsal, err := f.PlanShow(t.Context(), "corn", overlay.Plan{Title: "rehearsal", Starts: &at, Rehearsal: &private}, "anna", store.Once{})
	must(t, err)
	if got := next(""); got != "rehearsal" {
		t.Errorf("with a rehearsal before it: %q", got)
	}
	if got := next(rehearsal.ID); got != "next autumn" {
		t.Errorf("beside the one that is told: %q", got)
	}
	if show, err := f.NextShow(t.Context(), "nowhere", ""); show != nil || err != nil {
		t.Errorf("of an unknown room: %v, %v", show, err)
	}
}
