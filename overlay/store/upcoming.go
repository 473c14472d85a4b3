package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"mediad/overlay"
)

// UpcomingShows gives at most limit planned shows of a room that have a time and can
// still begin, the next one first. Rehearsals are left out: they are not for viewers.
func (s *Store) UpcomingShows(ctx context.Context, slug string, limit int) ([]overlay.Show, error) {
	room, err := s.RoomBySlug(ctx, slug)
	if err != nil {
		return nil, err
	}
	shows, err := collect(ctx, s.reader, scanShow, selectShow+`WHERE s.room = ? AND s.state = 'planned' AND s.rehearsal = 0 AND s.starts_at > ?
		ORDER BY s.starts_at, s.id LIMIT ?`, room.ID, s.now().Add(-overlay.PlannedLate).UnixMilli(), limit)
	if err != nil {
		return nil, fmt.Errorf("list upcoming shows: %w", err)
	}
	return shows, nil
}

// NextShow gives the show of a room that is planned next from now on, however far away,
// leaving out one that is told already; nil: there is none. A rehearsal counts: the answer
// is for hosts.
func (s *Store) NextShow(ctx context.Context, slug, but string) (*overlay.Show, error) {
	show, err := scanShow(s.reader.QueryRowContext(ctx, selectShow+`WHERE r.slug = ? AND s.state = 'planned' AND s.starts_at > ? AND s.id <> ?
		ORDER BY s.starts_at, s.id LIMIT 1`, slug, s.now().UnixMilli(), but))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find the next show: %w", err)
	}
	return &show, nil
}
