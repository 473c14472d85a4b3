package store

import (
	"context"
	"fmt"
	"time"

	"mediad/overlay"
)

// Interrupted records that the publisher was lost and may come back until the
// deadline. It appends no event: the show may go on the next second.
func (s *Store) Interrupted(ctx context.Context, epoch string, at, deadline time.Time) error {
	return s.touch(ctx, epoch, `lost_at = ?, deadline = ?`, at.UnixMilli(), deadline.UnixMilli())
}

// Returned records that the publisher of a broadcast is back.
func (s *Store) Returned(ctx context.Context, epoch string) error {
	return s.touch(ctx, epoch, `lost_at = NULL, deadline = NULL`)
}

// Reserve records which numbers a broadcast may have used: after a restart, and in
// the room's next broadcast (MSN), numbers below those reserved are not used
// again. No number goes back.
func (s *Store) Reserve(ctx context.Context, epoch string, m overlay.Numbers) error {
	return s.note(ctx, func(t *tx) error {
		err := t.touch(ctx, epoch, `msn = CASE WHEN msn > ?1 THEN msn ELSE ?1 END, part = CASE WHEN part > ?2 THEN part ELSE ?2 END,
			discontinuity = CASE WHEN discontinuity > ?3 THEN discontinuity ELSE ?3 END, target = CASE WHEN target > ?4 THEN target ELSE ?4 END,
			part_target = CASE WHEN part_target > ?5 THEN part_target ELSE ?5 END, reserved_at = ?6`,
			int64(m.MSN), int64(m.Part), int64(m.Discontinuities), m.Target, m.PartTarget, t.now.UnixMilli())
		if err != nil {
			return err
		}
		_, err = t.ExecContext(ctx, `UPDATE room SET msn = CASE WHEN msn > ?1 THEN msn ELSE ?1 END WHERE id = (SELECT room FROM broadcast WHERE epoch = ?2)`, int64(m.MSN), epoch)
		if err != nil {
			return fmt.Errorf("reserve media sequence numbers: %w", err)
		}
		return nil
	})
}

func (s *Store) touch(ctx context.Context, epoch, set string, args ...any) error {
	return s.note(ctx, func(t *tx) error { return t.touch(ctx, epoch, set, args...) })
}

func (t *tx) touch(ctx context.Context, epoch, set string, args ...any) error {
	res, err := t.ExecContext(ctx, `UPDATE broadcast SET `+set+` WHERE epoch = ? AND ended_at IS NULL`, append(args, epoch)...)
	if err != nil {
		return fmt.Errorf("change broadcast %s: %w", epoch, err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return overlay.Errorf(overlay.Gone, "the broadcast %s has ended", epoch)
}

// EndBroadcast ends a broadcast; a second call does nothing. Its show pauses,
// may go on within overlay.ShowGrace, and gets the event show.pause, unless
// the host has ended it. Cues that wait for a PTS of the broadcast are
// cancelled.
func (s *Store) EndBroadcast(ctx context.Context, epoch string, at time.Time, reason string) error {
	return s.note(ctx, func(t *tx) error {
		b, err := findBroadcast(ctx, t, epoch)
		if err != nil {
			return err
		}
		if !b.Ended.IsZero() {
			return nil
		}
		return t.endBroadcast(ctx, b, at.UTC().Truncate(time.Millisecond), reason)
	})
}

func (t *tx) endBroadcast(ctx context.Context, b overlay.Broadcast, at time.Time, reason string) error {
	_, err := t.ExecContext(ctx, `UPDATE broadcast SET ended_at = ?, lost_at = NULL, deadline = NULL, reason = ? WHERE epoch = ?`, at.UnixMilli(), reason, b.Epoch)
	if err != nil {
		return fmt.Errorf("end broadcast: %w", err)
	}
	if err := t.cancelAll(ctx, `epoch = ?`, b.Epoch, "the broadcast ended before"); err != nil {
		return err
	}
	show, err := getShow(ctx, t, b.Show)
	if err != nil || show.State != overlay.ShowLive {
		return err
	}
	if _, err := t.ExecContext(ctx, `UPDATE show SET state = 'paused', paused_at = ? WHERE id = ?`, at.UnixMilli(), show.ID); err != nil {
		return fmt.Errorf("pause show: %w", err)
	}
	_, err = t.append(ctx, show, draft{kind: overlay.KindShowPause, at: at})
	return err
}

// OpenBroadcasts gives the broadcasts that have not ended, for the start of the
// process: each is either resumed by its publisher or ended.
func (s *Store) OpenBroadcasts(ctx context.Context) ([]overlay.Broadcast, error) {
	return s.broadcasts(ctx, `WHERE b.ended_at IS NULL ORDER BY b.epoch`)
}

// Broadcasts gives the broadcasts of a show, in order.
func (s *Store) Broadcasts(ctx context.Context, show string) ([]overlay.Broadcast, error) {
	return s.broadcasts(ctx, `WHERE b.show = ? ORDER BY b.begun_at, b.epoch`, show)
}

// EndedBroadcasts gives the last broadcasts of a room that have ended, or of all
// rooms for "", newest first and limit at most. Those of a show that is being
// deleted, and of rehearsals, are left out.
func (s *Store) EndedBroadcasts(ctx context.Context, room string, limit int) ([]overlay.Broadcast, error) {
	return s.broadcasts(ctx, `WHERE b.ended_at IS NOT NULL AND ? IN ('', r.slug)
		AND NOT EXISTS (SELECT 1 FROM show s WHERE s.id = b.show AND (s.deleting_at IS NOT NULL OR s.rehearsal <> 0))
		ORDER BY b.begun_at DESC, b.epoch DESC LIMIT ?`, room, limit)
}

func (s *Store) broadcasts(ctx context.Context, where string, args ...any) ([]overlay.Broadcast, error) {
	list, err := collect(ctx, s.reader, scanBroadcast, selectBroadcast+where, args...)
	if err != nil {
		return nil, fmt.Errorf("list broadcasts: %w", err)
	}
	return list, nil
}
