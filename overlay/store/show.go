package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"mediad/overlay"
)

const selectShow = `SELECT s.id, r.slug, s.title, s.org, s.state, s.pos, s.seq, s.started_at, s.paused_at, s.ended_at, s.retention, s.deleting_at, s.deleted_at,
	s.starts_at, s.timezone, s.picture, s.rehearsal, s.lineup_rev, s.plan_rev, s.plan_by, s.plan_at
	FROM show s JOIN room r ON r.id = s.room `

func scanShow(row scanner) (s overlay.Show, err error) {
	var started, paused, ended, kept, deleting, deleted, starts, changed sql.NullInt64
	var by sql.NullString
	var rehearsal int64
	err = row.Scan(&s.ID, &s.Room, &s.Title, &s.Org, &s.State, &s.Pos, &s.Seq, &started, &paused, &ended, &kept, &deleting, &deleted,
		&starts, &s.Timezone, &s.Picture, &rehearsal, &s.LineupRev, &s.Rev, &by, &changed)
	if err != nil {
		return s, err
	}
	s.Started, s.Paused, s.Ended = moment(started), moment(paused), moment(ended)
	s.Retention, s.Deleting, s.Deleted = retention(kept), moment(deleting), moment(deleted)
	s.Starts, s.Rehearsal, s.Changed = moment(starts), rehearsal != 0, moment(changed)
	s.By, err = readBy(by)
	return s, err
}

// openShow gives the present or next show of a room: the live one, else a
// paused one that may go on, else the planned one whose time is nearest, else the
// first that was planned without a time; ok is false if there is none. A show that
// has been paused too long does not count, and neither does a planned one whose
// time is too far away (overlay.PlannedEarly, overlay.PlannedLate).
func openShow(ctx context.Context, q querier, room overlay.Room, now time.Time) (show overlay.Show, ok bool, err error) {
	show, err = scanShow(q.QueryRowContext(ctx, selectShow+`WHERE s.room = ?
		AND (s.state = 'live' OR s.state = 'paused' AND s.paused_at > ?
			OR s.state = 'planned' AND (s.starts_at IS NULL OR s.starts_at BETWEEN ? AND ?))
		ORDER BY CASE s.state WHEN 'live' THEN 0 WHEN 'paused' THEN 1 ELSE 2 END, CASE WHEN s.starts_at IS NULL THEN 1 ELSE 0 END,
			abs(s.starts_at - ?), s.created_at, s.id LIMIT 1`,
		room.ID, now.Add(-overlay.ShowGrace).UnixMilli(), now.Add(-overlay.PlannedLate).UnixMilli(), now.Add(overlay.PlannedEarly).UnixMilli(), now.UnixMilli()))
	if errors.Is(err, sql.ErrNoRows) {
		return overlay.Show{}, false, nil
	}
	if err != nil {
		return overlay.Show{}, false, fmt.Errorf("find show: %w", err)
	}
	return show, true, nil
}

// currentShow is openShow, and plans a show where there is none.
func (t *tx) currentShow(ctx context.Context, room overlay.Room) (overlay.Show, error) {
	show, ok, err := openShow(ctx, t, room, t.now)
	if err != nil || ok {
		return show, err
	}
	return t.planShow(ctx, room, overlay.Plan{})
}

// GetShow gives a show by its id.
func (s *Store) GetShow(ctx context.Context, id string) (overlay.Show, error) {
	return getShow(ctx, s.reader, id)
}

func getShow(ctx context.Context, q querier, id string) (overlay.Show, error) {
	show, err := scanShow(q.QueryRowContext(ctx, selectShow+`WHERE s.id = ?`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return overlay.Show{}, overlay.Errorf(overlay.NotFound, "there is no such show")
	}
	if err != nil {
		return overlay.Show{}, fmt.Errorf("find show: %w", err)
	}
	return show, nil
}

// ShowNow gives a show and its pins, both of the same moment.
func (s *Store) ShowNow(ctx context.Context, id string) (show overlay.Show, pins []overlay.Pin, err error) {
	err = s.read(ctx, func(q querier) error {
		if show, err = getShow(ctx, q, id); err != nil {
			return err
		}
		pins, err = pinned(ctx, q, id)
		return err
	})
	return show, pins, err
}

// RoomShows gives the present or next show of a room, and the last one that has
// a broadcast to replay, but no rehearsal; nil: there is none.
func (s *Store) RoomShows(ctx context.Context, slug string) (open, replay *overlay.Show, err error) {
	room, err := s.RoomBySlug(ctx, slug)
	if err != nil {
		return nil, nil, err
	}
	show, ok, err := openShow(ctx, s.reader, room, s.now())
	if err != nil {
		return nil, nil, err
	}
	if ok {
		open = &show
	}
	last, err := scanShow(s.reader.QueryRowContext(ctx, selectShow+`JOIN broadcast b ON b.show = s.id
		WHERE b.room = ? AND b.ended_at IS NOT NULL AND s.deleting_at IS NULL AND s.rehearsal = 0 ORDER BY b.begun_at DESC, b.epoch DESC LIMIT 1`, room.ID))
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return open, nil, nil
	case err != nil:
		return nil, nil, fmt.Errorf("find last show: %w", err)
	}
	return open, &last, nil
}

// EndShow ends the present or next show of a room, for the host. Cues that
// are still scheduled for the show are cancelled. EndShow returns the event
// show.end; a room without such a show is a conflict.
func (s *Store) EndShow(ctx context.Context, slug string) (overlay.Event, error) {
	var e overlay.Event
	err := s.write(ctx, func(t *tx) error {
		room, err := roomBySlug(ctx, t, slug)
		if err != nil {
			return err
		}
		show, ok, err := openShow(ctx, t, room, t.now)
		if err != nil {
			return err
		}
		if !ok {
			return overlay.Errorf(overlay.Conflict, "the room has no show that could end")
		}
		e, err = t.endShow(ctx, show, t.now)
		return err
	})
	return e, err
}

// endStaleShows ends shows that have waited for another broadcast for
// overlay.ShowGrace. condition picks the shows to look at.
func (t *tx) endStaleShows(ctx context.Context, now time.Time, condition string, of any) error {
	stale, err := collect(ctx, t, scanShow, selectShow+`WHERE s.state <> 'ended' AND s.state = 'paused' AND s.paused_at <= ? AND `+condition+` ORDER BY s.id`,
		now.Add(-overlay.ShowGrace).UnixMilli(), of)
	if err != nil {
		return fmt.Errorf("find stale shows: %w", err)
	}
	for _, show := range stale {
		if _, err := t.endShow(ctx, show, now); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) endShow(ctx context.Context, show overlay.Show, at time.Time) (overlay.Event, error) {
	if err := t.cancelAll(ctx, `show = ?`, show.ID, "the show ended before"); err != nil {
		return overlay.Event{}, err
	}
	if err := t.tellWaiting(ctx, show, true); err != nil {
		return overlay.Event{}, err
	}
	if err := t.endOffers(ctx, show); err != nil {
		return overlay.Event{}, err
	}
	if err := t.endCoupons(ctx, show, true); err != nil {
		return overlay.Event{}, err
	}
	if err := t.tellPolls(ctx, show, true); err != nil {
		return overlay.Event{}, err
	}
	e, err := t.append(ctx, show, draft{kind: overlay.KindShowEnd, at: at})
	if err != nil {
		return e, err
	}
	if _, err := t.ExecContext(ctx, `UPDATE show SET state = 'ended', ended_at = ? WHERE id = ?`, at.UnixMilli(), show.ID); err != nil {
		return e, fmt.Errorf("end show: %w", err)
	}
	return e, nil
}
