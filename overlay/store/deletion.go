package store

import (
	"context"
	"fmt"

	"mediad/overlay"
)

// The stored media of a show is deleted in two steps, so that a crash between
// them leaves nothing that half works: BeginDeletion hides the replay from
// viewers, then the caller deletes objects and journals, then EndDeletion
// deletes the rows of the broadcasts. Between the two, DeletingShows lists
// the show.
//
// The row of the show, its event log, its pins, clicks and cues stay: reports
// and orders refer to them.

// BeginDeletion marks a show whose media will be deleted. A second call does
// nothing. A show on air is a Conflict. A paused show ends. A show that is only
// planned ends too, and nothing is stored of it: its deletion is done at once.
func (s *Store) BeginDeletion(ctx context.Context, id, actor string) (overlay.Show, error) {
	var show overlay.Show
	err := s.write(ctx, func(t *tx) (err error) {
		if show, err = getShow(ctx, t, id); err != nil || !show.Deleting.IsZero() {
			return err
		}
		switch show.State {
		case overlay.ShowLive:
			return overlay.Errorf(overlay.Conflict, "the show is on air; end it first")
		case overlay.ShowPlanned:
			show, err = t.dropPlanned(ctx, show, actor)
			return err
		case overlay.ShowPaused:
			if _, err := t.endShow(ctx, show, t.now); err != nil {
				return err
			}
			show.State, show.Ended = overlay.ShowEnded, t.now
		}
		// The host may end a show that is still on air.
		var open int
		if err := t.QueryRowContext(ctx, `SELECT count(*) FROM broadcast WHERE show = ? AND ended_at IS NULL`, id).Scan(&open); err != nil {
			return fmt.Errorf("find open broadcasts: %w", err)
		}
		if open > 0 {
			return overlay.Errorf(overlay.Conflict, "the show's broadcast has not ended yet")
		}
		if err := t.beginDeletion(ctx, &show); err != nil {
			return err
		}
		return t.audit(ctx, actor, "show.delete", id)
	})
	return show, err
}

func (t *tx) beginDeletion(ctx context.Context, show *overlay.Show) error {
	if _, err := t.ExecContext(ctx, `UPDATE show SET deleting_at = ? WHERE id = ? AND deleting_at IS NULL`, t.now.UnixMilli(), show.ID); err != nil {
		return fmt.Errorf("mark show for deletion: %w", err)
	}
	show.Deleting = t.now
	return nil
}

// DeletingShows gives the shows whose deletion has begun and not ended, the
// oldest first.
func (s *Store) DeletingShows(ctx context.Context) ([]overlay.Show, error) {
	shows, err := collect(ctx, s.reader, scanShow, selectShow+`WHERE s.deleting_at IS NOT NULL AND s.deleted_at IS NULL ORDER BY s.deleting_at, s.id`)
	if err != nil {
		return nil, fmt.Errorf("find shows to delete: %w", err)
	}
	return shows, nil
}

// EndDeletion deletes the broadcasts of a show whose objects are gone. A second
// call does nothing.
func (s *Store) EndDeletion(ctx context.Context, id string) error {
	return s.note(ctx, func(t *tx) error {
		show, err := getShow(ctx, t, id)
		if err != nil || !show.Deleted.IsZero() {
			return err
		}
		if show.Deleting.IsZero() {
			return overlay.Errorf(overlay.Conflict, "the deletion of the show has not begun")
		}
		if _, err := t.ExecContext(ctx, `DELETE FROM broadcast WHERE show = ?`, id); err != nil {
			return fmt.Errorf("delete broadcasts: %w", err)
		}
		if _, err := t.ExecContext(ctx, `UPDATE show SET deleted_at = ? WHERE id = ?`, t.now.UnixMilli(), id); err != nil {
			return fmt.Errorf("note the deletion: %w", err)
		}
		return nil
	})
}

// AllBroadcasts gives every broadcast that is known, with its show, in the order
// of their epochs.
func (s *Store) AllBroadcasts(ctx context.Context) ([]overlay.Broadcast, error) {
	return s.broadcasts(ctx, `ORDER BY b.epoch`)
}
