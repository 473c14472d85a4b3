package store

import (
	"context"
	"fmt"

	"mediad/overlay"
)

// Ladders are kept as people write them; NULL: the default one.

func (t *tx) setLadder(ctx context.Context, room overlay.Room, l overlay.Ladder) (overlay.Room, error) {
	if err := overlay.CheckLadder(l); err != nil {
		return room, err
	}
	if _, err := t.ExecContext(ctx, `UPDATE room SET ladder = ? WHERE id = ?`, orNull(l.String()), room.ID); err != nil {
		return room, fmt.Errorf("set the room's ladder: %w", err)
	}
	room.Ladder = l
	return room, nil
}
