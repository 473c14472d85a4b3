package store

import (
	"context"
	"errors"
	"fmt"

	"mediad/overlay"
)

// OpenHolds gives all holds whose checkouts can be paid, or may be.
func (s *Store) OpenHolds(ctx context.Context) ([]overlay.Hold, error) {
	all, err := collect(ctx, s.reader, scanHold, selectHold+`WHERE state IN ('active', 'expiring')`)
	if err != nil {
		return nil, fmt.Errorf("find open holds: %w", err)
	}
	return all, nil
}

var errTried = errors.New("this was tried, and would do")

// SwapHold keeps a hold in the place of another one of the same buyer, whose checkout has
// ended. It is one transaction, so that nobody else gets the units between. try tells
// whether it would be refused, and changes nothing.
func (s *Store) SwapHold(ctx context.Context, old, show, product, variant string, h overlay.Hold, try bool) (overlay.Hold, error) {
	all, err := allocationsOf(ctx, s.reader, show, product)
	if err != nil {
		return h, failure(err)
	}
	a, ok := overlay.AllocationFor(all, product, variant)
	if !ok {
		return h, overlay.Errorf(overlay.NotFound, "no units of this are held for buyers in this show")
	}
	h.Allocation, h.State = a.ID, overlay.HoldActive
	err = s.write(ctx, func(t *tx) error {
		if err := t.swapHold(ctx, old, h); err != nil || !try {
			return err
		}
		return errTried
	})
	if errors.Is(err, errTried) {
		err = nil
	}
	return h, err
}

func (t *tx) swapHold(ctx context.Context, id string, h overlay.Hold) error {
	old, err := holdOf(ctx, t, id)
	if err != nil {
		return err
	}
	more := h.Quantity
	switch {
	case old.State != overlay.HoldActive && old.State != overlay.HoldExpiring: // its units went back already
	case old.Allocation == h.Allocation:
		more -= old.Quantity
		err = t.setHold(ctx, old, overlay.HoldReleased)
	default:
		err = t.release(ctx, old)
	}
	if err != nil {
		return err
	}
	w := &wish{hold: h}
	refused, err := t.pastLimits([]*wish{w})
	if err != nil || refused[w] != nil {
		return errors.Join(err, refused[w])
	}
	if more != 0 {
		ok, err := t.move(ctx, h.Allocation, more, 0)
		if err != nil {
			return err
		}
		if !ok {
			return overlay.NothingLeft(h.Quantity)
		}
	}
	return t.insertHolds([]*wish{w}, map[*wish]bool{w: true})
}
