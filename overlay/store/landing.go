package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"mediad/overlay"
)

// Landed records where in the stream events landed. A second landing of an
// event changes nothing.
func (s *Store) Landed(ctx context.Context, landed []overlay.Landed) error {
	return s.note(ctx, func(t *tx) error {
		for _, l := range landed {
			text, err := json.Marshal(l.Landing)
			if err != nil {
				return err
			}
			if _, err := t.ExecContext(ctx, `UPDATE event SET landed = ? WHERE id = ? AND landed IS NULL`, string(text), l.ID); err != nil {
				return fmt.Errorf("note landing of %s: %w", l.ID, err)
			}
		}
		return nil
	})
}

// Landing gives the place where an event landed; nil: it has not landed.
func (s *Store) Landing(ctx context.Context, id string) (*overlay.Landing, error) {
	var landed sql.NullString
	err := s.reader.QueryRowContext(ctx, `SELECT landed FROM event WHERE id = ?`, id).Scan(&landed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find landing of %s: %w", id, err)
	}
	return readLanding(landed)
}
