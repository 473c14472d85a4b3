package store_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"mediad/overlay"
	"mediad/overlay/store"
)

// What an import brings is not found before it is seen, and found from the moment in
// which it is: no step after that is needed. What others do meanwhile is found, too.
func TestImportIsFoundWithTheSwitch(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	pool, err := f.CreatePool(ctx, overlay.HomeOrg, "All", "ann", store.Once{})
	must(t, err)
	finds := func(when string, want map[string]string) {
		t.Helper()
		for text, skus := range want {
			q := store.ProductQuery{In: overlay.Everything(), Text: text, Limit: 2}
			var all []string
			for {
				page, next, err := f.FindProducts(ctx, q)
				must(t, err)
				for _, p := range page {
					all = append(all, p.SKU)
				}
				if q.Cursor = next; next == "" {
					break
				}
			}
			if got := strings.Join(all, " "); got != skus {
				t.Errorf("%s, %q finds %q, want %q", when, text, got, skus)
			}
			if n, err := f.CountProducts(ctx, q); err != nil || n != int64(len(all)) {
				t.Errorf("%s, %q finds %d products, and counts %d: %v", when, text, len(all), n, err)
			}
			in, err := f.AddFound(ctx, pool.ID, q, "ann")
			if err != nil || in.Products != int64(len(all)) {
				t.Errorf("%s, a pool of what %q finds has %d products: %v", when, text, in.Products, err)
			}
			_, err = f.ChangePool(ctx, pool.ID, store.PoolChange{All: true, From: overlay.Everything()}, "ann")
			must(t, err)
		}
	}
	category := "Wear > Shirts"
	shirt := item(7, "TEE", "Red shirt", 500, "CNY")
	shirt.Change.Category = &category
	i := f.read(item(2, "SKU-0", "Sweet maize", 1000, "CNY"), item(3, "SKU-1", "Dried maize", 1001, "CNY"), item(4, "SKU-2", "Fresh maize", 1002, "CNY"),
		item(5, "SKU-3", "Maize flour", 1003, "CNY"), item(6, "SKU-4", "Corn 4", 1004, "CNY"), shirt, item(8, "CUP", "Corn cup", 500, "CNY"))
	before := map[string]string{"maize": "", "corn": "SKU-0 SKU-1 SKU-2 SKU-3 SKU-4", "shirt": "", "cup": "", "tee": "", "sku": "SKU-0 SKU-1 SKU-2 SKU-3 SKU-4"}
	finds("when it is read", before)
	_, err = f.ConfirmImport(ctx, i.ID, nil, "ann")
	must(t, err)
	must(t, store.PrepareImport(f.Store, i))
	finds("when it is prepared", before)
	categories, _, err := f.Categories(ctx, overlay.Everything(), "", 10)
	if err != nil || len(categories) > 0 {
		t.Errorf("%+v, %v", categories, err)
	}
	f.reopen()
	finds("after a restart", before)
	title := "Ears of corn"
	_, err = f.UpdateProduct(ctx, "SKU-1", overlay.ProductChange{Title: &title})
	must(t, err)
	must(t, f.DeleteProduct(ctx, "SKU-2", "ann"))
	_, err = f.CreateProduct(ctx, overlay.Product{SKU: "OTHER", Title: "Corn soup", Currency: "CNY"}, store.Once{})
	must(t, err)
	f.begin()
	f.pin(3)
	finds("when others have changed it", map[string]string{"maize": "", "corn": "SKU-0 SKU-1 SKU-3 SKU-4 OTHER", "ears": "SKU-1", "cup": "", "dried": ""})
	must(t, store.SwitchImport(f.Store, i))
	after := map[string]string{"maize": "SKU-0", "corn": "SKU-1 SKU-3 SKU-4 CUP OTHER", "ears": "SKU-1", "cup": "CUP", "shirt": "TEE", "dried": "", "flour": "", "tee": "TEE"}
	finds("after the switch", after)
	sour := "Sour maize"
	_, err = f.UpdateProduct(ctx, "SKU-0", overlay.ProductChange{Title: &sour})
	must(t, err)
	after["sweet"], after["sour"] = "", "SKU-0"
	finds("when it is changed at once", after)
	must(t, f.ApplyImport(ctx, i.ID))
	finds("at the end", after)
	categories, _, err = f.Categories(ctx, overlay.Everything(), "", 10)
	if err != nil || len(categories) != 2 || categories[1].Path != category || categories[1].Products != 1 {
		t.Errorf("%+v, %v", categories, err)
	}
	has, should, err := store.IndexedTerms(f.Store)
	must(t, err)
	for term, skus := range has {
		if slices.Sort(skus); len(skus) == 0 || strings.HasPrefix(term, "%") {
			delete(has, term)
		}
		slices.Sort(should[term])
	}
	if !reflect.DeepEqual(has, should) {
		for term := range has {
			if !slices.Equal(has[term], should[term]) {
				t.Errorf("the index has %q: %v, want %v", term, has[term], should[term])
			}
		}
		for term := range should {
			if has[term] == nil {
				t.Errorf("the index lacks %q", term)
			}
		}
	}
}
