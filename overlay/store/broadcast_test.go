package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mediad/overlay"
	"mediad/overlay/store"
)

func TestPinsBeforeAirOpenTheShow(t *testing.T) {
	f := newFixture(t)
	pin := f.pin(0)
	if pin.Status != overlay.CueDue || pin.Seq != 1 {
		t.Errorf("got %+v", pin)
	}
	b := f.begin()
	if b.Show != pin.Show || b.Seq != 1 || b.Resumed || b.Numbers != (overlay.Numbers{MSN: 1, Part: 1}) {
		t.Errorf("got %+v", b)
	}
	if diff := cmp.Diff([]string{"SKU-0"}, pinnedIn(t, b.State)); diff != "" {
		t.Error(diff)
	}
	if !overlay.ValidID(b.Epoch) || b.Anchor.Nanosecond()%1e6 != 0 {
		t.Errorf("epoch %q, anchor %v", b.Epoch, b.Anchor)
	}
	// show.start comes after the first state, and lands.
	events := f.events(b.Show)
	if got := kinds(events); got != "product.pin show.start" {
		t.Errorf("got %s", got)
	}
}

func TestBroadcastGoesOnAfterALoss(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	a := f.begin()
	must(t, f.Reserve(ctx, a.Epoch, overlay.Numbers{MSN: 40, Part: 160, Discontinuities: 1, Target: 180000}))
	must(t, f.Reserve(ctx, a.Epoch, overlay.Numbers{MSN: 30, Part: 170}))
	f.pin(1)
	must(t, f.Interrupted(ctx, a.Epoch, f.clock.Now(), f.clock.Now().Add(time.Minute)))
	f.reopen()
	open, err := f.OpenBroadcasts(ctx)
	if err != nil || len(open) != 1 || open[0].Epoch != a.Epoch || open[0].Deadline.IsZero() {
		t.Fatalf("got %+v, %v", open, err)
	}
	waiting, err := f.WaitingBroadcast(ctx, a.Epoch)
	must(t, err)
	f.clock.Add(time.Minute) // just in time
	b := f.begin()
	want := overlay.Begin{Room: "corn", Show: a.Show, Epoch: a.Epoch, Anchor: a.Anchor, Latency: overlay.LowLatency, Resumed: true, Seq: 2, Reserved: a.Anchor,
		Numbers: overlay.Numbers{MSN: 40, Part: 170, Discontinuities: 1, Target: 180000}, State: b.State}
	if diff := cmp.Diff(want, b); diff != "" {
		t.Error(diff)
	}
	want.State = waiting.State
	if diff := cmp.Diff(want, waiting); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"SKU-1"}, pinnedIn(t, b.State)); diff != "" {
		t.Error(diff)
	}
	if got := kinds(f.events(a.Show)); got != "show.start product.pin" {
		t.Errorf("a loss left %s", got)
	}
	open, err = f.OpenBroadcasts(ctx)
	if err != nil || !open[0].Deadline.IsZero() {
		t.Errorf("the deadline stands: %+v, %v", open, err)
	}
}

func TestBroadcastPastItsDeadlineEnds(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	a := f.begin()
	must(t, f.Reserve(ctx, a.Epoch, overlay.Numbers{MSN: 40, Part: 160}))
	must(t, f.Interrupted(ctx, a.Epoch, f.clock.Now(), f.clock.Now().Add(time.Minute)))
	f.clock.Add(time.Minute + time.Millisecond)
	b := f.begin()
	if b.Resumed || b.Ended != a.Epoch || b.Epoch == a.Epoch || b.Show != a.Show {
		t.Errorf("got %+v", b)
	}
	// Media sequence numbers continue over the broadcasts of a room, parts do
	// not.
	if b.Numbers != (overlay.Numbers{MSN: 40, Part: 1}) {
		t.Errorf("numbers %+v", b.Numbers)
	}
	if got := kinds(f.events(a.Show)); got != "show.start show.pause show.start" {
		t.Errorf("got %s", got)
	}
	wantCode(t, f.Reserve(ctx, a.Epoch, overlay.Numbers{MSN: 41}), overlay.Gone)
	_, err := f.WaitingBroadcast(ctx, a.Epoch)
	wantCode(t, err, overlay.Gone)
}

func TestShowEndsByItself(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	a := f.begin()
	f.pin(0)
	must(t, f.EndBroadcast(ctx, a.Epoch, f.clock.Now(), "unpublished"))
	must(t, f.EndBroadcast(ctx, a.Epoch, f.clock.Now(), "again"))
	f.clock.Add(overlay.ShowGrace - time.Millisecond)
	_, err := f.MakeDue(ctx, a.Show, f.clock.Now())
	must(t, err)
	b := f.begin()
	if b.Show != a.Show {
		t.Fatal("a broadcast within the grace began another show")
	}
	if diff := cmp.Diff([]string{"SKU-0"}, pinnedIn(t, b.State)); diff != "" {
		t.Error(diff)
	}
	must(t, f.EndBroadcast(ctx, b.Epoch, f.clock.Now(), "unpublished"))
	due, next, err := f.Due(ctx, f.clock.Now())
	if err != nil || len(due) != 0 || !next.Equal(f.clock.Now().Add(overlay.ShowGrace)) {
		t.Errorf("due %v, next %v, %v", due, next, err)
	}
	f.clock.Add(overlay.ShowGrace)
	_, err = f.makeDue(next)
	must(t, err)
	if got := kinds(f.events(a.Show)); got != "show.start product.pin show.pause show.start show.pause show.end" {
		t.Errorf("got %s", got)
	}
	c := f.begin()
	if c.Show == a.Show || len(pinnedIn(t, c.State)) != 0 || c.Seq != 0 {
		t.Errorf("got %+v", c)
	}
	list, err := f.Broadcasts(ctx, a.Show)
	if err != nil || len(list) != 2 || list[0].Epoch != a.Epoch || list[1].Epoch != b.Epoch {
		t.Errorf("got %+v, %v", list, err)
	}
}

func TestStaleShowIsNotContinued(t *testing.T) {
	f := newFixture(t)
	a := f.begin()
	must(t, f.EndBroadcast(t.Context(), a.Epoch, f.clock.Now(), "unpublished"))
	f.clock.Add(overlay.ShowGrace)
	planned := f.pin(0) // nobody has ended the old show yet
	b := f.begin()
	if planned.Show == a.Show || b.Show != planned.Show {
		t.Errorf("shows %s, %s, %s", a.Show, planned.Show, b.Show)
	}
	if show, err := f.GetShow(t.Context(), a.Show); err != nil || show.State != overlay.ShowEnded {
		t.Errorf("got %+v, %v", show, err)
	}
}

func TestHostEndsTheShow(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	_, err := f.EndShow(ctx, "corn")
	wantCode(t, err, overlay.Conflict)
	a := f.begin()
	e, err := f.EndShow(ctx, "corn")
	must(t, err)
	if e.Kind != overlay.KindShowEnd || e.Seq != 2 {
		t.Errorf("got %+v", e)
	}
	must(t, f.EndBroadcast(ctx, a.Epoch, f.clock.Now(), "host"))
	if got := kinds(f.events(a.Show)); got != "show.start show.end" {
		t.Errorf("got %s", got)
	}
	open, replay, err := f.RoomShows(ctx, "corn")
	if err != nil || open != nil || replay == nil || replay.ID != a.Show {
		t.Errorf("got %v, %v, %v", open, replay, err)
	}
	if b := f.begin(); b.Show == a.Show {
		t.Error("an ended show went on")
	}
}

// A product is offered once it was pinned, by id or SKU; an id wins over a SKU that
// is the same.
func TestOffered(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	b := f.begin()
	first := f.products[0]
	thief, err := f.CreateProduct(ctx, overlay.Product{SKU: first.ID, Title: "Takes another's name", Price: 1, Currency: "CNY"}, store.Once{})
	must(t, err)
	for _, id := range []string{first.ID, thief.ID} {
		_, err := f.Pin(ctx, "corn", id, overlay.At{}, store.Once{})
		must(t, err)
	}
	for id, want := range map[string]string{first.ID: first.ID, first.SKU: first.ID, thief.ID: thief.ID} {
		if got, err := f.Offered(ctx, b.Show, id); err != nil || got.ID != want {
			t.Errorf("%s is %+v, %v", id, got, err)
		}
	}
	for _, id := range []string{f.products[1].ID, f.products[1].SKU, "nothing"} {
		_, err := f.Offered(ctx, b.Show, id)
		wantCode(t, err, overlay.NotFound)
	}
}

// An event that was committed while nobody published still lands after a
// restart.
func TestBroadcastResumesBehindTheLastLanding(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	a := f.begin()
	f.pin(1)
	events := f.events(a.Show)
	must(t, f.Landed(ctx, []overlay.Landed{{ID: events[0].ID, Landing: overlay.Landing{PTS: 1, Epoch: a.Epoch}}}))
	f.reopen()
	waiting, err := f.WaitingBroadcast(ctx, a.Epoch)
	must(t, err)
	if waiting.Seq != events[0].Seq || len(pinnedIn(t, waiting.State)) != 0 {
		t.Errorf("goes on behind %d with %s, want behind %d and nothing pinned", waiting.Seq, waiting.State, events[0].Seq)
	}
}
