package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"

	"mediad/overlay"
)

// units are what an order has of an allocation: sold ones, and those that were paid when
// none was free any more (missing).
type units struct{ sold, missing int64 }

// allot gives a paid order its units: those of its hold, else of the allocations of its
// show, as far as there are. It changes nothing when it is called again. A refund or a
// cancellation gives no units back by itself: nobody here knows whether the thing can be
// sold again.
func (t *tx) allot(ctx context.Context, shop overlay.Shop, order string, sum overlay.OrderSum) error {
	var want map[string]int64
	var lost int64
	if !sum.PaidAt.IsZero() {
		var err error
		if want, lost, err = t.unitsOf(ctx, shop, order, sum); err != nil {
			return err
		}
	}
	if want == nil {
		want = map[string]int64{}
	}
	have, err := t.unitsOfOrder(ctx, order)
	if err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(have)) {
		if _, still := want[id]; !still {
			want[id] = 0 // it was matched with another show
		}
	}
	for _, id := range slices.Sorted(maps.Keys(want)) {
		after, err := t.setUnits(ctx, order, id, have[id], want[id])
		if err != nil {
			return err
		}
		lost += after.missing
	}
	if lost > 0 {
		t.loud = append(t.loud, order)
	}
	return t.setUnallocated(ctx, order, lost)
}

// allotAgain gives an order its units after it was found out, or said by hand, which show
// it came from.
func (t *tx) allotAgain(ctx context.Context, order string) error {
	o, err := orderOf(ctx, t, order)
	if err != nil {
		return err
	}
	shop := overlay.Shop{ID: o.Shop, Org: o.Org}
	if err := t.QueryRowContext(ctx, `SELECT stock FROM shop WHERE id = ?`, o.Shop).Scan(&shop.Stock); err != nil {
		return fmt.Errorf("find shop of order: %w", err)
	}
	facts, err := factsOf(ctx, t, o.Shop, o.Name)
	if err != nil {
		return err
	}
	return t.allot(ctx, shop, o.ID, overlay.SumOrder(facts))
}

func (t *tx) setUnallocated(ctx context.Context, order string, n int64) error {
	if _, err := t.ExecContext(ctx, `UPDATE shop_order SET unallocated = ? WHERE id = ? AND unallocated <> ?`, n, order, n); err != nil {
		return fmt.Errorf("count units of order: %w", err)
	}
	return nil
}

// unitsOf gives how many units of which allocations a paid order is for. lost are those of
// a hold that is not known any more.
func (t *tx) unitsOf(ctx context.Context, shop overlay.Shop, order string, sum overlay.OrderSum) (want map[string]int64, lost int64, err error) {
	if sum.Hold != "" {
		h, err := holdOf(ctx, t, sum.Hold)
		switch {
		case overlay.CodeOf(err) == overlay.NotFound || err == nil && h.Shop != shop.ID:
			return nil, max(1, quantity(sum.Lines)), nil
		case err != nil:
			return nil, 0, err
		}
		return map[string]int64{h.Allocation: h.Quantity}, 0, t.payHold(ctx, order, h)
	}
	want, err = t.unitsOfLines(ctx, order, sum)
	return want, 0, err
}

func quantity(lines []overlay.OrderLine) (n int64) {
	for _, l := range lines {
		n += l.Quantity
	}
	return n
}

// payHold ends a hold whose order is paid: its units are the order's.
func (t *tx) payHold(ctx context.Context, order string, h overlay.Hold) error {
	switch h.State {
	case overlay.HoldPaid:
		return nil
	case overlay.HoldReleased: // the money came late: the order takes what is free
		return t.setHold(ctx, h, overlay.HoldPaid)
	}
	ok, err := t.move(ctx, h.Allocation, -h.Quantity, h.Quantity)
	if err == nil && !ok {
		err = fmt.Errorf("the units of hold %s are not held", h.ID)
	}
	if err != nil {
		return err
	}
	if err := t.keepUnits(ctx, order, h.Allocation, units{sold: h.Quantity}); err != nil {
		return err
	}
	return t.setHold(ctx, h, overlay.HoldPaid)
}

// unitsOfLines sums the lines of an order by allocation. Where the shop told no lines, as
// Payment Links do, it is one unit of what the buyer clicked.
func (t *tx) unitsOfLines(ctx context.Context, order string, sum overlay.OrderSum) (map[string]int64, error) {
	type line struct {
		product, variant string
		quantity         int64
	}
	var show string
	clicked := line{quantity: 1}
	err := t.QueryRowContext(ctx, `SELECT coalesce(show, ''), coalesce(product, ''), coalesce(variant, '') FROM shop_order WHERE id = ?`, order).Scan(&show, &clicked.product, &clicked.variant)
	if err != nil {
		return nil, fmt.Errorf("find order: %w", err)
	}
	all, err := allocationsOf(ctx, t, show, "")
	if err != nil || len(all) == 0 {
		return nil, err
	}
	lines, err := collect(ctx, t, func(row scanner) (l line, err error) { return l, row.Scan(&l.product, &l.variant, &l.quantity) },
		`SELECT product, coalesce(variant, ''), quantity FROM order_line WHERE shop_order = ? AND product IS NOT NULL`, order)
	if err != nil {
		return nil, fmt.Errorf("read lines of order: %w", err)
	}
	if len(sum.Lines) == 0 {
		lines = append(lines, clicked)
	}
	want := map[string]int64{}
	for _, l := range lines {
		if a, ok := overlay.AllocationFor(all, l.product, l.variant); ok {
			want[a.ID] += l.quantity
		}
	}
	return want, nil
}

func (t *tx) unitsOfOrder(ctx context.Context, order string) (map[string]units, error) {
	have := map[string]units{}
	_, err := collect(ctx, t, func(row scanner) (struct{}, error) {
		var id string
		var u units
		err := row.Scan(&id, &u.sold, &u.missing)
		have[id] = u
		return struct{}{}, err
	}, `SELECT allocation, sold, missing FROM order_unit WHERE shop_order = ?`, order)
	if err != nil {
		return nil, fmt.Errorf("read units of order: %w", err)
	}
	return have, nil
}

// setUnits gives an order as many units of an allocation as it is for. What is not free is
// missing, and kept as that (I4).
func (t *tx) setUnits(ctx context.Context, order, allocation string, have units, want int64) (after units, err error) {
	after = have
	switch more := want - have.sold - have.missing; {
	case more == 0:
		return have, nil
	case more > 0:
		free, err := t.free(ctx, allocation)
		if err != nil {
			return have, err
		}
		after.sold += min(more, free)
		after.missing += more - min(more, free)
	default:
		after.missing = max(0, have.missing+more)
		after.sold = want - after.missing
	}
	if after.sold != have.sold {
		ok, err := t.move(ctx, allocation, 0, after.sold-have.sold)
		if err == nil && !ok {
			err = fmt.Errorf("allocation %s has other units than it said", allocation)
		}
		if err != nil {
			return have, err
		}
	}
	if err := t.keepUnits(ctx, order, allocation, after); err != nil || after.sold >= have.sold {
		return after, err
	}
	return after, t.fillOrders(ctx, allocation) // it is another show's now
}

func (t *tx) keepUnits(ctx context.Context, order, allocation string, u units) error {
	_, err := t.ExecContext(ctx, `INSERT INTO order_unit(shop_order, allocation, sold, missing) VALUES (?,?,?,?)
		ON CONFLICT (shop_order, allocation) DO UPDATE SET sold = excluded.sold, missing = excluded.missing`, order, allocation, u.sold, u.missing)
	if err != nil {
		return fmt.Errorf("keep units of order: %w", err)
	}
	return nil
}

// free is how many units an order may take; 0 where the allocation is gone.
func (t *tx) free(ctx context.Context, allocation string) (n int64, err error) {
	err = t.QueryRowContext(ctx, `SELECT total - held - sold FROM allocation WHERE id = ?`, allocation).Scan(&n)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("count units: %w", err)
	}
	return max(0, n), nil
}

// fillOrders gives units that have become free to orders that were paid when none was left.
func (t *tx) fillOrders(ctx context.Context, allocation string) error {
	free, err := t.free(ctx, allocation)
	if err != nil || free == 0 {
		return err
	}
	given, err := t.giveOrders(ctx, allocation, free)
	if err != nil || given == 0 {
		return err
	}
	ok, err := t.move(ctx, allocation, 0, given)
	if err == nil && !ok {
		err = fmt.Errorf("allocation %s has other units than it said", allocation)
	}
	return err
}

// giveOrders writes that orders that were paid when no unit of an allocation was left have
// some now, the oldest first, and gives their number. One whose money went back needs none.
func (t *tx) giveOrders(ctx context.Context, allocation string, most int64) (given int64, err error) {
	type waiting struct {
		order string
		units
	}
	list, err := collect(ctx, t, func(row scanner) (w waiting, err error) { return w, row.Scan(&w.order, &w.sold, &w.missing) },
		`SELECT shop_order, sold, missing FROM order_unit WHERE allocation = ? AND missing > 0
		AND shop_order IN (SELECT id FROM shop_order WHERE state NOT IN ('refunded', 'cancelled')) ORDER BY shop_order`, allocation)
	if err != nil {
		return 0, fmt.Errorf("find orders without units: %w", err)
	}
	for _, w := range list {
		n := min(most-given, w.missing)
		if n == 0 {
			break
		}
		if err := t.keepUnits(ctx, w.order, allocation, units{w.sold + n, w.missing - n}); err != nil {
			return 0, err
		}
		if _, err := t.ExecContext(ctx, `UPDATE shop_order SET unallocated = unallocated - ? WHERE id = ?`, n, w.order); err != nil {
			return 0, fmt.Errorf("count units of order: %w", err)
		}
		given += n
	}
	return given, nil
}
