package store

import (
	"context"
	"encoding/json"
	"fmt"

	"mediad/overlay"
	"mediad/overlay/search"
)

// termsOf gives the terms by which a product is found: of its titles, codes, options
// and categories. Who changes what they are empties both tables of the index in a
// step of the schema: the start after it fills them again.
func termsOf(p overlay.Product) search.Terms {
	t := search.Terms{}
	t.Name(p.Title)
	for _, title := range p.Titles {
		t.Name(title)
	}
	t.Code(p.SKU)
	t.Code(p.GTIN)
	for _, v := range p.Variants {
		t.Code(v.SKU)
		t.Code(v.GTIN)
		for _, value := range v.Options {
			t.Name(value)
		}
	}
	t.Category(p.Category)
	t.Owner(p.Org)
	return t
}

// index makes products findable as they are now. Most changes are of a price or of
// stock, and change no terms.
func (t *tx) index(ctx context.Context, products ...overlay.Product) error {
	there, err := t.indexed(ctx, ids(products))
	if err != nil {
		return err
	}
	var next int64
	if len(there) < len(products) {
		if err := t.QueryRowContext(ctx, `SELECT coalesce(max(n), -1) + 1 FROM product_number`).Scan(&next); err != nil {
			return fmt.Errorf("find a number for a product: %w", err)
		}
	}
	changes, newcomers := termChanges{}, map[string]int64{}
	rows := make([][3]any, 0, len(products))
	var categories []overlay.Category
	for _, p := range products {
		at, known := there[p.ID]
		if !known {
			at, next = indexedProduct{n: next}, next+1
			newcomers[p.ID] = at.n
		}
		changes.add(at.n, at.terms, termsOf(p))
		if p.Category != "" && (!known || at.category != p.Category) {
			categories = append(categories, overlay.Category{Org: p.Org, Path: p.Category})
		}
		if err := t.useImages(ctx, p); err != nil {
			return err
		}
		rows = append(rows, [3]any{p.ID, at.n, p.Rev})
	}
	if err := t.addCategories(ctx, categories); err != nil {
		return err
	}
	if err := t.poolTerms(ctx, changes, newcomers); err != nil {
		return err
	}
	text, err := json.Marshal(rows)
	if err != nil {
		return err
	}
	_, err = t.ExecContext(ctx, `INSERT INTO product_number(product, n, rev) SELECT c.value->>0, CAST(c.value->>1 AS BIGINT), CAST(c.value->>2 AS BIGINT) FROM `+t.s.dialect.Rows()+
		` WHERE 1 = 1 ON CONFLICT (product) DO UPDATE SET rev = excluded.rev`, string(text))
	if err != nil {
		return fmt.Errorf("give products their numbers: %w", err)
	}
	return t.changeTerms(ctx, changes)
}

// unindex takes a product out of the index, before its revisions go.
func (t *tx) unindex(ctx context.Context, product string) error {
	there, err := t.indexed(ctx, list([]string{product}))
	at, known := there[product]
	if err != nil || !known {
		return err
	}
	changes := termChanges{}
	changes.add(at.n, at.terms, search.Terms{})
	pools, err := t.poolsOf(ctx, []string{product})
	if err != nil {
		return err
	}
	for _, m := range pools {
		changes.drop(at.n, search.InPool(m.pool).Term)
	}
	if err := t.changeTerms(ctx, changes); err != nil {
		return err
	}
	if _, err := t.ExecContext(ctx, `DELETE FROM product_number WHERE product = ?`, product); err != nil {
		return fmt.Errorf("take a product's number away: %w", err)
	}
	return nil
}

// indexedProduct is what the index has of a product.
type indexedProduct struct {
	n        int64
	terms    search.Terms
	category string
}

// indexed gives what the index has of products, by their ids.
func (t *tx) indexed(ctx context.Context, products string) (map[string]indexedProduct, error) {
	all := map[string]indexedProduct{}
	_, err := collect(ctx, t, func(row scanner) (none struct{}, err error) {
		var at indexedProduct
		var body []byte
		if err := row.Scan(&at.n, &body); err != nil {
			return none, err
		}
		p, err := scanProduct(one{body})
		at.terms, at.category = termsOf(p), p.Category
		all[p.ID] = at
		return none, err
	}, `SELECT f.n, r.body FROM product_number f JOIN product_rev r ON r.product = f.product AND r.rev = f.rev WHERE f.product IN `+t.s.dialect.List(), products)
	if err != nil {
		return nil, fmt.Errorf("find the numbers of products: %w", err)
	}
	return all, nil
}

// ids gives the ids of products as the argument of dialect.List.
func ids(products []overlay.Product) string {
	all := make([]string, len(products))
	for i, p := range products {
		all[i] = p.ID
	}
	return list(all)
}

// indexAtOnce is how many products are indexed in one transaction.
const indexAtOnce = 250

// IndexProducts makes the products findable that are not yet, and those that were
// changed without it. It works in small steps behind other writers, and may be ended
// at any moment: the next call goes on.
func (s *Store) IndexProducts(ctx context.Context) error {
	for after := ""; ; {
		list, err := collect(ctx, s.reader, scanProduct, `SELECT r.body FROM product p JOIN product_rev r ON r.product = p.id AND r.rev = p.rev
			LEFT JOIN product_number f ON f.product = p.id
			WHERE p.id > ? AND p.deleted_at IS NULL AND (f.n IS NULL OR f.rev <> p.rev) ORDER BY p.id LIMIT ?`, after, indexAtOnce)
		if err != nil {
			return fmt.Errorf("find products that are not indexed: %w", err)
		}
		if len(list) == 0 {
			return nil
		}
		err = s.behind(ctx, func(t *tx) error {
			// They may have been changed or deleted since they were read.
			present, err := collect(ctx, t, scanProduct, `SELECT r.body FROM product p JOIN product_rev r ON r.product = p.id AND r.rev = p.rev
				WHERE p.id IN `+t.s.dialect.List()+` AND p.deleted_at IS NULL ORDER BY p.id`, ids(list))
			if err != nil {
				return err
			}
			return t.index(ctx, present...)
		})
		if err != nil {
			return fmt.Errorf("index products: %w", err)
		}
		after = list[len(list)-1].ID
	}
}
