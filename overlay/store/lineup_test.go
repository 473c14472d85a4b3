package store_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mediad/overlay"
	"mediad/overlay/store"
)

func (f *fixture) plan(title string, in time.Duration) overlay.Show {
	f.t.Helper()
	p := overlay.Plan{Title: title}
	if in != 0 {
		at := f.clock.Now().Add(in)
		p.Starts = &at
	}
	s, err := f.PlanShow(f.t.Context(), "corn", p, "anna", store.Once{})
	must(f.t, err)
	return s
}

func (f *fixture) lineup(show string, products ...int) overlay.Lineup {
	f.t.Helper()
	n := overlay.NewLineup{Lines: []overlay.Line{}}
	for _, i := range products {
		n.Lines = append(n.Lines, overlay.Line{Product: f.products[i].ID})
	}
	l, err := f.SetLineup(f.t.Context(), show, n, "anna")
	must(f.t, err)
	return l
}

// TestPlannedShowOfABroadcast: a broadcast takes the planned show whose time is
// nearest within the window, else one without a time, else it begins a new one.
func TestPlannedShowOfABroadcast(t *testing.T) {
	for _, c := range []struct {
		name  string
		plans map[string]time.Duration // 0: no time
		want  string
	}{
		{"nothing is planned", nil, "Corn"},
		{"one", map[string]time.Duration{"a": time.Hour}, "a"},
		{"the nearer one, ahead", map[string]time.Duration{"a": -2 * time.Hour, "b": time.Hour}, "b"},
		{"the nearer one, late", map[string]time.Duration{"a": -time.Hour, "b": 2 * time.Hour}, "a"},
		{"too early", map[string]time.Duration{"a": overlay.PlannedEarly + time.Second}, "Corn"},
		{"just early enough", map[string]time.Duration{"a": overlay.PlannedEarly}, "a"},
		{"just not too late", map[string]time.Duration{"a": -overlay.PlannedLate}, "a"},
		{"one without a time", map[string]time.Duration{"a": 0, "b": 4 * time.Hour}, "a"},
		{"a time goes first", map[string]time.Duration{"a": 0, "b": 2 * time.Hour}, "b"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFixture(t)
			for title, in := range c.plans {
				f.plan(title, in)
			}
			b := f.begin()
			show, err := f.GetShow(t.Context(), b.Show)
			must(t, err)
			if show.Title != c.want || show.State != overlay.ShowLive {
				t.Errorf("the broadcast took %q (%s), want %q", show.Title, show.State, c.want)
			}
		})
	}
	f := newFixture(t)
	planned := f.plan("late", -overlay.PlannedLate)
	f.clock.Add(time.Second)
	if b := f.begin(); b.Show == planned.ID {
		t.Error("a show that was missed by more than its window was taken")
	}
}

// TestPlanRevision: a plan that was made on an older revision is a conflict and changes
// nothing; without a revision the later one holds. Only changes of the plan count.
func TestPlanRevision(t *testing.T) {
	f := newFixture(t)
	ctx := store.Signed(t.Context(), overlay.By{Name: "Ben", ID: "b"})
	show := f.plan("Harvest", time.Hour)
	change := func(rev int64, title string) (overlay.Show, error) {
		p := overlay.Plan{Title: title}
		if rev != 0 {
			p.Rev = &rev
		}
		return f.ChangeShow(ctx, show.ID, store.ShowChange{Plan: p}, "ben@shop.example")
	}
	f.clock.Add(time.Minute)
	got, err := change(1, "Feast")
	must(t, err)
	f.reopen()
	kept, err := f.GetShow(ctx, show.ID)
	must(t, err)
	if want := (overlay.By{Name: "Ben", ID: "b"}); kept != got || kept.Rev != 2 || kept.By != want || !kept.Changed.Equal(f.clock.Now().Truncate(time.Millisecond)) {
		t.Errorf("answered %+v, kept %+v", got, kept)
	}
	if _, err := change(1, "Field"); overlay.CodeOf(err) != overlay.Conflict {
		t.Errorf("a change on an old revision: %v", err)
	}
	if same, err := change(2, "Feast"); err != nil || same.Rev != 2 {
		t.Errorf("a change of nothing: %+v, %v", same, err)
	}
	if _, err := f.ChangeShow(ctx, show.ID, store.ShowChange{Retention: &overlay.Retention{Set: true}}, "ben"); err != nil {
		t.Error(err)
	}
	f.lineup(show.ID, 0)
	if last, err := change(0, "Field"); err != nil || last.Rev != 3 || last.Title != "Field" {
		t.Errorf("without a revision: %+v, %v", last, err)
	}
}

// TestPinsBeforeAirOpenThePlannedShow: what is pinned before air is in the show that
// the broadcast takes.
func TestPinsBeforeAirOpenThePlannedShow(t *testing.T) {
	f := newFixture(t)
	planned := f.plan("Harvest", time.Hour)
	if c := f.pin(0); c.Show != planned.ID {
		t.Errorf("the pin went to %s, want %s", c.Show, planned.ID)
	}
	if b := f.begin(); b.Show != planned.ID {
		t.Errorf("the broadcast took %s", b.Show)
	}
}

// TestStepping: next and previous move through the line-up, take down what they pinned
// before, and leave other pins alone. Edits keep the place.
func TestStepping(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	b := f.begin()
	f.lineup(b.Show, 0, 1, 2)
	f.pin(4)
	step := func(back bool, want ...string) {
		t.Helper()
		_, err := f.Step(ctx, "corn", store.Step{Back: back}, "ben", store.Once{})
		must(t, err)
		if diff := cmp.Diff(want, f.pinnedNow(b.Show)); diff != "" {
			t.Errorf("pinned (-want +got):\n%s", diff)
		}
	}
	step(false, "SKU-4", "SKU-0")
	step(false, "SKU-4", "SKU-1")
	step(true, "SKU-4", "SKU-0")
	step(false, "SKU-4", "SKU-1")
	f.lineup(b.Show, 3, 0, 2) // the present line is gone: next goes on with what followed it
	step(false, "SKU-4", "SKU-2")
	if _, err := f.Step(ctx, "corn", store.Step{}, "ben", store.Once{}); overlay.CodeOf(err) != overlay.Conflict {
		t.Errorf("next behind the last line: %v", err)
	}
	step(true, "SKU-4", "SKU-0")
	told := f.told(b.Show)
	if want := fmt.Sprintf(`"lineup":{"rev":2,"by":"ben","line":"%s"}`, f.products[0].ID); len(told) == 0 || !strings.Contains(told[len(told)-1], want) {
		t.Errorf("hosts were told %v last, want %s", told[len(told)-1:], want)
	}
}

// TestLineOfAPin: what is shown by hand becomes the present line, if it has one: next goes
// on from there, and takes it down. Who takes a mistake back finds the line where it was.
func TestLineOfAPin(t *testing.T) {
	f := newFixture(t)
	ctx := store.Signed(t.Context(), overlay.By{Name: "ann"})
	b := f.begin()
	f.lineup(b.Show, 0, 1, 2, 3)
	at := func(line int, want ...string) {
		t.Helper()
		l, err := f.GetLineup(ctx, b.Show)
		must(t, err)
		id := ""
		if line >= 0 {
			id = f.products[line].ID
		}
		if l.Line != id {
			t.Errorf("the present line is %q, want that of %d", l.Line, line)
		}
		if diff := cmp.Diff(want, f.pinnedNow(b.Show)); diff != "" {
			t.Errorf("pinned (-want +got):\n%s", diff)
		}
	}
	step := func() {
		t.Helper()
		_, err := f.Step(ctx, "corn", store.Step{}, "ann", store.Once{})
		must(t, err)
	}
	pin := func(i int, at overlay.At) {
		t.Helper()
		_, err := f.Pin(ctx, "corn", f.products[i].ID, at, store.Once{})
		must(t, err)
	}
	pin(2, overlay.At{})
	at(2, "SKU-2")
	if told := f.told(b.Show); !strings.Contains(told[len(told)-1], fmt.Sprintf(`"lineup":{"rev":1,"by":"ann","line":"%s"}`, f.products[2].ID)) {
		t.Errorf("hosts were told %v last", told[len(told)-1:])
	}
	_, err := f.TakeBack(ctx, "corn", f.products[2].ID, "")
	must(t, err)
	at(-1)
	step()
	at(0, "SKU-0")
	pin(4, overlay.At{}) // it has no line
	at(0, "SKU-0", "SKU-4")
	pin(2, overlay.At{})
	at(2, "SKU-0", "SKU-4", "SKU-2")
	step()
	at(3, "SKU-0", "SKU-4", "SKU-3")
	_, err = f.Unpin(ctx, "corn", f.products[4].ID, overlay.At{})
	must(t, err)
	at(3, "SKU-0", "SKU-3")
	_, err = f.Repin(ctx, "corn", f.products[1].ID, "SKU-3", store.Once{})
	must(t, err)
	at(3, "SKU-0", "SKU-3", "SKU-1")
	if _, err := f.Repin(ctx, "corn", f.products[1].ID, "SKU-4", store.Once{}); overlay.CodeOf(err) != overlay.Invalid {
		t.Errorf("a line that there is not: %v", err)
	}
	at(3, "SKU-0", "SKU-3", "SKU-1")
	pin(0, overlay.At{Form: overlay.AtDelay, Delay: time.Second})
	at(3, "SKU-0", "SKU-3", "SKU-1")
	_, err = f.makeDue(f.clock.Add(2 * time.Second))
	must(t, err)
	at(0, "SKU-3", "SKU-1", "SKU-0")
	step()
	at(1, "SKU-3", "SKU-1")
}

func (f *fixture) pinnedNow(show string) (skus []string) {
	f.t.Helper()
	_, pins, err := f.ShowNow(context.Background(), show)
	must(f.t, err)
	for _, p := range pins {
		skus = append(skus, p.Product.SKU)
	}
	return skus
}

// TestLineupRevisions: an edit of an old revision is refused and changes nothing; a
// line-up outlives its products' changes, and a show that was taken back.
func TestLineupRevisions(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	show := f.plan("Harvest", 48*time.Hour)
	first := f.lineup(show.ID, 0, 1)
	old := first.Rev - 1
	_, err := f.SetLineup(ctx, show.ID, overlay.NewLineup{Rev: &old, Lines: []overlay.Line{}}, "ben")
	if overlay.CodeOf(err) != overlay.Conflict {
		t.Fatalf("an edit of an old revision: %v", err)
	}
	kept, err := f.GetLineup(ctx, show.ID)
	must(t, err)
	if diff := cmp.Diff(first, kept); diff != "" {
		t.Errorf("the refused edit changed it:\n%s", diff)
	}
	many := overlay.NewLineup{Rev: &first.Rev}
	for range overlay.MaxLines + 1 {
		many.Lines = append(many.Lines, overlay.Line{Product: "SKU-0"})
	}
	if _, err := f.SetLineup(ctx, show.ID, many, "ben"); overlay.CodeOf(err) != overlay.Invalid {
		t.Errorf("too many lines: %v", err)
	}
	if err := f.DeleteProduct(ctx, "SKU-0", "ben"); overlay.CodeOf(err) != overlay.Conflict {
		t.Errorf("a product of a line-up was deleted: %v", err)
	}
	_, err = f.BeginDeletion(ctx, show.ID, "ben")
	must(t, err)
	must(t, f.DeleteProduct(ctx, "SKU-0", "ben"))
	if _, err := f.SetLineup(ctx, show.ID, overlay.NewLineup{Lines: []overlay.Line{}}, "ben"); overlay.CodeOf(err) != overlay.Conflict {
		t.Errorf("the line-up of a show that was taken back: %v", err)
	}
	if list, err := f.FindShows(ctx, store.Shows{In: overlay.Everything(), Room: "corn"}, "", 10); err != nil || len(list) != 0 {
		t.Errorf("a show that was taken back is listed: %v, %v", list, err)
	}
}

// TestFoundShows: shows are found by the time at which they began or
// are planned to; one without a time is in no span of time. A host takes back what is
// planned, and no more than that.
func TestFoundShows(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	now := f.clock.Now()
	began := f.begin().Show
	soon, late, open := f.plan("soon", 2*time.Hour).ID, f.plan("late", 48*time.Hour).ID, f.plan("open", 0).ID
	for _, c := range []struct {
		name string
		in   store.Shows
		want []string
	}{
		{"all", store.Shows{}, []string{open, late, soon, began}},
		{"from", store.Shows{From: now.Add(2 * time.Hour)}, []string{late, soon}},
		{"until", store.Shows{Until: now.Add(48 * time.Hour)}, []string{soon, began}},
		{"between", store.Shows{From: now.Add(time.Hour), Until: now.Add(24 * time.Hour)}, []string{soon}},
		{"by words", store.Shows{Text: "OO s"}, []string{soon}},
		{"by a sign of patterns", store.Shows{Text: "s%n"}, nil},
		{"in a state", store.Shows{State: overlay.ShowLive}, []string{began}},
	} {
		c.in.In = overlay.Everything()
		list, err := f.FindShows(ctx, c.in, "", 10)
		must(t, err)
		var got []string
		for _, s := range list {
			got = append(got, s.ID)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
	as := func(role overlay.Role) store.Acting {
		return f.As(overlay.Actor{Name: "h", Grants: []overlay.Grant{{Org: overlay.HomeOrg, Role: role}}})
	}
	for _, c := range []struct {
		role overlay.Role
		show string
		want overlay.Code
	}{{overlay.Assistant, soon, overlay.Forbidden}, {overlay.Host, began, overlay.Forbidden}, {overlay.Host, soon, ""}} {
		if _, err := as(c.role).BeginDeletion(ctx, c.show); overlay.CodeOf(err) != c.want {
			t.Errorf("%s deletes %s: %v", c.role, c.show, err)
		}
	}
}

// TestSellerOfALine: a line of another organisation's product names that, and one of the
// own organisation names nobody.
func TestSellerOfALine(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	other, err := f.CreateOrg(ctx, overlay.Org{Name: "Tea town", Kind: overlay.MerchantOrg}, overlay.System("test"), store.Once{})
	must(t, err)
	tea, err := f.CreateProduct(ctx, overlay.Product{Org: other.ID, SKU: "TEA", Title: "Tea", Price: 100, Currency: "CNY"}, store.Once{})
	must(t, err)
	show := f.plan("a", time.Hour)
	l, err := f.SetLineup(ctx, show.ID, overlay.NewLineup{Lines: []overlay.Line{{Product: f.products[0].ID}, {Product: tea.ID}}}, "anna")
	must(t, err)
	if len(l.Lines) != 2 || l.Lines[0].Seller != "" || l.Lines[1].Seller != "Tea town" {
		t.Errorf("sellers of %+v", l.Lines)
	}
}
