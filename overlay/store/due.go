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

// NextDue gives the moment at which MakeDue has something to do: a scheduled
// cue, its lead before its date, or a show that ends by itself. ok is false if
// nothing waits.
func (s *Store) NextDue(ctx context.Context) (at time.Time, ok bool, err error) {
	var cue, show sql.NullInt64
	err = s.reader.QueryRowContext(ctx, `SELECT
		(SELECT min(due) FROM cue WHERE status = 'scheduled'),
		(SELECT min(paused_at) FROM show WHERE state = 'paused')`).Scan(&cue, &show)
	if err != nil {
		return time.Time{}, false, fmt.Errorf("find what is due next: %w", err)
	}
	if cue.Valid {
		at = moment(cue).Add(-s.lead)
	}
	if show.Valid {
		if end := moment(show).Add(overlay.ShowGrace); at.IsZero() || end.Before(at) {
			at = end
		}
	}
	return at, cue.Valid || show.Valid, nil
}

// scheduled is a cue that waits.
type scheduled struct {
	id, show string
	due      time.Time
	request
}

// MakeDue turns the scheduled cues whose moment is at most the lead away from
// now into events that carry their moment, and ends stale shows. A cue that
// finds nothing to do, such as an unpin of what is not pinned, is cancelled. It
// makes at most a batch: NextDue says whether there is more.
func (s *Store) MakeDue(ctx context.Context, now time.Time) ([]overlay.Event, error) {
	now = now.UTC().Truncate(time.Millisecond)
	var events []overlay.Event
	err := s.note(ctx, func(t *tx) error {
		t.now, events = now, nil
		if err := t.endStaleShows(ctx, now); err != nil {
			return err
		}
		due, err := collect(ctx, t, scanScheduled, `SELECT id, show, due, kind, coalesce(product,''), coalesce(text,''), data FROM cue
			WHERE status = 'scheduled' AND due <= ? ORDER BY due, id LIMIT ?`, now.Add(s.lead).UnixMilli(), dueBatch)
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
		return nil
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
	if show.State == overlay.ShowEnded {
		return overlay.Event{}, t.cancelAll(ctx, `id = ?`, c.id, "the show ended before")
	}
	e, err := t.perform(ctx, show, draft{id: c.id, at: c.due, notBefore: c.due}, c.request)
	// A refusal comes before perform has written anything.
	if code := overlay.CodeOf(err); code != "" && code != overlay.Internal {
		return overlay.Event{}, t.cancelAll(ctx, `id = ?`, c.id, err.Error())
	}
	if err != nil {
		return overlay.Event{}, fmt.Errorf("make cue %s due: %w", c.id, err)
	}
	if _, err := t.ExecContext(ctx, `UPDATE cue SET status = 'due' WHERE id = ?`, c.id); err != nil {
		return overlay.Event{}, fmt.Errorf("mark cue %s due: %w", c.id, err)
	}
	return e, nil
}

func scanScheduled(row scanner) (c scheduled, err error) {
	var due sql.NullInt64
	var data sql.NullString
	err = row.Scan(&c.id, &c.show, &due, &c.kind, &c.product, &c.text, &data)
	c.due = moment(due)
	if data.Valid {
		c.data = json.RawMessage(data.String)
	}
	return c, err
}
