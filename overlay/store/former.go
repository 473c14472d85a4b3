package store

import (
	"context"
	"fmt"

	"mediad/overlay"
)

// FormerShows gives at most limit ended shows of a room that had a broadcast
// and so may have a replay, the newest first.
func (s *Store) FormerShows(ctx context.Context, slug string, limit int) ([]overlay.Show, error) {
	room, err := s.RoomBySlug(ctx, slug)
	if err != nil {
		return nil, err
	}
	shows, err := collect(ctx, s.reader, scanShow, selectShow+`WHERE s.room = ? AND s.state = 'ended' AND s.deleting_at IS NULL
		AND EXISTS (SELECT 1 FROM broadcast b WHERE b.show = s.id) ORDER BY s.created_at DESC, s.id DESC LIMIT ?`, room.ID, limit)
	if err != nil {
		return nil, fmt.Errorf("list former shows: %w", err)
	}
	return shows, nil
}
