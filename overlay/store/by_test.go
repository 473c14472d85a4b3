package store_test

import (
	"context"
	"testing"
	"time"

	"mediad/overlay"
	"mediad/overlay/store"
)

// TestBy: an event says who asked for it; what waited says who scheduled it, whatever
// made it due; what the server does by itself says nobody.
func TestBy(t *testing.T) {
	f := newFixture(t)
	ann, ben := overlay.By{Name: "Ann", ID: "1", Page: "p"}, overlay.By{Name: "Ben", ID: "2"}
	as := func(by overlay.By) context.Context { return store.Signed(t.Context(), by) }
	f.begin()
	for i := range 3 {
		_, err := f.Pin(as(ann), "corn", f.products[i].ID, overlay.At{}, store.Once{})
		must(t, err)
	}
	_, err := f.Pin(as(ben), "corn", f.products[3].ID, overlay.At{}, store.Once{}) // takes the oldest down
	must(t, err)
	_, err = f.Unpin(as(ann), "corn", f.products[3].ID, overlay.At{Form: overlay.AtDelay, Delay: time.Minute})
	must(t, err)
	price := int64(7)
	_, err = f.UpdateProduct(as(ben), f.products[2].ID, overlay.ProductChange{Price: &price})
	must(t, err)
	_, err = f.Step(as(ann), "corn", store.Step{}, "Ann", store.Once{})
	if overlay.CodeOf(err) != overlay.Conflict {
		t.Fatal(err)
	}
	show := f.show()
	f.reopen()
	_, err = f.makeDue(f.clock.Add(time.Minute))
	must(t, err)
	_, err = f.EndShow(t.Context(), "corn")
	must(t, err)

	type told struct {
		kind overlay.Kind
		by   overlay.By
	}
	nobody := overlay.By{}
	want := []told{
		{"show.start", nobody}, {"product.pin", ann}, {"product.pin", ann}, {"product.pin", ann}, {"product.unpin", ben}, {"product.pin", ben},
		{"cue.scheduled", ann}, {"product.update", ben}, {"product.unpin", ann}, {"show.end", nobody},
	}
	events, err := f.HostsAfter(t.Context(), show, 0, 100)
	must(t, err)
	for i, e := range events {
		if i >= len(want) || (told{e.Kind, e.By}) != want[i] {
			t.Errorf("event %d is %s by %+v", i, e.Kind, e.By)
		}
	}
	if len(events) != len(want) {
		t.Errorf("%d events, not %d", len(events), len(want))
	}
}
