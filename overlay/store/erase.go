package store

import (
	"context"
	"fmt"

	"mediad/overlay"
)

// buyerOf tells what is kept of an order's buyer.
func (s *Store) buyerOf(ctx context.Context, order string) (overlay.KeptBuyer, error) {
	var b overlay.KeptBuyer
	err := s.reader.QueryRowContext(ctx, `SELECT CASE WHEN erased_at IS NOT NULL THEN 'erased' WHEN buyer IS NOT NULL THEN 'known' ELSE '' END FROM shop_order WHERE id = ?`, order).Scan(&b)
	if err != nil {
		return "", fmt.Errorf("read buyer: %w", err)
	}
	return b, nil
}

// EraseBuyer forgets who bought: of an order, and of all orders of the same buyer in its
// organisation. It gives their number. The orders and their money stay, so no sum changes;
// what shops tell of them later does not bring the buyer back.
func (s *Store) EraseBuyer(ctx context.Context, id, actor string) (orders int64, err error) {
	defer s.orderNews.Add(1)
	err = s.write(ctx, func(t *tx) error {
		before, err := orderOf(ctx, t, id)
		if err != nil {
			return err
		}
		all, err := t.ordersOfBuyer(ctx, before)
		if err != nil {
			return err
		}
		for _, o := range all {
			if err := t.eraseFrom(ctx, o); err != nil {
				return err
			}
		}
		orders = int64(len(all))
		return t.auditIn(ctx, before.Org, actor, "order.erase", before.Name)
	})
	return orders, err
}

// ordersOfBuyer gives an order, and all others of the same buyer in its organisation.
func (t *tx) ordersOfBuyer(ctx context.Context, o overlay.Order) ([]overlay.Order, error) {
	all, err := collect(ctx, t, scanOrder, selectOrder+`WHERE id = ?1 OR org = ?2 AND buyer = (SELECT buyer FROM shop_order WHERE id = ?1)`, o.ID, o.Org)
	if err != nil {
		return nil, fmt.Errorf("find orders of a buyer: %w", err)
	}
	return all, nil
}

// eraseFrom takes the buyer out of an order, and out of the holds that it was bought with.
func (t *tx) eraseFrom(ctx context.Context, o overlay.Order) error {
	_, err := t.ExecContext(ctx, `UPDATE shop_order SET buyer = NULL, erased_at = coalesce(erased_at, ?) WHERE id = ?`, t.now.UnixMilli(), o.ID)
	if err != nil {
		return fmt.Errorf("erase buyer: %w", err)
	}
	facts, err := factsOf(ctx, t, o.Shop, o.Name)
	if err != nil {
		return err
	}
	for _, f := range facts {
		if f.Hold == "" {
			continue
		}
		if _, err := t.ExecContext(ctx, `UPDATE hold SET session = NULL, address = NULL, buyer = NULL WHERE id = ? AND shop = ? AND state IN ('paid', 'released')`, f.Hold, o.Shop); err != nil {
			return fmt.Errorf("erase checkout: %w", err)
		}
	}
	return nil
}
