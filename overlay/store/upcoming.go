package store

import (
	"context"
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
