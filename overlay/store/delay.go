package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"mediad/overlay"
)

// Delays of cues are kept as milliseconds; NULL: not set.

func cueDelay(ms sql.NullInt64) overlay.CueDelay {
	return overlay.CueDelay{Set: ms.Valid, For: time.Duration(ms.Int64) * time.Millisecond}
}

func (t *tx) setCueDelay(ctx context.Context, room overlay.Room, d overlay.CueDelay) (overlay.Room, error) {
	var ms any
	if d.Set {
		ms = d.For.Milliseconds()
	}
	if _, err := t.ExecContext(ctx, `UPDATE room SET cue_delay = ? WHERE id = ?`, ms, room.ID); err != nil {
		return room, fmt.Errorf("set the room's cue delay: %w", err)
	}
	room.CueDelay, t.changed = d, true // the feed reads it with the ends of the logs
	return room, nil
}
