package store

import (
	"context"
	"fmt"

	"mediad/overlay"
)

// UnmatchOrder takes back what was said by hand of where an order came from: its click
// decides again, or else its hold, and what the shop tells later.
func (s *Store) UnmatchOrder(ctx context.Context, id, actor string) (after overlay.Order, err error) {
	defer s.orderNews.Add(1)
	err = s.write(ctx, func(t *tx) error {
		before, err := orderOf(ctx, t, id)
		if err != nil {
			return err
		}
		facts, err := factsOf(ctx, t, before.Shop, before.Name)
		if err != nil {
			return err
		}
		told, err := t.heedOrder(ctx, before.Org, `id = ?`, id)
		if err != nil {
			return err
		}
		_, err = t.ExecContext(ctx, `UPDATE shop_order SET show = NULL, host = NULL, by_hand = 0, changed_at = ? WHERE id = ?`, t.now.UnixMilli(), id)
		if err != nil {
			return fmt.Errorf("unmatch order: %w", err)
		}
		shop := overlay.Shop{ID: before.Shop, Org: before.Org} // the shop itself may be gone
		sum := overlay.SumOrder(facts)
		if err := t.attribute(ctx, shop, id, sum); err != nil {
			return err
		}
		const held = `(SELECT a.show FROM hold h JOIN allocation a ON a.id = h.allocation WHERE h.id = ?1 AND h.shop = ?2)`
		_, err = t.ExecContext(ctx, `UPDATE shop_order SET show = `+held+`, host = (SELECT org FROM show WHERE id = `+held+`) WHERE id = ?3 AND show IS NULL`, sum.Hold, shop.ID, id)
		if err != nil {
			return fmt.Errorf("attribute order: %w", err)
		}
		if err := t.allotAgain(ctx, id); err != nil {
			return err
		}
		if err := t.settle(ctx, false, id); err != nil {
			return err
		}
		if err := t.auditIn(ctx, before.Org, actor, "order.unmatch", before.Name); err != nil {
			return err
		}
		if after, err = orderOf(ctx, t, id); err != nil {
			return err
		}
		return t.tellOrder(ctx, told, id)
	})
	return after, err
}
