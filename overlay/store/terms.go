package store

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

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
	there, next, err := t.indexed(ctx, products)
	if err != nil {
		return err
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
		changes.add(at.n, at, termsOf(p))
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
	if err := t.number(ctx, rows); err != nil {
		return err
	}
	return t.changeTerms(ctx, changes)
}

// number keeps the numbers of products, and the revisions whose terms the index has.
func (t *tx) number(ctx context.Context, rows [][3]any) error {
	if len(rows) == 0 {
		return nil
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
	return nil
}

// unindex takes a product out of the index, before its revisions go.
func (t *tx) unindex(ctx context.Context, product string) error {
	there, _, err := t.indexed(ctx, []overlay.Product{{ID: product}})
	at, known := there[product]
	if err != nil || !known {
		return err
	}
	changes := termChanges{}
	changes.add(at.n, at, nil)
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
	maybe    search.Terms // these, and those of revisions that an import has prepared
	category string
}

// indexed gives what the index has of products, by their ids, and the number of the next
// one that comes.
func (t *tx) indexed(ctx context.Context, products []overlay.Product) (all map[string]indexedProduct, next int64, err error) {
	all = make(map[string]indexedProduct, len(products))
	_, err = collect(ctx, t, func(row scanner) (none struct{}, err error) {
		var n, rev int64
		var body []byte
		if err := row.Scan(&n, &rev, &body); err != nil {
			return none, err
		}
		p, err := scanProduct(one{body})
		at, terms := all[p.ID], termsOf(p)
		at.n = n
		if p.Rev == rev {
			at.terms, at.category = terms, p.Category
		}
		if at.maybe == nil {
			at.maybe = search.Terms{}
		}
		maps.Copy(at.maybe, terms)
		all[p.ID] = at
		return none, err
	}, `SELECT f.n, f.rev, r.body FROM product_number f JOIN product_rev r ON r.product = f.product AND r.rev >= f.rev WHERE f.product IN `+t.s.dialect.List(), ids(products))
	if err == nil && len(all) < len(products) {
		err = t.QueryRowContext(ctx, `SELECT coalesce(max(n), -1) + 1 FROM product_number`).Scan(&next)
	}
	if err != nil {
		return nil, 0, fmt.Errorf("find the numbers of products: %w", err)
	}
	return all, next, nil
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
const indexAtOnce = 500

// IndexProducts makes the products findable that are not yet, and those that were
// changed without it. It works in small steps behind other writers, and may be ended
// at any moment: the next call goes on.
func (s *Store) IndexProducts(ctx context.Context) error {
	all, err := collect(ctx, s.reader, func(row scanner) (p overlay.Product, err error) { return p, row.Scan(&p.ID) }, `SELECT p.id FROM product p LEFT JOIN product_number f ON f.product = p.id
		WHERE p.rev > 0 AND p.deleted_at IS NULL AND (f.n IS NULL OR f.rev <> p.rev) ORDER BY p.id`)
	if err != nil {
		return fmt.Errorf("find products that are not indexed: %w", err)
	}
	for some := range slices.Chunk(all, indexAtOnce) {
		err = s.atLeisure(ctx, func(t *tx) error { return t.reindex(ctx, ids(some)) })
		if err != nil {
			return fmt.Errorf("index products: %w", err)
		}
	}
	return s.settle(ctx)
}

// reindex indexes products as they are at this moment, those that are deleted left out.
func (t *tx) reindex(ctx context.Context, products string) error {
	present, err := collect(ctx, t, scanProduct, `SELECT r.body FROM product p JOIN product_rev r ON r.product = p.id AND r.rev = p.rev
		WHERE p.id IN `+t.s.dialect.List()+` AND p.deleted_at IS NULL ORDER BY p.id`, products)
	if err != nil {
		return err
	}
	return t.index(ctx, present...)
}
