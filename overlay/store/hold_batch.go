package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"mediad/overlay"
)

// Hold keeps units for a buyer, and returns when that is on the disk, or refuses with
// SoldOut. The hold's Quantity, Shop and Purchase are given. Of several that come at the
// same time, one transaction keeps all.
func (s *Store) Hold(ctx context.Context, show, product, variant string, h overlay.Hold) (overlay.Hold, error) {
	n := stockName{show, product, variant}
	id, l, known := s.stock.admit(n, h.Quantity, s.now())
	if !known {
		all, err := allocationsOf(ctx, s.reader, show, product)
		if err != nil {
			return h, failure(err)
		}
		a, ok := overlay.AllocationFor(all, product, variant)
		if !ok {
			return h, overlay.Errorf(overlay.NotFound, "no units of this are held for buyers in this show")
		}
		s.stock.learn(n, a, s.now())
		id, l, known = s.stock.admit(n, h.Quantity, s.now())
		if !known {
			return h, overlay.Errorf(overlay.Unavailable, "the units of this show are being changed; try again in a moment")
		}
	}
	if l == nil {
		return h, overlay.NothingLeft(h.Quantity)
	}
	h.Allocation, h.State = id, overlay.HoldActive
	w := &wish{hold: h, level: l, answer: make(chan error, 1)}
	left, err := s.wishes.ask(ctx, w, w.answer, 0, s.commitHolds)
	if left {
		s.stock.release(w)
	}
	return w.hold, err
}

// Given tells whether a show has units of a product, or of a variant, sold or not. It is
// asked for each click, so it remembers.
func (s *Store) Given(ctx context.Context, show, product, variant string) (bool, error) {
	n := stockName{show, product, variant}
	if s.stock.knows(n, s.now()) {
		return true, nil
	}
	all, err := allocationsOf(ctx, s.reader, show, product)
	if err != nil {
		return false, failure(err)
	}
	a, ok := overlay.AllocationFor(all, product, variant)
	if ok {
		s.stock.learn(n, a, s.now())
	}
	return ok, nil
}

// SoldOut tells without the database that a hold would be refused; false: it may be kept.
func (s *Store) SoldOut(show, product, variant string, quantity int64) bool {
	late, known := s.stock.late(stockName{show, product, variant}, quantity, s.now())
	return known && late
}

// commitHolds keeps a batch of holds in one transaction, and answers.
func (s *Store) commitHolds(batch []*wish) {
	began := s.stock.movesOf(batch)
	var kept map[*wish]bool
	var refused map[*wish]error
	var left map[string]int64
	err := s.write(context.Background(), func(t *tx) (err error) {
		if refused, err = t.pastLimits(batch); err == nil {
			kept, left, err = t.holdAll(batch, refused)
		}
		return err
	})
	s.stock.committed(batch, began, left, err, s.now().UnixMilli())
	for _, w := range batch {
		answer := err
		if err == nil && !kept[w] {
			if answer = refused[w]; answer == nil {
				answer = overlay.NothingLeft(w.hold.Quantity)
			}
		}
		w.answer <- answer
	}
}

// movesOf gives for each allocation of a batch how often its units were moved so far.
func (q *stock) movesOf(batch []*wish) map[string]uint64 {
	q.mu.Lock()
	defer q.mu.Unlock()
	moves := map[string]uint64{}
	for _, w := range batch {
		moves[w.hold.Allocation] = w.level.moves
	}
	return moves
}

// committed notes what a batch has left.
func (q *stock) committed(batch []*wish, began map[string]uint64, left map[string]int64, err error, at int64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, w := range batch {
		l, id := w.level, w.hold.Allocation
		l.pending -= w.hold.Quantity
		n, told := left[id]
		if err != nil || !told {
			l.unsure = true
			continue
		}
		l.left, l.at = n, at0(at)
		if l.moves == began[id] {
			l.unsure = false
		}
	}
}

// holdAll keeps the holds of a batch as far as units are free, those that came first
// before the others, and as their offers do not refuse them.
func (t *tx) holdAll(batch []*wish, refused map[*wish]error) (kept map[*wish]bool, left map[string]int64, err error) {
	kept, left = map[*wish]bool{}, map[string]int64{}
	together := map[string][]*wish{}
	var order []string
	for _, w := range batch {
		id := w.hold.Allocation
		if refused[w] != nil {
			continue
		}
		if together[id] == nil {
			order = append(order, id)
		}
		together[id] = append(together[id], w)
	}
	for _, id := range order {
		if err := t.holdOf(id, together[id], kept, left); err != nil {
			return nil, nil, err
		}
	}
	return kept, left, t.insertHolds(batch, kept)
}

// holdOf keeps holds of one allocation: all at once where they fit, else one by one.
func (t *tx) holdOf(id string, wishes []*wish, kept map[*wish]bool, left map[string]int64) error {
	var sum, taken int64
	for _, w := range wishes {
		sum += w.hold.Quantity
	}
	ok, err := t.takeUnits(id, sum, left)
	if err != nil {
		return err
	}
	for _, w := range wishes {
		fits := ok
		if !ok {
			if fits, err = t.takeUnits(id, w.hold.Quantity, left); err != nil {
				return err
			}
		}
		if fits {
			kept[w] = true
			taken += w.hold.Quantity
		}
	}
	if taken == 0 {
		return t.unitsLeft(id, left)
	}
	if left[id] != 0 {
		return nil
	}
	var show, product string // the last unit is gone
	if err := t.QueryRowContext(t.ctx, `SELECT show, product FROM allocation WHERE id = ?`, id).Scan(&show, &product); err != nil {
		return fmt.Errorf("find allocation: %w", err)
	}
	return t.stockTurned(t.ctx, show, product)
}

// takeUnits holds units, if so many are free: this statement decides who gets them (I1).
func (t *tx) takeUnits(id string, quantity int64, left map[string]int64) (bool, error) {
	var n int64
	err := t.QueryRowContext(t.ctx, `UPDATE allocation SET held = held + ?1 WHERE id = ?2 AND held + sold + ?1 <= total RETURNING total - held - sold`, quantity, id).Scan(&n)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("hold units: %w", err)
	}
	t.wrote, left[id] = true, n
	return true, nil
}

func (t *tx) unitsLeft(id string, left map[string]int64) error {
	var n int64
	err := t.QueryRowContext(t.ctx, `SELECT total - held - sold FROM allocation WHERE id = ?`, id).Scan(&n)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("count units: %w", err)
	}
	left[id] = n // 0: it is gone
	return nil
}

// insertHolds writes the holds that are kept, with one statement.
func (t *tx) insertHolds(batch []*wish, kept map[*wish]bool) error {
	var rows [][11]any
	for _, w := range batch {
		if !kept[w] {
			continue
		}
		h := w.hold
		purchase, err := json.Marshal(h.Purchase)
		if err != nil {
			return err
		}
		rows = append(rows, [11]any{h.ID, h.Allocation, h.Shop, h.Quantity, h.State, string(purchase), h.Created.UnixMilli(), h.Expires.UnixMilli(), h.Expires.UnixMilli(), orNull(h.Offer), orNull(h.Buyer)})
	}
	if len(rows) == 0 {
		return nil
	}
	text, err := json.Marshal(rows)
	if err != nil {
		return err
	}
	_, err = t.ExecContext(t.ctx, `INSERT INTO hold(id, allocation, shop, quantity, state, purchase, created_at, expires_at, ask_at, offer, buyer)
		SELECT c.value->>0, c.value->>1, c.value->>2, CAST(c.value->>3 AS BIGINT), c.value->>4, c.value->>5, CAST(c.value->>6 AS BIGINT), CAST(c.value->>7 AS BIGINT), CAST(c.value->>8 AS BIGINT), c.value->>9, c.value->>10
		FROM `+t.s.dialect.Rows(), string(text))
	if err != nil {
		return fmt.Errorf("keep holds: %w", err)
	}
	return nil
}
