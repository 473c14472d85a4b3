package store_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mediad/overlay"
	"mediad/overlay/store"
)

// shown gives what viewers see of a pinned product: its price and its stock.
func (f *fixture) shown(show, sku string) (price int64, stock overlay.Stock) {
	f.t.Helper()
	_, pins, err := f.ShowNow(context.Background(), show)
	must(f.t, err)
	for _, p := range pins {
		if p.Product.SKU == sku {
			return p.Product.Price, p.Product.Stock
		}
	}
	f.t.Fatalf("%s is not pinned", sku)
	return 0, ""
}

func updates(events []overlay.Event) (all []string) {
	for _, e := range events {
		if e.Kind == overlay.KindProductUpdate {
			all = append(all, string(e.Payload[strings.Index(string(e.Payload), `"rev"`):]))
		}
	}
	return all
}

// TestAShowKeepsItsPrices: from its beginning on a show keeps the prices of its line-up
// and of what was pinned, whatever a refresh of the catalogue says; stock follows at
// once. A change that somebody makes reaches the show, and the price of a line stays
// until somebody changes the line.
func TestAShowKeepsItsPrices(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	show := f.plan("Harvest", time.Hour).ID
	seven, eight, nine := int64(700), int64(800), int64(900)
	out := overlay.StockOut
	title := "New name"
	_, err := f.SetLineup(ctx, show, overlay.NewLineup{Lines: []overlay.Line{{Product: "SKU-0", Price: &seven}, {Product: "SKU-1"}}}, "anna")
	must(t, err)
	f.pin(0) // before air, at the line's price
	feed := func(items ...store.ImportItem) {
		t.Helper()
		f.apply(f.read(items...))
	}
	feed(item(2, "SKU-1", "Corn 1", eight, "CNY")) // before the show has begun
	want := func(sku string, price int64, stock overlay.Stock) {
		t.Helper()
		if p, s := f.shown(show, sku); p != price || s != stock {
			t.Errorf("%s is shown at %d, %s; want %d, %s", sku, p, s, price, stock)
		}
	}
	want("SKU-0", 700, overlay.StockIn)
	if b := f.begin(); b.Show != show {
		t.Fatal("another show was taken")
	}
	feed(item(2, "SKU-0", "Corn 0", nine, "CNY"), item(3, "SKU-1", "Corn 1", nine, "CNY"), item(4, "SKU-2", "Corn 2", nine, "CNY")) // in mid-show
	f.pin(1)
	f.pin(2)
	want("SKU-0", 700, overlay.StockIn)
	want("SKU-1", 800, overlay.StockIn)                  // as it was when the show began
	want("SKU-2", 900, overlay.StockIn)                  // has no line: as it was when it was pinned first
	_, err = f.Unpin(ctx, "corn", "SKU-2", overlay.At{}) // a feed may change it then, but not in this show
	must(t, err)
	feed(item(2, "SKU-0", title, seven, "CNY"), item(3, "SKU-1", title, seven, "CNY"), item(4, "SKU-2", title, seven, "CNY"))
	f.pin(2)
	for _, sku := range []string{"SKU-0", "SKU-1", "SKU-2"} {
		_, err := f.UpdateProduct(ctx, sku, overlay.ProductChange{Stock: &out})
		must(t, err)
	}
	want("SKU-0", 700, out)
	want("SKU-1", 800, out)
	want("SKU-2", 900, out)
	for _, sku := range []string{"SKU-0", "SKU-1", "SKU-2"} { // somebody changes the products
		_, err := f.UpdateProduct(ctx, sku, overlay.ProductChange{Price: &nine})
		must(t, err)
	}
	want("SKU-0", 700, out)
	want("SKU-1", 900, out)
	want("SKU-2", 900, out)
	_, err = f.ChangeLine(ctx, show, "SKU-0", overlay.LineChange{Price: &eight}, "ben")
	must(t, err)
	want("SKU-0", 800, out)
	_, err = f.ChangeLine(ctx, show, "SKU-0", overlay.LineChange{NoPrice: true}, "ben")
	must(t, err)
	want("SKU-0", 900, out)
	got := updates(f.events(show))
	if n := len(got); n != 6 || !strings.Contains(got[n-1], `"price":900`) || strings.Contains(strings.Join(got, ""), title) {
		t.Errorf("viewers were told %v", got)
	}
	// A card's revision reads the same for ever, here and after the show.
	_, pins, err := f.ShowNow(ctx, show)
	must(t, err)
	_, err = f.UpdateProduct(ctx, "SKU-0", overlay.ProductChange{Price: &seven})
	must(t, err)
	for _, p := range pins {
		kept, err := f.ProductIn(ctx, show, p.Product.ID, p.Product.Rev)
		must(t, err)
		if diff := cmp.Diff(p.Product, kept); diff != "" {
			t.Errorf("revision %d of %s reads otherwise later:\n%s", p.Product.Rev, p.Product.SKU, diff)
		}
	}
	_, err = f.EndShow(ctx, "corn")
	must(t, err)
	want("SKU-0", 700, out) // a replay has today's price
}

// TestProductsStaySecret: a product of a line-up is nowhere for viewers before its
// first pin or the time at which it is revealed.
func TestProductsStaySecret(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	show := f.plan("Harvest", time.Hour).ID
	reveal := f.clock.Now().Add(90 * time.Minute)
	_, err := f.SetLineup(ctx, show, overlay.NewLineup{Lines: []overlay.Line{{Product: "SKU-0"}, {Product: "SKU-1", Reveal: reveal}, {Product: "SKU-2", Reveal: reveal}}}, "anna")
	must(t, err)
	f.clock.Add(time.Hour)
	f.begin()
	known := func(want ...string) {
		t.Helper()
		var got []string
		for _, p := range f.products {
			if _, err := f.Offered(ctx, show, p.SKU); err == nil {
				got = append(got, p.SKU)
			} else if overlay.CodeOf(err) != overlay.NotFound {
				t.Error(err)
			}
		}
		list, err := f.Revealed(ctx, show, time.Time{})
		must(t, err)
		var listed []string
		for _, l := range list {
			listed = append(listed, l.Goods.SKU)
		}
		if !cmp.Equal(got, want) || !cmp.Equal(listed, want) {
			t.Errorf("viewers get %v, and the list %v; want %v", got, listed, want)
		}
		for _, e := range f.events(show) {
			for _, p := range f.products {
				if !strings.Contains(strings.Join(want, " "), p.SKU) && (strings.Contains(string(e.Payload), p.SKU) || strings.Contains(string(e.Payload), p.ID) || strings.Contains(string(e.State), p.SKU)) {
					t.Errorf("%s is in the picture: %s", p.SKU, e.Payload)
				}
			}
		}
	}
	known()
	f.pin(2)
	known("SKU-2")
	f.clock.Add(30*time.Minute - time.Millisecond)
	known("SKU-2")
	f.clock.Add(time.Millisecond)
	known("SKU-1", "SKU-2")
	for range 2 { // from SKU-2, which is the present line since it was shown by hand
		known("SKU-1", "SKU-2")
		_, err = f.Step(ctx, "corn", store.Step{Back: true}, "anna", store.Once{})
		must(t, err)
	}
	known("SKU-0", "SKU-1", "SKU-2")
}
