package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"mediad/overlay"
)

// Adopted is a recording that the database does not know. That happens when an
// old copy of the database was put back.
type Adopted struct {
	Room, Epoch  string
	Begun, Ended time.Time
	Next         uint64 // the media sequence number after its last one
}

// AdoptBroadcast writes rows for a recording again: a broadcast, and an ended show
// of its own, since nobody knows which show it belonged to. The error is NotFound
// where there is no such room, and Conflict where the broadcast is known.
func (s *Store) AdoptBroadcast(ctx context.Context, a Adopted, actor string) (overlay.Show, error) {
	var show overlay.Show
	err := s.write(ctx, func(t *tx) error {
		room, err := roomBySlug(ctx, t, a.Room)
		if err != nil {
			return err
		}
		if _, err := findBroadcast(ctx, t, a.Epoch); err == nil {
			return overlay.Errorf(overlay.Conflict, "the broadcast %s is known", a.Epoch)
		} else if overlay.CodeOf(err) != overlay.NotFound {
			return err
		}
		id := strings.ToUpper(a.Epoch) // like every id, it sorts by time
		begun, ended := a.Begun.UnixMilli(), a.Ended.UnixMilli()
		_, err = t.ExecContext(ctx, `INSERT INTO show(id, room, title, org, state, created_at, started_at, ended_at) VALUES (?,?,?,?,'ended',?,?,?)`,
			id, room.ID, room.Title, room.Org, begun, begun, ended)
		_, berr := t.ExecContext(ctx, `INSERT INTO broadcast(epoch, room, show, anchor, msn, part, begun_at, reserved_at, ended_at, reason, latency)
			VALUES (?,?,?,?,?,1,?,?,?,'adopted',?)`, a.Epoch, room.ID, id, begun, int64(a.Next), begun, ended, ended, room.Latency)
		_, rerr := t.ExecContext(ctx, `UPDATE room SET msn = CASE WHEN msn > ?1 THEN msn ELSE ?1 END WHERE id = ?2`, int64(a.Next), room.ID)
		if err := errors.Join(err, berr, rerr); err != nil {
			return fmt.Errorf("adopt broadcast %s: %w", a.Epoch, err)
		}
		if err := t.audit(ctx, actor, "broadcast.adopt", a.Epoch); err != nil {
			return err
		}
		show, err = getShow(ctx, t, id)
		return err
	})
	return show, err
}
