package store_test

import (
	"strings"
	"testing"

	"mediad/overlay"
	"mediad/overlay/store"
)

func TestProductIsCreatedOnce(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	p := overlay.Product{SKU: "TEA", Title: "Tea", Price: 1, Currency: "JPY"}
	once := store.Once{Key: "k", Body: [32]byte{1}}
	a, err := f.CreateProduct(ctx, p, once)
	must(t, err)
	price := int64(2)
	_, err = f.UpdateProduct(ctx, a.ID, overlay.ProductChange{Price: &price})
	must(t, err)
	b, err := f.CreateProduct(ctx, p, once)
	must(t, err)
	if b.ID != a.ID || b.Rev != 1 || b.Price != 1 {
		t.Errorf("the repeated answer is %+v", b)
	}
	once.Body[0] = 2
	_, err = f.CreateProduct(ctx, p, once)
	wantCode(t, err, overlay.Invalid)
	_, err = f.CreateProduct(ctx, p, store.Once{})
	wantCode(t, err, overlay.Conflict)
}

func TestProductRevisions(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	id := f.products[0].ID
	title := "Sweet corn"
	p, err := f.UpdateProduct(ctx, "SKU-0", overlay.ProductChange{Rev: 1, Title: &title})
	must(t, err)
	if p.Rev != 2 || p.Title != title {
		t.Errorf("got %+v", p)
	}
	_, err = f.UpdateProduct(ctx, id, overlay.ProductChange{Rev: 1, Title: &title})
	wantCode(t, err, overlay.Conflict)
	p, err = f.UpdateProduct(ctx, id, overlay.ProductChange{Title: &title})
	if err != nil || p.Rev != 2 {
		t.Errorf("a change of nothing: %+v, %v", p, err)
	}
	taken := "SKU-1"
	_, err = f.UpdateProduct(ctx, id, overlay.ProductChange{SKU: &taken})
	wantCode(t, err, overlay.Conflict)
	old, err := f.GetProduct(ctx, id, 1)
	if err != nil || old.Title != "Corn 0" {
		t.Errorf("the old revision: %+v, %v", old, err)
	}
	_, err = f.GetProduct(ctx, id, 9)
	wantCode(t, err, overlay.NotFound)
}

func TestUpdateOfPinnedProductIsTold(t *testing.T) {
	f := newFixture(t)
	f.pin(0)
	f.pin(1)
	price, none := int64(990), int64(0)
	p, err := f.UpdateProduct(t.Context(), f.products[0].ID, overlay.ProductChange{Price: &price, ListPrice: &none})
	must(t, err)
	_, err = f.UpdateProduct(t.Context(), f.products[4].ID, overlay.ProductChange{Price: &price})
	must(t, err)
	events := f.events(f.show())
	if got := kinds(events); got != "product.pin product.pin product.update" {
		t.Fatalf("got %s", got)
	}
	want := `"product":{"id":"` + p.ID + `","rev":2,"price":990,"list_price":null}}`
	if got := string(events[2].Payload); !strings.HasSuffix(got, want) {
		t.Errorf("got %s", got)
	}
}

func TestListProductsByCursor(t *testing.T) {
	f := newFixture(t)
	var got []string
	for after := ""; ; {
		list, err := f.ListProducts(t.Context(), overlay.Everything(), after, 2)
		must(t, err)
		if len(list) == 0 {
			break
		}
		for _, p := range list {
			got = append(got, p.SKU)
		}
		after = list[len(list)-1].ID
	}
	if strings.Join(got, " ") != "SKU-0 SKU-1 SKU-2 SKU-3 SKU-4" {
		t.Errorf("got %v", got)
	}
}
