package store

import (
	"context"
	"database/sql"
	"errors"
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
	changes := termChanges{}
	for _, p := range products {
		n, before, err := t.indexed(ctx, p.ID)
		if err != nil {
			return err
		}
		if before == nil {
			before = search.Terms{}
			if err := t.QueryRowContext(ctx, `SELECT coalesce(max(n), -1) + 1 FROM product_number`).Scan(&n); err != nil {
				return fmt.Errorf("find a number for a product: %w", err)
			}
		}
		changes.add(n, before, termsOf(p))
		_, err = t.ExecContext(ctx, `INSERT INTO product_number(product, n, rev) VALUES (?,?,?) ON CONFLICT (product) DO UPDATE SET rev = excluded.rev`, p.ID, n, p.Rev)
		if err != nil {
			return fmt.Errorf("give a product a number: %w", err)
		}
		if err := t.useImages(ctx, p); err != nil {
			return err
		}
	}
	return t.changeTerms(ctx, changes)
}

// unindex takes a product out of the index, before its revisions go.
func (t *tx) unindex(ctx context.Context, product string) error {
	n, before, err := t.indexed(ctx, product)
	if err != nil || before == nil {
		return err
	}
	changes := termChanges{}
	changes.add(n, before, search.Terms{})
	if err := t.changeTerms(ctx, changes); err != nil {
		return err
	}
	if _, err := t.ExecContext(ctx, `DELETE FROM product_number WHERE product = ?`, product); err != nil {
		return fmt.Errorf("take a product's number away: %w", err)
	}
	return nil
}

// indexed gives the number of a product, and the terms that the index has of it; nil:
// it has none.
func (t *tx) indexed(ctx context.Context, product string) (n int64, terms search.Terms, err error) {
	var body []byte
	err = t.QueryRowContext(ctx, `SELECT f.n, r.body FROM product_number f JOIN product_rev r ON r.product = f.product AND r.rev = f.rev WHERE f.product = ?`, product).Scan(&n, &body)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil, nil
	}
	if err != nil {
		return 0, nil, fmt.Errorf("find a product's number: %w", err)
	}
	p, err := scanProduct(one{body})
	return n, termsOf(p), err
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
			var present []overlay.Product
			for _, p := range list {
				// It may have been changed or deleted since it was read.
				now, err := product(ctx, t, p.ID, 0)
				if overlay.CodeOf(err) == overlay.NotFound {
					continue
				}
				if err != nil {
					return err
				}
				present = append(present, now)
			}
			return t.index(ctx, present...)
		})
		if err != nil {
			return fmt.Errorf("index products: %w", err)
		}
		after = list[len(list)-1].ID
	}
}
