package store

import (
	"cmp"
	"context"
	"fmt"

	"mediad/overlay"
)

// Listings gives how a shop knows products behind a key, in the order of their keys; of
// all products, or of one.
func (s *Store) Listings(ctx context.Context, shop, product, after string, limit int) ([]overlay.Listing, error) {
	variant := ""
	if of, ok := overlay.VariantProduct(after); ok {
		after, variant = of, after
	}
	list, err := collect(ctx, s.reader, scanListing, selectListing+`WHERE shop = ? AND (? = '' OR product = ?) AND (product, variant) > (?, ?) ORDER BY product, variant LIMIT ?`,
		shop, product, product, after, variant, limit)
	if err != nil {
		return nil, fmt.Errorf("list listings: %w", err)
	}
	return list, nil
}

// SetListing says how a shop knows a product, or a variant of it.
func (s *Store) SetListing(ctx context.Context, l overlay.Listing, actor string) (overlay.Listing, error) {
	defer s.checkouts.forget()
	err := s.write(ctx, func(t *tx) error {
		shop, _, err := s.shop(ctx, t, l.Shop)
		if err != nil {
			return err
		}
		p, err := product(ctx, t, l.Product, 0)
		if err != nil {
			return err
		}
		if p.Org != shop.Org {
			return overlay.Errorf(overlay.NotFound, "the organisation of the shop has no such product")
		}
		if l, err = l.Checked(shop, p); err != nil {
			return err
		}
		_, err = t.ExecContext(ctx, `INSERT INTO listing(shop, product, variant, link, ref) VALUES (?,?,?,?,?)
			ON CONFLICT (shop, product, variant) DO UPDATE SET link = excluded.link, ref = excluded.ref`, l.Shop, l.Product, l.Variant, orNull(l.Link), orNull(l.Ref))
		if err != nil {
			return fmt.Errorf("write listing: %w", err)
		}
		t.changed = true
		return t.auditIn(ctx, shop.Org, actor, "listing.set", p.SKU)
	})
	return l, err
}

// DeleteListing lets a shop know a product, or a variant of it, no more.
func (s *Store) DeleteListing(ctx context.Context, l overlay.Listing, actor string) error {
	defer s.checkouts.forget()
	return s.write(ctx, func(t *tx) error {
		shop, _, err := s.shop(ctx, t, l.Shop)
		if err != nil {
			return err
		}
		done, err := t.ExecContext(ctx, `DELETE FROM listing WHERE shop = ? AND product = ? AND variant = ?`, l.Shop, l.Product, l.Variant)
		if err != nil {
			return fmt.Errorf("delete listing: %w", err)
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return cmp.Or(err, overlay.Errorf(overlay.NotFound, "the shop does not list it"))
		}
		t.changed = true
		return t.auditIn(ctx, shop.Org, actor, "listing.delete", l.Key())
	})
}
