package store_test

import (
	"testing"

	"mediad/overlay"
	"mediad/overlay/store"
)

// What a show has shown is told as it is today; what it has not shown stays a secret.
func TestShownProducts(t *testing.T) {
	f := newFixture(t)
	_, err := f.Pin(t.Context(), "corn", f.products[0].ID, overlay.At{}, store.Once{})
	must(t, err)
	open, _, err := f.RoomShows(t.Context(), "corn")
	must(t, err)
	price := f.products[0].Price + 1
	_, err = f.UpdateProduct(t.Context(), f.products[0].ID, overlay.ProductChange{Price: &price})
	must(t, err)
	got, err := f.ShownProducts(t.Context(), open.ID)
	must(t, err)
	if len(got) != 1 || got[f.products[0].ID].Price != price {
		t.Errorf("%+v", got)
	}
	if got, err := f.ShownProducts(t.Context(), "01NOTHING"); err != nil || len(got) != 0 {
		t.Errorf("of no show: %v, %v", got, err)
	}
}
