package store

import (
	"context"

	"mediad/overlay"
)

// Append appends an event of any kind to a show's log, as future actions will.
func (s *Store) Append(ctx context.Context, show string, kind overlay.Kind) (e overlay.Event, err error) {
	err = s.write(ctx, func(t *tx) error {
		e, err = t.append(ctx, overlay.Show{ID: show}, draft{kind: kind})
		return err
	})
	return e, err
}

// PrepareImport does the first half of applying an import.
func PrepareImport(s *Store, i overlay.Import) error { return s.prepareImport(context.Background(), i) }
