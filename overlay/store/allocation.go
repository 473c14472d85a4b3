package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"

	"mediad/overlay"
)

const selectAllocation = `SELECT id, show, product, variant, total, held, sold, rev, (SELECT max(CASE s.stock WHEN 'allocated-hold' THEN 2 WHEN 'allocated-link' THEN 1 ELSE 0 END)
	FROM shop s JOIN product p ON p.org = s.org WHERE p.id = allocation.product AND s.deleted_at IS NULL) FROM allocation `

func scanAllocation(row scanner) (a overlay.Allocation, err error) {
	var promise sql.NullInt64
	err = row.Scan(&a.ID, &a.Show, &a.Product, &a.Variant, &a.Total, &a.Held, &a.Sold, &a.Rev, &promise)
	a.Stock = []overlay.StockMode{overlay.StockExternal, overlay.StockAllocatedLink, overlay.StockAllocatedHold}[promise.Int64]
	return a, err
}

// Allocations gives the allocations of a show behind an id, oldest first.
func (s *Store) Allocations(ctx context.Context, show, after string, limit int) ([]overlay.Allocation, error) {
	all, err := collect(ctx, s.reader, scanAllocation, selectAllocation+`WHERE show = ? AND id > ? ORDER BY id LIMIT ?`, show, after, limit)
	if err != nil {
		return nil, fmt.Errorf("list allocations: %w", err)
	}
	return all, nil
}

// allocationsOf gives the allocations of a show, of one product or, "", of all.
func allocationsOf(ctx context.Context, q querier, show, product string) ([]overlay.Allocation, error) {
	all, err := collect(ctx, q, scanAllocation, selectAllocation+`WHERE show = ?1 AND (?2 = '' OR product = ?2)`, show, product)
	if err != nil {
		return nil, fmt.Errorf("find allocations: %w", err)
	}
	return all, nil
}

func allocation(ctx context.Context, q querier, show, id string) (overlay.Allocation, error) {
	a, err := scanAllocation(q.QueryRowContext(ctx, selectAllocation+`WHERE id = ? AND show = ?`, id, show))
	if errors.Is(err, sql.ErrNoRows) {
		return a, overlay.Errorf(overlay.NotFound, "the show has no such allocation")
	}
	if err != nil {
		return a, fmt.Errorf("find allocation: %w", err)
	}
	return a, nil
}

// CreateAllocation gives units of a product, or of a variant, to a show that has not ended.
func (s *Store) CreateAllocation(ctx context.Context, a overlay.Allocation, actor string, o Once) (made overlay.Allocation, err error) {
	if a, err = a.Checked(); err != nil {
		return a, err
	}
	err = s.write(ctx, func(t *tx) (err error) {
		made, err = once(ctx, t, "allocations/"+a.Show, o, func() (string, overlay.Allocation, error) {
			a := a
			show, p, err := t.allocable(ctx, a)
			if err != nil {
				return "", a, err
			}
			a.ID, a.Held, a.Sold, a.Rev = s.newID(), 0, 0, 1
			_, err = t.ExecContext(ctx, `INSERT INTO allocation(id, show, product, variant, total, held, sold, rev) VALUES (?,?,?,?,?,0,0,1)`, a.ID, a.Show, a.Product, a.Variant, a.Total)
			if err != nil {
				return "", a, fmt.Errorf("create allocation: %w", err)
			}
			t.unsure(a.ID)
			if err := t.stockTurned(ctx, show.ID, p.ID); err != nil { // a variant leaves the product's allocation
				return "", a, err
			}
			if err := t.auditIn(ctx, show.Org, actor, "allocation.create", p.For(a.Variant).SKU); err != nil {
				return "", a, err
			}
			a, err = allocation(ctx, t, a.Show, a.ID)
			return a.ID, a, err
		}, func(id string) (overlay.Allocation, error) { return allocation(ctx, t, a.Show, id) })
		return err
	})
	s.stock.forget(a.Show)
	return made, err
}

// allocable refuses an allocation to a show that has ended, of what the product does not
// have, or of what has one already.
func (t *tx) allocable(ctx context.Context, a overlay.Allocation) (show overlay.Show, p overlay.Product, err error) {
	if show, err = getShow(ctx, t, a.Show); err != nil {
		return show, p, err
	}
	if show.State == overlay.ShowEnded {
		return show, p, overlay.Errorf(overlay.Conflict, "the show has ended")
	}
	if p, err = product(ctx, t, a.Product, 0); err != nil {
		return show, p, err
	}
	if a.Variant != "" && !p.Has(a.Variant) {
		return show, p, overlay.Errorf(overlay.Invalid, "variant: the product has no such variant")
	}
	var n int
	if err := t.QueryRowContext(ctx, `SELECT count(*) FROM allocation WHERE show = ? AND product = ? AND variant = ?`, a.Show, a.Product, a.Variant).Scan(&n); err != nil {
		return show, p, fmt.Errorf("find allocation: %w", err)
	}
	if n > 0 {
		return show, p, overlay.Errorf(overlay.Conflict, "the show has an allocation of this already; change its total")
	}
	return show, p, nil
}

// ChangeAllocation sets the total of an allocation. Orders that were paid when no unit
// was left get what is free now, the oldest first.
func (s *Store) ChangeAllocation(ctx context.Context, show, id string, total *int64, rev int64, actor string) (after overlay.Allocation, err error) {
	err = s.write(ctx, func(t *tx) error {
		before, err := allocation(ctx, t, show, id)
		if err != nil {
			return err
		}
		if after, err = before.Changed(total, rev); err != nil {
			return err
		}
		if _, err := t.ExecContext(ctx, `UPDATE allocation SET total = ?, rev = ? WHERE id = ?`, after.Total, after.Rev, id); err != nil {
			return fmt.Errorf("change allocation: %w", err)
		}
		t.unsure(id)
		if err := t.fillOrders(ctx, id); err != nil {
			return err
		}
		if after, err = allocation(ctx, t, show, id); err != nil {
			return err
		}
		if (before.Left() == 0) != (after.Left() == 0) {
			if err := t.stockTurned(ctx, show, after.Product); err != nil {
				return err
			}
		}
		return t.auditAllocation(ctx, after, actor, "allocation.change", overlay.Altered{Field: "total", From: strconv.FormatInt(before.Total, 10), To: strconv.FormatInt(after.Total, 10)})
	})
	return after, err
}

// DeleteAllocation takes an allocation away that nobody has units of. What is left of it is
// the catalogue's word again.
func (s *Store) DeleteAllocation(ctx context.Context, show, id, actor string) error {
	err := s.write(ctx, func(t *tx) error {
		a, err := allocation(ctx, t, show, id)
		if err != nil {
			return err
		}
		if err := a.Unused(); err != nil {
			return err
		}
		for _, statement := range []string{`DELETE FROM hold WHERE allocation = ?`, `DELETE FROM order_unit WHERE allocation = ?`, `DELETE FROM allocation WHERE id = ?`} {
			if _, err := t.ExecContext(ctx, statement, id); err != nil {
				return fmt.Errorf("delete allocation: %w", err)
			}
		}
		t.unsure(id)
		if err := t.stockTurned(ctx, show, a.Product); err != nil {
			return err
		}
		return t.auditAllocation(ctx, a, actor, "allocation.delete")
	})
	s.stock.forget(show)
	return err
}

// auditAllocation records who changed what a show may sell, by the SKU.
func (t *tx) auditAllocation(ctx context.Context, a overlay.Allocation, actor, action string, changes ...overlay.Altered) error {
	show, err := getShow(ctx, t, a.Show)
	if err != nil {
		return err
	}
	name := a.Product
	if p, err := product(ctx, t, a.Product, 0); err == nil {
		name = p.For(a.Variant).SKU
	} else if overlay.CodeOf(err) != overlay.NotFound {
		return err
	}
	return t.auditIn(ctx, show.Org, actor, action, name, changes...)
}

// move takes units of an allocation from one state to another, if they are there. What is
// used up, or comes back, is told on the cards.
func (t *tx) move(ctx context.Context, id string, held, sold int64) (ok bool, err error) {
	var show, product string
	var left int64
	err = t.QueryRowContext(ctx, `UPDATE allocation SET held = held + ?1, sold = sold + ?2 WHERE id = ?3 AND held + ?1 >= 0 AND sold + ?2 >= 0 AND held + ?1 + sold + ?2 <= total
		RETURNING show, product, total - held - sold`, held, sold, id).Scan(&show, &product, &left)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("move units: %w", err)
	}
	t.wrote = true
	t.unsure(id)
	if before := left + held + sold; (before == 0) == (left == 0) {
		return true, nil
	}
	return true, t.stockTurned(ctx, show, product)
}

// stockTurned tells how a show's product stands now that an allocation of it is used up,
// or has units again.
func (t *tx) stockTurned(ctx context.Context, show, id string) error {
	t.changed = true // the lists of viewers' pages are made anew
	found, err := getShow(ctx, t, show)
	if err != nil || found.State == overlay.ShowEnded {
		return err
	}
	last, told, err := goods(ctx, t, show, id)
	if err != nil || !told {
		return err
	}
	now, err := product(ctx, t, id, 0)
	if overlay.CodeOf(err) == overlay.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	return t.retell(ctx, found, now, last.Refreshed(now), last)
}

// allotted gives lines with the stock that the allocations of their show leave.
func allotted(ctx context.Context, q querier, show string, lines []overlay.Line) error {
	all, err := allocationsOf(ctx, q, show, "")
	if err != nil || len(all) == 0 {
		return err
	}
	for i, l := range lines {
		lines[i].Goods = l.Goods.Allotted(all)
	}
	return nil
}
