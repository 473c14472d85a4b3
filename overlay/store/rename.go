package store

import (
	"context"
	"fmt"

	"mediad/overlay"
)

// rename gives a room another title. Planned shows that have the former title
// get the new one as well.
func (t *tx) rename(ctx context.Context, room overlay.Room, title string) (overlay.Room, error) {
	if err := overlay.CheckRoomTitle(title); err != nil {
		return room, err
	}
	if _, err := t.ExecContext(ctx, `UPDATE show SET title = ? WHERE room = ? AND state = 'planned' AND title = ?`, title, room.ID, room.Title); err != nil {
		return room, fmt.Errorf("rename planned shows: %w", err)
	}
	if _, err := t.ExecContext(ctx, `UPDATE room SET title = ? WHERE id = ?`, title, room.ID); err != nil {
		return room, fmt.Errorf("rename room: %w", err)
	}
	room.Title, t.changed = title, true
	return room, nil
}

// configTitle gives a room the title of the configuration, if that is a new
// one there. Otherwise nothing is written: a server must start on a full disk.
func (t *tx) configTitle(ctx context.Context, room overlay.Room, title string) (overlay.Room, error) {
	var last string
	if err := t.QueryRowContext(ctx, `SELECT coalesce(config_title, '') FROM room WHERE id = ?`, room.ID).Scan(&last); err != nil {
		return room, fmt.Errorf("read the configured title: %w", err)
	}
	if title == "" || title == last {
		return room, nil
	}
	if _, err := t.ExecContext(ctx, `UPDATE room SET config_title = ? WHERE id = ?`, title, room.ID); err != nil {
		return room, fmt.Errorf("note the configured title: %w", err)
	}
	if title == room.Title {
		return room, nil
	}
	return t.rename(ctx, room, title)
}

// ShowChange is a change of a show; a zero field changes nothing.
type ShowChange struct {
	overlay.Plan
	Retention *overlay.Retention
}

// ChangeShow changes a show: all fields, or none if one fails. Title, picture and
// retention may change in any state, the rest only while it is planned. A retention
// for a show that is being deleted is Gone.
func (s *Store) ChangeShow(ctx context.Context, id string, c ShowChange, actor string) (overlay.Show, error) {
	var show overlay.Show
	err := s.write(ctx, func(t *tx) (err error) {
		if show, err = getShow(ctx, t, id); err != nil {
			return err
		}
		if show, err = t.replan(ctx, show, c.Plan, actor); err != nil {
			return err
		}
		if c.Retention == nil || *c.Retention == show.Retention {
			return nil
		}
		if !show.Deleting.IsZero() {
			return overlay.Errorf(overlay.Gone, "the recording of the show was deleted")
		}
		if _, err := t.ExecContext(ctx, `UPDATE show SET retention = ? WHERE id = ?`, seconds(*c.Retention), id); err != nil {
			return fmt.Errorf("set the show's retention: %w", err)
		}
		kept := overlay.Altered{Field: "retention", From: show.Retention.String(), To: c.Retention.String()}
		show.Retention = *c.Retention
		return t.audit(ctx, actor, "show.retention", id, kept)
	})
	return show, err
}
