package store_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mediad/overlay"
	"mediad/overlay/store"
)

// TestNews: whoever follows a room hears which products of its organisation changed, came
// or went, and by whom; nothing of what was refused, and nothing of other organisations.
func TestNews(t *testing.T) {
	f := newFixture(t)
	ctx := store.Signed(t.Context(), overlay.By{Name: "Ann"})
	news, stop, err := f.As(overlay.System("test")).FollowProducts(ctx, "corn")
	must(t, err)
	if edits, many := news.Take(); edits != nil || many {
		t.Errorf("before anything happened: %v, %v", edits, many)
	}
	price := int64(7)
	_, err = f.UpdateProduct(ctx, f.products[1].ID, overlay.ProductChange{Price: &price})
	must(t, err)
	made, err := f.CreateProduct(ctx, overlay.Product{SKU: "NEW", Title: "New", Price: 1, Currency: "CNY"}, store.Once{})
	must(t, err)
	must(t, f.DeleteProduct(ctx, f.products[0].ID, "test"))
	if _, err = f.CreateProduct(ctx, overlay.Product{SKU: "NEW", Title: "Twice", Price: 1, Currency: "CNY"}, store.Once{}); overlay.CodeOf(err) != overlay.Conflict {
		t.Error(err)
	}
	other, err := f.CreateOrg(ctx, overlay.Org{Name: "Other", Kind: overlay.MerchantOrg}, overlay.System("test"), store.Once{})
	must(t, err)
	_, err = f.CreateProduct(ctx, overlay.Product{SKU: "NEW", Title: "Other", Price: 1, Currency: "CNY", Org: other.ID}, store.Once{})
	must(t, err)
	<-news.Ready
	edits, many := news.Take()
	ann := overlay.By{Name: "Ann"}
	want := []store.Edit{{Product: f.products[1].ID, By: ann}, {Product: made.ID, By: ann}, {Product: f.products[0].ID, By: ann}}
	if diff := cmp.Diff(want, edits); diff != "" || many {
		t.Errorf("many: %v; (-want +got)\n%s", many, diff)
	}

	for i := range 25 {
		price := int64(100 + i)
		_, err := f.UpdateProduct(ctx, f.products[2].ID, overlay.ProductChange{Price: &price})
		must(t, err)
	}
	<-news.Ready
	if edits, many := news.Take(); len(edits) != 1 || many {
		t.Errorf("one product that changed often: %d, %v", len(edits), many)
	}
	for i := range 25 {
		_, err := f.CreateProduct(ctx, overlay.Product{SKU: fmt.Sprint("MANY-", i), Title: "Many", Price: 1, Currency: "CNY"}, store.Once{})
		must(t, err)
	}
	<-news.Ready
	if edits, many := news.Take(); edits != nil || !many {
		t.Errorf("of 25 products: %d, %v", len(edits), many)
	}
	f.apply(f.read(item(1, "CORN-9", "Corn", 100, "CNY")))
	<-news.Ready
	if edits, many := news.Take(); edits != nil || !many {
		t.Errorf("of an import: %d, %v", len(edits), many)
	}
	stop()
	stop()
	_, err = f.UpdateProduct(ctx, f.products[3].ID, overlay.ProductChange{Price: &price})
	must(t, err)
	if edits, many := news.Take(); edits != nil || many {
		t.Errorf("after the end: %v, %v", edits, many)
	}
}
