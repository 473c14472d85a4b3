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

// OnNow gives at most limit shows to which viewers can go: those on air, the latest first, then the planned ones with a
// time, the next one first. Each is of another room; rehearsals are left out. A room that has nothing of its own is asked
// for by its name: then they are those of its organisation.
func (s *Store) OnNow(ctx context.Context, inPlaceOf string, limit int) ([]overlay.Show, error) {
	shows, err := collect(ctx, s.reader, scanShow, selectShow+`WHERE r.deleting_at IS NULL AND s.rehearsal = 0
		AND (s.state = 'live' OR s.state = 'planned' AND s.starts_at > ?)
		AND (? = '' OR s.org = (SELECT q.org FROM room q WHERE q.slug = ?)) AND r.slug <> ?
		AND NOT EXISTS (SELECT 1 FROM show t WHERE t.room = s.room AND t.id <> s.id AND t.rehearsal = 0 AND (t.state = 'live'
			OR s.state = 'planned' AND t.state = 'planned' AND t.starts_at > ? AND (t.starts_at < s.starts_at OR t.starts_at = s.starts_at AND t.id < s.id)))
		ORDER BY CASE s.state WHEN 'live' THEN 0 ELSE 1 END, CASE s.state WHEN 'live' THEN -s.started_at ELSE s.starts_at END, s.id LIMIT ?`,
		s.now().UnixMilli(), inPlaceOf, inPlaceOf, inPlaceOf, s.now().UnixMilli(), limit)
	if err != nil {
		return nil, fmt.Errorf("list what is on: %w", err)
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
