package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"mediad/overlay"
)

// CreateProduct makes a product at revision 1.
func (s *Store) CreateProduct(ctx context.Context, p overlay.Product, o Once) (overlay.Product, error) {
	p, err := p.Checked()
	if err != nil {
		return overlay.Product{}, err
	}
	var made overlay.Product
	err = s.write(ctx, func(t *tx) (err error) {
		made, err = once(ctx, t, "products", o, func() (string, overlay.Product, error) {
			p := p
			p.ID, p.Rev, p.Org = t.s.newID(), 1, orHome(p.Org)
			if err := t.freeSKU(ctx, p); err != nil {
				return "", p, err
			}
			_, err := t.ExecContext(ctx, `INSERT INTO product(id, org, sku, rev, created_at, updated_at) VALUES (?,?,?,1,?,?)`,
				p.ID, p.Org, p.SKU, t.now.UnixMilli(), t.now.UnixMilli())
			if err != nil {
				return "", p, fmt.Errorf("add product: %w", err)
			}
			if err := t.checkImages(ctx, overlay.Product{}, p); err != nil {
				return "", p, err
			}
			if _, err := t.addRev(ctx, p); err != nil {
				return "", p, err
			}
			first, err := product(ctx, t, p.ID, 1)
			return p.ID, first, err
		}, func(id string) (overlay.Product, error) { return product(ctx, t, id, 1) })
		return err
	})
	if err != nil {
		return overlay.Product{}, err
	}
	return made, nil
}

// UpdateProduct changes a product (by id or SKU), as somebody wants it. That makes a
// new revision, and the open shows that have the product take the change over
// (tellChanged). A request that changes nothing makes no revision.
func (s *Store) UpdateProduct(ctx context.Context, id string, change overlay.ProductChange) (overlay.Product, error) {
	return s.updateProductBy(ctx, id, change, "")
}

// updateProductBy is UpdateProduct for somebody, whom the audit names where a name, a
// price or the stock changes; "": the server itself, which it does not.
func (s *Store) updateProductBy(ctx context.Context, id string, change overlay.ProductChange, actor string) (overlay.Product, error) {
	var after overlay.Product
	err := s.write(ctx, func(t *tx) (err error) {
		var before overlay.Product
		if before, after, err = t.updateProduct(ctx, id, change); err != nil {
			return err
		}
		changes := overlay.AlteredProduct(before, after)
		if actor == "" || len(changes) == 0 {
			return nil
		}
		return t.auditIn(ctx, after.Org, actor, "product.change", after.SKU, changes...)
	})
	if err != nil {
		return overlay.Product{}, err
	}
	return after, nil
}

func (t *tx) updateProduct(ctx context.Context, id string, change overlay.ProductChange) (before, after overlay.Product, err error) {
	if before, err = product(ctx, t, id, 0); err != nil {
		return before, before, err
	}
	after, err = t.replaceProduct(ctx, before, change)
	return before, after, err
}

func (t *tx) replaceProduct(ctx context.Context, before overlay.Product, change overlay.ProductChange) (overlay.Product, error) {
	after, err := before.Changed(change)
	if err != nil || after.Rev == before.Rev {
		return after, err
	}
	if after.Rev, err = t.nextRev(ctx, after.ID, after.Rev); err != nil {
		return after, err
	}
	if after.SKU != before.SKU {
		if err := t.freeSKU(ctx, after); err != nil {
			return after, err
		}
	}
	_, err = t.ExecContext(ctx, `UPDATE product SET sku = ?, rev = ?, updated_at = ? WHERE id = ?`,
		after.SKU, after.Rev, t.now.UnixMilli(), after.ID)
	if err != nil {
		return after, fmt.Errorf("change product: %w", err)
	}
	if err := t.checkImages(ctx, before, after); err != nil {
		return after, err
	}
	if after, err = t.addRev(ctx, after); err != nil {
		return after, err
	}
	return after, t.tellChanged(ctx, before, after)
}

// freeSKU refuses a SKU that the organisation of the product has already.
func (t *tx) freeSKU(ctx context.Context, p overlay.Product) error {
	var n int
	if err := t.QueryRowContext(ctx, `SELECT count(*) FROM product WHERE org = ? AND sku = ?`, p.Org, p.SKU).Scan(&n); err != nil {
		return fmt.Errorf("find sku: %w", err)
	}
	if n > 0 {
		return overlay.Errorf(overlay.Conflict, "sku: there is a product %q already", p.SKU)
	}
	return nil
}

// addRev keeps a revision and makes it findable, and gives it with the ids of its
// new variants.
func (t *tx) addRev(ctx context.Context, p overlay.Product) (overlay.Product, error) {
	p = p.Numbered()
	body, err := json.Marshal(p)
	if err != nil {
		return p, err
	}
	_, err = t.ExecContext(ctx, `INSERT INTO product_rev(product, rev, body, at) VALUES (?,?,?,?)`, p.ID, p.Rev, string(body), t.now.UnixMilli())
	if err != nil {
		return p, fmt.Errorf("add product revision: %w", err)
	}
	t.touched(p.Org, p.ID, false)
	return p, t.index(ctx, p)
}

// GetProduct gives a product by id or SKU at a revision, 0 for the newest.
func (s *Store) GetProduct(ctx context.Context, id string, rev int64) (overlay.Product, error) {
	return product(ctx, s.reader, id, rev)
}

// ListProducts gives at most limit products of a scope whose id comes after the given
// one, oldest first, at their newest revisions.
func (s *Store) ListProducts(ctx context.Context, in overlay.Scope, after string, limit int) ([]overlay.Product, error) {
	where, args := s.scoped(in, "p.org", "")
	list, err := collect(ctx, s.reader, scanProduct,
		`SELECT r.body FROM product p JOIN product_rev r ON r.product = p.id AND r.rev = p.rev
		 WHERE `+where+` AND p.id > ? ORDER BY p.id LIMIT ?`, append(args, after, limit)...)
	if err != nil {
		return nil, fmt.Errorf("list products: %w", err)
	}
	return list, nil
}

// ScopedProduct gives a product of a scope, or one that is granted to it, by id or SKU, at
// its newest revision. Of several with the same SKU one of the scope comes first, then
// that of the first organisation, then the oldest.
func (s *Store) ScopedProduct(ctx context.Context, in overlay.Scope, id string) (overlay.Product, error) {
	where, args := s.seen(in)
	p, err := scanProduct(s.reader.QueryRowContext(ctx, `SELECT r.body FROM product p JOIN product_rev r ON r.product = p.id AND r.rev = p.rev
		WHERE `+where+` AND (p.id = ? OR p.sku = ?) ORDER BY p.id = ? DESC, p.org IN `+s.dialect.List()+` DESC, p.org = 'home' DESC, p.id LIMIT 1`, append(args, id, id, id, list(in.Orgs))...))
	if errors.Is(err, sql.ErrNoRows) {
		return overlay.Product{}, overlay.Errorf(overlay.NotFound, "there is no such product")
	}
	if err != nil {
		return overlay.Product{}, fmt.Errorf("find product: %w", err)
	}
	return p, nil
}

func product(ctx context.Context, q querier, id string, rev int64) (overlay.Product, error) {
	p, err := scanProduct(q.QueryRowContext(ctx,
		`SELECT r.body FROM product p JOIN product_rev r ON r.product = p.id AND r.rev = CASE CAST(? AS BIGINT) WHEN 0 THEN p.rev ELSE ? END
		 WHERE p.id = ? OR p.sku = ? ORDER BY p.id = ? DESC, p.org = 'home' DESC, p.id LIMIT 1`, rev, rev, id, id, id))
	if errors.Is(err, sql.ErrNoRows) {
		return overlay.Product{}, overlay.Errorf(overlay.NotFound, "there is no such product")
	}
	if err != nil {
		return overlay.Product{}, fmt.Errorf("find product: %w", err)
	}
	return p, nil
}

func scanProduct(row scanner) (p overlay.Product, err error) {
	var body []byte
	if err := row.Scan(&body); err != nil {
		return p, err
	}
	if err := json.Unmarshal(body, &p); err != nil {
		return p, err
	}
	if p.Type == "" {
		p.Type = overlay.Physical // as revisions of older programs are
	}
	p.Org = orHome(p.Org)
	return p, nil
}
