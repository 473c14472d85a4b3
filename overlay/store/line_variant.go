package store

import (
	"context"
	"fmt"

	"mediad/overlay"
)

// maxSameSKU is how many products are looked at for a SKU that words of many have.
const maxSameSKU = 100

// variantBySKU finds the variant of a product of an organisation that a line of an order
// is of. SKUs of variants are unique in their product alone: where several products have
// the same one, it is that of the product whose card the buyer came from; else none is
// found, and nobody is told of sales that may be another's.
func (t *tx) variantBySKU(ctx context.Context, org, sku, order string) (product, variant string, err error) {
	page, _, err := t.s.FindProducts(ctx, ProductQuery{In: overlay.Scope{Orgs: []string{org}}, Text: sku, Limit: maxSameSKU})
	if err != nil {
		return "", "", fmt.Errorf("find a variant by its SKU: %w", err)
	}
	all := map[string]string{} // variants by their products
	for _, p := range page {
		for _, v := range p.Variants {
			if v.SKU == sku {
				product, variant, all[p.ID] = p.ID, v.ID, v.ID
			}
		}
	}
	if len(all) < 2 {
		return product, variant, nil
	}
	err = t.QueryRowContext(ctx, `SELECT coalesce(product, '') FROM shop_order WHERE id = ?`, order).Scan(&product)
	if err != nil {
		return "", "", fmt.Errorf("find where an order came from: %w", err)
	}
	if all[product] == "" {
		return "", "", nil
	}
	return product, all[product], nil
}
