package store

import (
	"context"
	"fmt"

	"mediad/overlay"
	"mediad/overlay/store/dialect"
)

// heard is a fact, and the shop that told it.
type heard struct {
	shop overlay.Shop
	fact overlay.OrderFact
}

// arrival is what a shop told at once, on its way to the database.
type arrival struct {
	facts  []heard
	answer chan error // has room for one
}

// TakeFacts keeps what a shop told of orders, all or nothing, each fact once. When it
// returns, what was told is on the disk. Of several that come at the same time, one
// transaction keeps all; where it cannot, each gets one of its own, so that nobody suffers
// from what another shop told.
func (s *Store) TakeFacts(ctx context.Context, shop overlay.Shop, facts []overlay.OrderFact) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("wait for the database: %w", err)
	}
	w := &arrival{facts: make([]heard, len(facts)), answer: make(chan error, 1)}
	for i, f := range facts {
		w.facts[i] = heard{shop, f}
	}
	_, err := s.arrivals.ask(ctx, w, w.answer, maxWaiting, s.commitArrivals)
	return err
}

// commitArrivals keeps what shops told in one transaction, and answers.
func (s *Store) commitArrivals(batch []*arrival) {
	var all []heard
	for _, w := range batch {
		all = append(all, w.facts...)
	}
	err := s.keepTold(all)
	alone := len(batch) > 1 && oneSpoils(err)
	for _, w := range batch {
		if alone {
			err = s.keepTold(w.facts)
		}
		w.answer <- err
	}
}

// oneSpoils tells whether a transaction failed by what it was to keep, and so might succeed
// with a part of that.
func oneSpoils(err error) bool {
	switch dialect.ClassOf(err) {
	case dialect.Unique, dialect.ForeignKey, dialect.Check, dialect.Text:
		return true
	case dialect.Other:
		return err != nil && overlay.CodeOf(err) != overlay.Unavailable
	}
	return false
}

func (s *Store) keepTold(all []heard) error {
	defer s.orderNews.Add(1)
	var loud []string
	// The callers share it, so that none of their contexts may end it.
	err := s.write(context.Background(), func(t *tx) error {
		t.loud = nil
		err := t.takeFacts(t.ctx, all)
		loud = t.loud
		return err
	})
	if err != nil {
		return err
	}
	for _, order := range loud {
		s.logger.Warn("An order was paid when its show had no units left: deliver it from elsewhere, or give the money back in the shop", "order", order)
	}
	return nil
}
