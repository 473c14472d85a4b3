package store_test

import (
	"testing"

	"mediad/overlay"
	"mediad/overlay/store"
)

// TestLineOfAVariant: a line with the SKU of a variant is of that variant's product. Where
// two products have variants of one SKU, the click decides, or nothing does.
func TestLineOfAVariant(t *testing.T) {
	f := newFixture(t)
	ctx := t.Context()
	b := f.begin()
	other, err := f.CreateOrg(ctx, overlay.Org{Name: "Other", Kind: overlay.MerchantOrg}, overlay.System("test"), store.Once{})
	must(t, err)
	make := func(org, sku string, variants ...string) overlay.Product {
		t.Helper()
		p := overlay.Product{Org: org, SKU: sku, Title: sku, Price: 100, Currency: "CNY", Type: overlay.Physical, Link: "https://shop.example/" + sku}
		for _, v := range variants {
			p.Variants = append(p.Variants, overlay.Variant{SKU: v, Options: map[string]string{"size": v}})
		}
		p, err := f.CreateProduct(ctx, p, store.Once{})
		must(t, err)
		return p
	}
	shirt, hat := make(overlay.HomeOrg, "SHIRT", "SHIRT-M", "SHIRT-L", "L"), make(overlay.HomeOrg, "HAT", "HAT-M", "L")
	make(other.ID, "THEIRS", "THEIRS-M")
	shop, err := f.CreateShop(ctx, overlay.Shop{Org: overlay.HomeOrg, Name: "Shop", Kind: overlay.ShopLink}, nil, "test", store.Once{})
	must(t, err)
	click := overlay.Click{ID: f.NewID(), Show: b.Show, Product: hat.ID, Rev: hat.Rev, At: f.clock.Now()}
	must(t, f.AddClicks(ctx, []overlay.Click{click}))
	for _, c := range []struct{ name, sku, click, product, variant string }{
		{"a variant", "SHIRT-L", "", shirt.ID, shirt.Variants[1].ID},
		{"the product itself", "SHIRT", "", shirt.ID, ""},
		{"a part of a SKU", "SHIRT-", "", "", ""},
		{"another case", "shirt-l", "", "", ""},
		{"a variant of another organisation", "THEIRS-M", "", "", ""},
		{"a SKU of two products", "L", "", "", ""},
		{"a SKU of two products, with a click", "L", click.ID, hat.ID, hat.Variants[1].ID},
		{"no letter", "---", "", "", ""},
	} {
		must(t, f.TakeFacts(ctx, shop, []overlay.OrderFact{{Kind: overlay.OrderPaid, Delivery: c.name, Order: c.name, At: f.clock.Now(), Amount: 100, Currency: "CNY", Click: c.click,
			Lines: []overlay.OrderLine{{SKU: c.sku, Title: c.sku, Quantity: 1, Amount: 100}}}}))
		all, err := f.OrdersWithLines(ctx, store.Orders{In: overlay.Everything()}, "", 1)
		must(t, err)
		if l := all[0].Lines[0]; all[0].Name != c.name || l.Product != c.product || l.Variant != c.variant {
			t.Errorf("%s: %+v of %q", c.name, l, all[0].Name)
		}
	}
}
