package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"mediad/overlay"
	"mediad/overlay/store/dialect"
)

const selectBroadcast = `SELECT b.epoch, r.slug, b.show, b.anchor, b.msn, b.part, b.discontinuity, b.target, b.part_target, b.begun_at, b.reserved_at, b.lost_at, b.deadline, b.ended_at, b.latency,
	(SELECT s.rehearsal FROM show s WHERE s.id = b.show)
	FROM broadcast b JOIN room r ON r.id = b.room `

func scanBroadcast(row scanner) (b overlay.Broadcast, err error) {
	var anchor, begun, reserved, lost, deadline, ended, rehearsal sql.NullInt64
	err = row.Scan(&b.Epoch, &b.Room, &b.Show, &anchor, &b.Numbers.MSN, &b.Numbers.Part, &b.Numbers.Discontinuities,
		&b.Numbers.Target, &b.Numbers.PartTarget, &begun, &reserved, &lost, &deadline, &ended, &b.Latency, &rehearsal)
	b.Rehearsal = rehearsal.Int64 != 0
	b.Anchor, b.Begun, b.Reserved, b.Lost, b.Deadline, b.Ended = moment(anchor), moment(begun), moment(reserved), moment(lost), moment(deadline), moment(ended)
	return b, err
}

func openBroadcast(ctx context.Context, q querier, room overlay.Room) (b overlay.Broadcast, ok bool, err error) {
	b, err = scanBroadcast(q.QueryRowContext(ctx, selectBroadcast+`WHERE b.room = ? AND b.ended_at IS NULL`, room.ID))
	if errors.Is(err, sql.ErrNoRows) {
		return b, false, nil
	}
	if err != nil {
		return b, false, fmt.Errorf("find broadcast: %w", err)
	}
	return b, true, nil
}

// BeginBroadcast begins or resumes a broadcast for a publisher with the right
// key. A broadcast that has not ended goes on, unless its deadline has passed
// or its show has ended. Otherwise a new broadcast begins, in the room's paused
// or planned show or in a new one, and show.start is appended.
func (s *Store) BeginBroadcast(ctx context.Context, slug string, now time.Time) (overlay.Begin, error) {
	var begin overlay.Begin
	err := s.note(ctx, func(t *tx) error {
		t.now = now.UTC().Truncate(time.Millisecond)
		room, err := roomBySlug(ctx, t, slug)
		if err != nil {
			return err
		}
		old, open, err := openBroadcast(ctx, t, room)
		if err != nil {
			return err
		}
		if open {
			show, err := getShow(ctx, t, old.Show)
			if err != nil {
				return err
			}
			if show.State != overlay.ShowEnded && (old.Deadline.IsZero() || !t.now.After(old.Deadline)) {
				begin, err = t.resume(ctx, old, show)
				return err
			}
			if err := t.endBroadcast(ctx, old, overdue(old, t.now), "the encoder did not come back"); err != nil {
				return err
			}
		}
		if err := t.endStaleShows(ctx, t.now, `s.room = ?`, room.ID); err != nil {
			return err
		}
		if begin, err = t.begin(ctx, room); err == nil && open {
			begin.Ended = old.Epoch
		}
		return err
	})
	if err != nil {
		return overlay.Begin{}, err
	}
	return begin, nil
}

// overdue gives the time that counts as the end of a broadcast that nobody
// ended.
func overdue(b overlay.Broadcast, now time.Time) time.Time {
	if b.Deadline.IsZero() || b.Deadline.After(now) {
		return now
	}
	return b.Deadline
}

func (t *tx) resume(ctx context.Context, b overlay.Broadcast, show overlay.Show) (overlay.Begin, error) {
	if _, err := t.ExecContext(ctx, `UPDATE broadcast SET lost_at = NULL, deadline = NULL WHERE epoch = ?`, b.Epoch); err != nil {
		return overlay.Begin{}, fmt.Errorf("resume broadcast: %w", err)
	}
	return resumed(ctx, t, t.s.dialect, b, show, t.now)
}

func resumed(ctx context.Context, q querier, d *dialect.Dialect, b overlay.Broadcast, show overlay.Show, now time.Time) (begin overlay.Begin, err error) {
	begin = overlay.Begin{Room: b.Room, Show: b.Show, Epoch: b.Epoch, Anchor: b.Anchor, Latency: b.Latency, Rehearsal: show.Rehearsal, Numbers: b.Numbers, Reserved: b.Reserved, Resumed: true}
	// The stream goes on after the last event that landed in it. Events that
	// were committed since, while nobody published, still have to land.
	err = q.QueryRowContext(ctx, `SELECT seq, state FROM event WHERE show = ? AND `+d.Field("landed", "epoch")+` = ? ORDER BY seq DESC LIMIT 1`,
		b.Show, b.Epoch).Scan(&begin.Seq, &begin.State)
	if errors.Is(err, sql.ErrNoRows) {
		begin.Seq = show.Seq
		begin.State, err = stateOf(ctx, q, show, now)
	}
	if err != nil {
		return begin, fmt.Errorf("find the last event in the stream: %w", err)
	}
	return begin, nil
}

// WaitingBroadcast gives what a starting process needs to take up an open
// broadcast whose publisher is still away. It changes nothing.
func (s *Store) WaitingBroadcast(ctx context.Context, epoch string) (overlay.Begin, error) {
	var begin overlay.Begin
	err := s.read(ctx, func(q querier) error {
		b, err := findBroadcast(ctx, q, epoch)
		if err != nil {
			return err
		}
		if !b.Ended.IsZero() {
			return overlay.Errorf(overlay.Gone, "the broadcast %s has ended", epoch)
		}
		show, err := getShow(ctx, q, b.Show)
		if err != nil {
			return err
		}
		begin, err = resumed(ctx, q, s.dialect, b, show, s.now().UTC())
		return err
	})
	return begin, err
}

func findBroadcast(ctx context.Context, q querier, epoch string) (overlay.Broadcast, error) {
	b, err := scanBroadcast(q.QueryRowContext(ctx, selectBroadcast+`WHERE b.epoch = ?`, epoch))
	if errors.Is(err, sql.ErrNoRows) {
		return b, overlay.Errorf(overlay.NotFound, "there is no broadcast %s", epoch)
	}
	if err != nil {
		return b, fmt.Errorf("find broadcast: %w", err)
	}
	return b, nil
}

func (t *tx) begin(ctx context.Context, room overlay.Room) (overlay.Begin, error) {
	show, err := t.currentShow(ctx, room)
	if err != nil {
		return overlay.Begin{}, err
	}
	begin := overlay.Begin{Room: room.Slug, Show: show.ID, Epoch: strings.ToLower(t.s.newID()), Anchor: t.now, Latency: room.Latency, Rehearsal: show.Rehearsal,
		Numbers: overlay.Numbers{MSN: 1, Part: 1}, Seq: show.Seq}
	if begin.State, err = stateOf(ctx, t, show, t.now); err != nil {
		return begin, err
	}
	if err := t.QueryRowContext(ctx, `SELECT msn FROM room WHERE id = ?`, room.ID).Scan(&begin.Numbers.MSN); err != nil {
		return begin, fmt.Errorf("find first media sequence number: %w", err)
	}
	_, err = t.ExecContext(ctx, `INSERT INTO broadcast(epoch, room, show, anchor, msn, part, begun_at, reserved_at, latency) VALUES (?,?,?,?,?,?,?,?,?)`,
		begin.Epoch, room.ID, show.ID, begin.Anchor.UnixMilli(), int64(begin.Numbers.MSN), int64(begin.Numbers.Part), t.now.UnixMilli(), t.now.UnixMilli(), begin.Latency)
	if err != nil {
		return begin, fmt.Errorf("begin broadcast: %w", err)
	}
	_, err = t.ExecContext(ctx, `UPDATE show SET state = 'live', started_at = coalesce(started_at, ?), paused_at = NULL WHERE id = ?`,
		t.now.UnixMilli(), show.ID)
	if err != nil {
		return begin, fmt.Errorf("put show on air: %w", err)
	}
	if err := t.fixLines(ctx, show.ID); err != nil {
		return begin, err
	}
	_, err = t.append(ctx, show, draft{kind: overlay.KindShowStart})
	return begin, err
}

// stateOf gives the current in-band state of a show.
func stateOf(ctx context.Context, q querier, show overlay.Show, now time.Time) ([]byte, error) {
	return stateAfter(ctx, q, show.ID, show.Seq, now)
}
