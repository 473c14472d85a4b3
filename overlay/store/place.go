package store

import (
	"context"

	"mediad/overlay"
)

// PlaceLine puts a product (id or SKU) at a place of the line-up of a show that has not
// ended. A product that has no line there gets one.
func (s *Store) PlaceLine(ctx context.Context, show, id string, to overlay.Place, actor string) (overlay.Lineup, error) {
	return s.relined(ctx, show, to.Rev, actor, func(t *tx, before overlay.Lineup) ([]overlay.Line, string, error) {
		p, err := product(ctx, t, id, 0)
		if err != nil {
			return nil, "", err
		}
		lines, err := before.Placed(overlay.Line{Product: p.ID}, to.After)
		return lines, p.ID, err
	})
}

// RemoveLine takes a product (id or SKU) out of the line-up of a show that has not
// ended. rev is the revision that the caller knows, nil: any.
func (s *Store) RemoveLine(ctx context.Context, show, id string, rev *int64, actor string) (overlay.Lineup, error) {
	return s.relined(ctx, show, rev, actor, func(_ *tx, before overlay.Lineup) ([]overlay.Line, string, error) {
		lines, err := before.Without(id)
		if err != nil {
			return nil, "", err
		}
		return lines, before.Lines[before.At(id)].Product, nil
	})
}

// relined changes the lines of a show. change gives the new ones, and the product that it is about.
func (s *Store) relined(ctx context.Context, show string, rev *int64, actor string, change func(*tx, overlay.Lineup) ([]overlay.Line, string, error)) (after overlay.Lineup, err error) {
	err = s.write(ctx, func(t *tx) error {
		before, err := t.openLineup(ctx, show, rev)
		if err != nil {
			return err
		}
		lines, product, err := change(t, before)
		if err != nil {
			return err
		}
		after, err = t.replaceLines(ctx, before, lines, product, actor)
		return err
	})
	return after, err
}
