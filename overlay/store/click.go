package store

import (
	"context"
	"fmt"

	"mediad/overlay"
)

// RecordClick notes that a viewer of a show goes to a product's shop, and gives
// the click's id, by which an order can name it.
func (s *Store) RecordClick(ctx context.Context, show string, p overlay.Product) (id string, err error) {
	id = s.newID()
	err = s.write(ctx, func(t *tx) error {
		_, err := t.ExecContext(ctx, `INSERT INTO click(id, show, product, rev, at) VALUES (?,?,?,?,?)`, id, show, p.ID, p.Rev, t.now.UnixMilli())
		return err
	})
	if err != nil {
		return "", fmt.Errorf("record click: %w", err)
	}
	return id, nil
}
