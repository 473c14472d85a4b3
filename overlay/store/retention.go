package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"mediad/overlay"
)

// Retentions are kept as seconds; NULL: not set.

func retention(seconds sql.NullInt64) overlay.Retention {
	return overlay.Retention{Set: seconds.Valid, For: time.Duration(seconds.Int64) * time.Second}
}

func seconds(r overlay.Retention) any {
	if !r.Set {
		return nil
	}
	return int64(r.For / time.Second)
}

// SetRoomRetention sets how long the shows of a room are kept, ended ones
// too, if they have no retention of their own.
func (s *Store) SetRoomRetention(ctx context.Context, slug string, r overlay.Retention, actor string) (overlay.Room, error) {
	return s.ChangeRoom(ctx, slug, RoomChange{Retention: &r}, actor)
}

func (t *tx) setRetention(ctx context.Context, room overlay.Room, r overlay.Retention) (overlay.Room, error) {
	if _, err := t.ExecContext(ctx, `UPDATE room SET retention = ? WHERE id = ?`, seconds(r), room.ID); err != nil {
		return room, fmt.Errorf("set the room's retention: %w", err)
	}
	room.Retention = r
	return room, nil
}

// SetShowRetention sets how long a show is kept, as ChangeShow does.
func (s *Store) SetShowRetention(ctx context.Context, id string, r overlay.Retention, actor string) (overlay.Show, error) {
	return s.ChangeShow(ctx, id, ShowChange{Retention: &r}, actor)
}

// ListShows gives at most limit shows of a room that come before the given id
// ("": from the newest on), newest first.
func (s *Store) ListShows(ctx context.Context, slug, before string, limit int) ([]overlay.Show, error) {
	room, err := s.RoomBySlug(ctx, slug)
	if err != nil {
		return nil, err
	}
	shows, err := collect(ctx, s.reader, scanShow, selectShow+`WHERE s.room = ? AND NOT (s.deleted_at IS NOT NULL AND s.started_at IS NULL) AND (? = '' OR s.id < ?) ORDER BY s.id DESC LIMIT ?`,
		room.ID, before, before, limit)
	if err != nil {
		return nil, fmt.Errorf("list shows: %w", err)
	}
	return shows, nil
}

// ExpireShows begins the deletion of every show whose retention has passed.
// The wider retention, of the whole server, holds where neither show nor room
// has one.
func (s *Store) ExpireShows(ctx context.Context, wider overlay.Retention) (expired []overlay.Show, err error) {
	// A read comes first, since mostly there is nothing to expire and nothing to
	// write.
	const due = `WHERE s.state = 'ended' AND s.deleting_at IS NULL AND EXISTS (SELECT 1 FROM broadcast WHERE show = s.id)
		AND NOT EXISTS (SELECT 1 FROM broadcast WHERE show = s.id AND ended_at IS NULL)
		AND coalesce(s.retention, r.retention, ?1) > 0 AND s.ended_at + 1000 * coalesce(s.retention, r.retention, ?1) <= ?2 ORDER BY s.id`
	args := []any{int64(wider.For / time.Second), s.now().UnixMilli()}
	expired, err = collect(ctx, s.reader, scanShow, selectShow+due, args...)
	if err != nil || len(expired) == 0 {
		return nil, err
	}
	err = s.note(ctx, func(t *tx) error {
		// The retention may have changed since that read.
		if expired, err = collect(ctx, t, scanShow, selectShow+due, args...); err != nil {
			return fmt.Errorf("find expired shows: %w", err)
		}
		for i := range expired {
			if err := t.beginDeletion(ctx, &expired[i]); err != nil {
				return err
			}
		}
		return nil
	})
	return expired, err
}
