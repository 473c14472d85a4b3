package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"mediad/overlay"
)

// dueBatch bounds one transaction of MakeDue.
const dueBatch = 100

// Due gives the shows in which something is due: scheduled cues, which are due some
// time before their date (Options.Ahead), and the end of a show that ends by itself.
// It also gives the moment after now at which more is due, zero if nothing waits.
func (s *Store) Due(ctx context.Context, now time.Time) (shows []overlay.Head, next time.Time, err error) {
	now = now.UTC().Truncate(time.Millisecond)
	if next, err = s.dueAfter(ctx, time.Time{}); err != nil || next.IsZero() || next.After(now) {
		return nil, next, err
	}
	shows, err = collect(ctx, s.reader, scanHead, selectHead+`WHERE s.id IN (SELECT show FROM cue WHERE status = 'scheduled' AND due <= ?
		UNION SELECT show FROM waiting_update WHERE due <= ?
		UNION SELECT show FROM offer WHERE due <= ?
		UNION SELECT show FROM coupon WHERE due <= ?
		UNION SELECT show FROM poll WHERE due <= ?
		UNION SELECT id FROM show WHERE state <> 'ended' AND state = 'paused' AND paused_at <= ?) ORDER BY s.id`,
		now.Add(s.ahead).UnixMilli(), now.UnixMilli(), now.UnixMilli(), now.UnixMilli(), now.UnixMilli(), now.Add(-overlay.ShowGrace).UnixMilli())
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("find what is due: %w", err)
	}
	next, err = s.dueAfter(ctx, now)
	return shows, next, err
}

// dueAfter gives the first moment after a given one at which something is due;
// zero: there is none.
func (s *Store) dueAfter(ctx context.Context, after time.Time) (at time.Time, err error) {
	var cue, update, offer, coupon, poll, show sql.NullInt64
	err = s.reader.QueryRowContext(ctx, `SELECT
		(SELECT min(due) FROM cue WHERE status = 'scheduled' AND due > ?),
		(SELECT min(due) FROM waiting_update WHERE due > ?),
		(SELECT min(due) FROM offer WHERE due > ?),
		(SELECT min(due) FROM coupon WHERE due > ?),
		(SELECT min(due) FROM poll WHERE due > ?),
		(SELECT min(paused_at) FROM show WHERE state <> 'ended' AND state = 'paused' AND paused_at > ?)`,
		after.Add(s.ahead).UnixMilli(), after.UnixMilli(), after.UnixMilli(), after.UnixMilli(), after.UnixMilli(), after.Add(-overlay.ShowGrace).UnixMilli()).Scan(&cue, &update, &offer, &coupon, &poll, &show)
	if err != nil {
		return time.Time{}, fmt.Errorf("find what is due next: %w", err)
	}
	if cue.Valid {
		at = moment(cue).Add(-s.ahead)
	}
	for _, other := range []sql.NullInt64{update, offer, coupon, poll} {
		if due := moment(other); other.Valid && (at.IsZero() || due.Before(at)) {
			at = due
		}
	}
	if show.Valid {
		if end := moment(show).Add(overlay.ShowGrace); at.IsZero() || end.Before(at) {
			at = end
		}
	}
	return at, nil
}

// scheduled is a cue that waits.
type scheduled struct {
	id, show string
	due      time.Time
	by       overlay.By // who scheduled it
	request
}

// MakeDue turns the scheduled cues of a show that are due at now into events that
// carry their moment, and ends the show if it is stale. A cue that finds nothing to
// do is cancelled, such as an unpin of a product that is not pinned. MakeDue makes
// at most a batch: Due says whether there is more.
func (s *Store) MakeDue(ctx context.Context, show string, now time.Time) ([]overlay.Event, error) {
	defer s.checkouts.forget() // an offer may have been announced, or have ended
	now = now.UTC().Truncate(time.Millisecond)
	var events []overlay.Event
	err := s.note(ctx, func(t *tx) error {
		t.now, events = now, nil
		if err := t.endStaleShows(ctx, now, `s.id = ?`, show); err != nil {
			return err
		}
		due, err := collect(ctx, t, scanScheduled, `SELECT id, show, due, kind, coalesce(product,''), coalesce(text,''), data, actor FROM cue
			WHERE status = 'scheduled' AND show = ? AND due <= ? ORDER BY due, id LIMIT ?`, show, now.Add(s.ahead).UnixMilli(), dueBatch)
		if err != nil {
			return fmt.Errorf("find due cues: %w", err)
		}
		for _, c := range due {
			e, err := t.makeDue(ctx, c)
			if err != nil {
				return err
			}
			if e.ID != "" {
				events = append(events, e)
			}
		}
		open, err := getShow(ctx, t, show)
		if err != nil || open.State == overlay.ShowEnded {
			return err
		}
		if err := t.tellWaiting(ctx, open, false); err != nil {
			return err
		}
		if err := t.endCoupons(ctx, open, false); err != nil {
			return err
		}
		if err := t.tellPolls(ctx, open, false); err != nil {
			return err
		}
		return t.tellOffers(ctx, open)
	})
	if err != nil {
		return nil, err
	}
	return events, nil
}

func (t *tx) makeDue(ctx context.Context, c scheduled) (overlay.Event, error) {
	show, err := getShow(ctx, t, c.show)
	if err != nil {
		return overlay.Event{}, err
	}
	t.by = c.by
	defer func() { t.by = overlay.By{} }()
	if show.State == overlay.ShowEnded {
		return overlay.Event{}, t.cancelAll(ctx, `id = ?`, c.id, "the show ended before")
	}
	e, err := t.perform(ctx, show, draft{id: c.id, at: c.due, notBefore: c.due}, c.request)
	// perform refuses before it writes anything, so nothing has to be undone
	// here.
	if code := overlay.CodeOf(err); code != "" && code != overlay.Internal {
		return overlay.Event{}, t.cancelAll(ctx, `id = ?`, c.id, err.Error())
	}
	if err != nil {
		return overlay.Event{}, fmt.Errorf("make cue %s due: %w", c.id, err)
	}
	if _, err := t.ExecContext(ctx, `UPDATE cue SET status = 'due' WHERE id = ?`, c.id); err != nil {
		return overlay.Event{}, fmt.Errorf("mark cue %s due: %w", c.id, err)
	}
	if err := t.noteDue(ctx, c.show, c.due); err != nil {
		return overlay.Event{}, err
	}
	return e, nil
}

func scanScheduled(row scanner) (c scheduled, err error) {
	var due sql.NullInt64
	var data, actor sql.NullString
	err = row.Scan(&c.id, &c.show, &due, &c.kind, &c.product, &c.text, &data, &actor)
	if err != nil {
		return c, err
	}
	c.due = moment(due)
	if data.Valid {
		c.data = json.RawMessage(data.String)
	}
	c.by, err = readBy(actor)
	return c, err
}
