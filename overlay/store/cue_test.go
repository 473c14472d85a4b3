package store_test

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mediad/overlay"
	"mediad/overlay/store"
)

func TestFourthPinTakesDownTheOldest(t *testing.T) {
	f := newFixture(t)
	for i := range 4 {
		f.pin(i)
	}
	events := f.events(f.show())
	if got := kinds(events); got != "product.pin product.pin product.pin product.unpin product.pin" {
		t.Fatalf("got %s", got)
	}
	if diff := cmp.Diff([]string{"SKU-1", "SKU-2", "SKU-3"}, pinnedIn(t, events[4].State)); diff != "" {
		t.Error(diff)
	}
	// Pinning again makes it the newest, without an unpin event.
	f.pin(1)
	events = f.events(f.show())
	if diff := cmp.Diff([]string{"SKU-2", "SKU-3", "SKU-1"}, pinnedIn(t, events[5].State)); diff != "" {
		t.Error(diff)
	}
}

func TestUnpin(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	byPin := f.pin(0)
	f.pin(1)
	f.pin(2)
	for _, id := range []string{byPin.ID, f.products[1].ID, "SKU-2"} {
		_, err := f.Unpin(ctx, "corn", id, overlay.At{})
		must(t, err)
	}
	_, err := f.Unpin(ctx, "corn", f.products[1].ID, overlay.At{})
	wantCode(t, err, overlay.NotFound)
	_, err = f.Unpin(ctx, "corn", "nothing", overlay.At{})
	wantCode(t, err, overlay.NotFound)
	_, err = f.Unpin(ctx, "nowhere", "SKU-2", overlay.At{})
	wantCode(t, err, overlay.NotFound)
	if events := f.events(f.show()); len(events) != 6 || len(pinnedIn(t, events[5].State)) != 0 {
		t.Errorf("got %s", kinds(events))
	}
}

func TestScheduledCueBecomesDue(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	b := f.begin()
	at := overlay.At{Form: overlay.AtDate, Date: f.clock.Now().Add(10 * time.Second)}
	c, err := f.Pin(ctx, "corn", "SKU-0", at, store.Once{})
	must(t, err)
	if c.Status != overlay.CueScheduled || c.Seq != 0 || !c.Due.Equal(at.Date) {
		t.Errorf("got %+v", c)
	}
	if n := len(f.events(b.Show)); n != 1 {
		t.Fatalf("%d events before the moment", n)
	}
	f.reopen()
	shows, next, err := f.Due(ctx, f.clock.Now())
	if err != nil || len(shows) != 0 || !next.Equal(at.Date.Add(-300*time.Millisecond)) {
		t.Fatalf("due %v, next %v, %v", shows, next, err)
	}
	if shows, _, err = f.Due(ctx, next); err != nil || len(shows) != 1 || shows[0] != (overlay.Head{Show: b.Show, Room: "corn", Pos: 2, Seq: 1}) {
		t.Fatalf("due %v, %v", shows, err)
	}
	if events, err := f.MakeDue(ctx, b.Show, next.Add(-time.Millisecond)); err != nil || len(events) != 0 {
		t.Fatalf("too early: %v, %v", events, err)
	}
	events, err := f.MakeDue(ctx, b.Show, next)
	must(t, err)
	if len(events) != 1 || events[0].ID != c.ID || events[0].Seq != 2 || !events[0].NotBefore.Equal(at.Date) || !events[0].At.Equal(at.Date) {
		t.Fatalf("got %+v", events)
	}
	c, err = f.GetCue(ctx, "corn", c.ID)
	if err != nil || c.Status != overlay.CueDue || c.Seq != 2 {
		t.Errorf("got %+v, %v", c, err)
	}
	landing := overlay.Landing{PTS: 1800000, Date: b.Anchor.Add(10 * time.Second), Epoch: b.Epoch, Segment: 5, Part: 21}
	must(t, f.Landed(ctx, []overlay.Landed{{ID: c.ID, Landing: landing}}))
	must(t, f.Landed(ctx, []overlay.Landed{{ID: c.ID, Landing: overlay.Landing{PTS: 1}}}))
	c, err = f.GetCue(ctx, "corn", c.ID)
	must(t, err)
	if diff := cmp.Diff(&landing, c.Landed); diff != "" || c.Status != overlay.CueLanded {
		t.Errorf("status %s, landing: %s", c.Status, diff)
	}
	if shows, next, err = f.Due(ctx, next); len(shows) != 0 || !next.IsZero() || err != nil {
		t.Errorf("something is still due: %v, %v, %v", shows, next, err)
	}
}

func TestMoments(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	notice := overlay.NewCue{Kind: overlay.KindNotice, Text: "soon"}
	add := func(at overlay.At) (overlay.CueInfo, error) {
		return f.AddCue(ctx, "corn", notice, at, store.Once{})
	}
	_, err := add(overlay.At{Form: overlay.AtPTS, PTS: 1800000})
	wantCode(t, err, overlay.Conflict) // not live
	_, err = add(overlay.At{Form: overlay.AtDate, Date: f.clock.Now().Add(-time.Millisecond)})
	wantCode(t, err, overlay.Conflict)
	if heads, err := f.Heads(ctx); err != nil || len(heads) != 0 {
		t.Errorf("a refused cue planned a show: %v, %v", heads, err)
	}
	b := f.begin()
	c, err := add(overlay.At{Form: overlay.AtPTS, PTS: 900000 + 45000})
	must(t, err)
	if want := b.Anchor.Add(500 * time.Millisecond); !c.Due.Equal(want) {
		t.Errorf("due %v, want %v", c.Due, want)
	}
	f.clock.Add(time.Second)
	_, err = add(overlay.At{Form: overlay.AtPTS, PTS: 900000 + 45000})
	wantCode(t, err, overlay.Conflict)
	// A PTS belongs to its own broadcast only.
	must(t, f.EndBroadcast(ctx, b.Epoch, f.clock.Now(), "test"))
	c, err = f.GetCue(ctx, "corn", c.ID)
	if err != nil || c.Status != overlay.CueCancelled || c.Reason == "" {
		t.Errorf("got %+v, %v", c, err)
	}
}

func TestCancel(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	f.begin()
	delay := overlay.At{Form: overlay.AtDelay, Delay: time.Minute}
	later, err := f.Pin(ctx, "corn", "SKU-0", delay, store.Once{})
	must(t, err)
	_, err = f.Unpin(ctx, "corn", later.ID, overlay.At{})
	wantCode(t, err, overlay.Conflict) // only planned: the cue must be cancelled instead
	must(t, f.CancelCue(ctx, "corn", later.ID))
	must(t, f.CancelCue(ctx, "corn", later.ID))
	now := f.pin(1)
	wantCode(t, f.CancelCue(ctx, "corn", now.ID), overlay.Conflict)
	wantCode(t, f.CancelCue(ctx, "corn", "nothing"), overlay.NotFound)

	// An unpin that finds no pin, and cues that are still scheduled when the show
	// ends.
	_, err = f.Pin(ctx, "corn", "SKU-2", overlay.At{}, store.Once{})
	must(t, err)
	vain, err := f.Unpin(ctx, "corn", "SKU-2", delay)
	must(t, err)
	_, err = f.Unpin(ctx, "corn", "SKU-2", overlay.At{})
	must(t, err)
	events, err := f.makeDue(f.clock.Add(time.Minute))
	if err != nil || len(events) != 0 {
		t.Fatalf("got %v, %v", events, err)
	}
	over, err := f.Pin(ctx, "corn", "SKU-2", delay, store.Once{})
	must(t, err)
	_, err = f.EndShow(ctx, "corn")
	must(t, err)
	for _, id := range []string{later.ID, vain.ID, over.ID} {
		c, err := f.GetCue(ctx, "corn", id)
		if err != nil || c.Status != overlay.CueCancelled || c.Reason == "" {
			t.Errorf("got %+v, %v", c, err)
		}
	}
}

func TestCueIsMadeOnce(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	once := store.Once{Key: "k", Body: [32]byte{1}}
	a, err := f.Pin(ctx, "corn", "SKU-0", overlay.At{}, once)
	must(t, err)
	b, err := f.Pin(ctx, "corn", "SKU-0", overlay.At{}, once)
	if err != nil || cmp.Diff(a, b) != "" {
		t.Errorf("repeated: %+v, %v", b, err)
	}
	if n := len(f.events(a.Show)); n != 1 {
		t.Errorf("%d events", n)
	}
	// Keys are forgotten after two days.
	f.clock.Add(49 * time.Hour)
	_, err = f.Pin(ctx, "corn", "SKU-1", overlay.At{}, store.Once{Key: "other"})
	must(t, err)
	c, err := f.Pin(ctx, "corn", "SKU-0", overlay.At{}, once)
	if err != nil || c.ID == a.ID {
		t.Errorf("got %+v, %v", c, err)
	}
}

// TestReplayGivesTheState does random things; the fixture's end replays the log
// from 0 and compares every state on the way.
func TestReplayGivesTheState(t *testing.T) {
	for seed := range uint64(4) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		f := newFixture(t)
		ctx := context.Background()
		for range 60 {
			id := f.products[rnd.IntN(5)].ID
			at := overlay.At{}
			if rnd.IntN(3) == 0 {
				at = overlay.At{Form: overlay.AtDelay, Delay: time.Duration(1+rnd.IntN(5)) * time.Second}
			}
			var err error
			switch rnd.IntN(8) {
			case 0, 1, 2:
				_, err = f.Pin(ctx, "corn", id, at, store.Once{})
			case 3:
				_, err = f.Unpin(ctx, "corn", id, at)
			case 4:
				list := int64(rnd.IntN(2) * 5000)
				stock := []overlay.Stock{overlay.StockIn, overlay.StockLow, overlay.StockOut}[rnd.IntN(3)]
				price := rnd.Int64N(900)
				_, err = f.UpdateProduct(ctx, id, overlay.ProductChange{ListPrice: &list, Stock: &stock, Price: &price})
			case 5:
				_, err = f.makeDue(f.clock.Add(time.Second))
			case 6:
				_, err = f.BeginBroadcast(ctx, "corn", f.clock.Now())
			case 7:
				open, e := f.OpenBroadcasts(ctx)
				if err = e; err == nil && len(open) > 0 {
					err = f.EndBroadcast(ctx, open[0].Epoch, f.clock.Now(), "test")
				}
			}
			if code := overlay.CodeOf(err); code != "" && code != overlay.NotFound {
				t.Fatal(err)
			}
		}
	}
}
