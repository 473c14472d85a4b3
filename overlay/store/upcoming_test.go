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

// Where viewers go from a page that has nothing: what is on air, then what comes, one show of each room, and no rehearsal.
func TestOnNow(t *testing.T) {
	f := newFixture(t)
	for _, room := range []string{"tea", "rice", "nuts"} {
		_, err := f.EnsureRoom(t.Context(), room, room, room+"-key")
		must(t, err)
	}
	on := func(inPlaceOf string, limit int) (titles []string) {
		t.Helper()
		shows, err := f.OnNow(t.Context(), inPlaceOf, limit)
		must(t, err)
		for _, s := range shows {
			titles = append(titles, s.Room+": "+s.Title)
		}
		return titles
	}
	planned := func(room, title string, in time.Duration, private bool) {
		t.Helper()
		at := f.clock.Now().Add(in)
		_, err := f.PlanShow(t.Context(), room, overlay.Plan{Title: title, Starts: &at, Rehearsal: &private}, "anna", store.Once{})
		must(t, err)
	}
	if got := on("", 9); got != nil {
		t.Errorf("without a show: %v", got)
	}
	planned("tea", "later", 48*time.Hour, false)
	planned("tea", "spring", 24*time.Hour, false)
	planned("rice", "harvest", time.Hour, false)
	planned("nuts", "a rehearsal", time.Hour, true)
	f.plan("tomorrow", 23*time.Hour)
	if d := cmp.Diff([]string{"rice: harvest", "corn: tomorrow", "tea: spring"}, on("", 9)); d != "" {
		t.Error(d)
	}
	f.begin()
	if d := cmp.Diff([]string{"corn: Corn", "rice: harvest"}, on("", 2)); d != "" {
		t.Errorf("a room that is on air has its live show alone: %s", d)
	}
	if d := cmp.Diff([]string{"corn: Corn", "tea: spring"}, on("rice", 9)); d != "" {
		t.Errorf("in place of a room of the same organisation: %s", d)
	}
	if got := on("nowhere", 9); got != nil {
		t.Errorf("in place of a room that there is not: %v", got)
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
