package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"mediad/overlay"
)

// take notes a cue of a show, as long as it takes only so many a second. Where this is one
// too many, free is when the next one fits, and ok is false. Those that are scheduled, and
// changes that wait, have their places, but for the one of a product that is told now.
func (t *tx) take(ctx context.Context, show, told string) (free time.Time, ok bool, err error) {
	limit := t.s.pace
	if limit == 0 {
		return t.now, true, nil
	}
	recent, err := t.recent(ctx, show)
	if err != nil {
		return free, false, err
	}
	ahead, err := t.dueAround(ctx, show, t.now, told)
	if err != nil {
		return free, false, err
	}
	if free = append(ahead, recent...).Free(t.now, limit); free.After(t.now) {
		return free, false, nil
	}
	return free, true, t.noteCue(ctx, show, recent, t.now)
}

// noteDue notes a cue that was scheduled, and was judged then.
func (t *tx) noteDue(ctx context.Context, show string, due time.Time) error {
	if t.s.pace == 0 {
		return nil
	}
	recent, err := t.recent(ctx, show)
	if err != nil {
		return err
	}
	return t.noteCue(ctx, show, recent, due)
}

// fitsIn refuses a cue for a moment at which a show has as many as it takes.
func (t *tx) fitsIn(ctx context.Context, show string, due time.Time) error {
	if t.s.pace == 0 {
		return nil
	}
	recent, err := t.recent(ctx, show)
	if err != nil {
		return err
	}
	around, err := t.dueAround(ctx, show, due, "")
	if err != nil || append(around, recent...).Fits(due, t.s.pace) {
		return err
	}
	return overlay.Errorf(overlay.TooMany, "at: the show takes %d cues in a second, and that many are due then; choose another moment", t.s.pace)
}

func (t *tx) recent(ctx context.Context, show string) (p overlay.Pace, err error) {
	var text sql.NullString
	if err := t.QueryRowContext(ctx, `SELECT cue_times FROM show WHERE id = ?`, show).Scan(&text); err != nil {
		return nil, fmt.Errorf("find the last cues of show %s: %w", show, err)
	}
	if text.Valid {
		if err := json.Unmarshal([]byte(text.String), &p); err != nil {
			return nil, fmt.Errorf("read the last cues of show %s: %w", show, err)
		}
	}
	return p.Recent(t.now), nil
}

func (t *tx) noteCue(ctx context.Context, show string, recent overlay.Pace, at time.Time) error {
	text, err := json.Marshal(append(recent, at.UnixMilli()))
	if err != nil {
		return err
	}
	if _, err := t.ExecContext(ctx, `UPDATE show SET cue_times = ? WHERE id = ?`, string(text), show); err != nil {
		return fmt.Errorf("note a cue of show %s: %w", show, err)
	}
	return nil
}

// dueAround gives the moments within a second of another at which something is due: cues
// that are scheduled, and changes that wait, but for that of one product. Some more than
// fit are enough.
func (t *tx) dueAround(ctx context.Context, show string, at time.Time, but string) (overlay.Pace, error) {
	ms := at.UnixMilli()
	list, err := collect(ctx, t, func(row scanner) (due int64, err error) { return due, row.Scan(&due) },
		`SELECT due FROM cue WHERE show = ?1 AND status = 'scheduled' AND due > ?2 AND due < ?3
		UNION ALL SELECT due FROM waiting_update WHERE show = ?1 AND due > ?2 AND due < ?3 AND product <> ?4 ORDER BY due LIMIT ?5`, show, ms-1000, ms+1000, but, 4*t.s.pace)
	if err != nil {
		return nil, fmt.Errorf("find what is due in show %s: %w", show, err)
	}
	return list, nil
}

// tellUpdate tells viewers how a pinned product has changed. Where the show takes no more
// cues, the change waits, and later ones of the same product join it: what is told then is
// the difference between what viewers knew and what holds.
func (t *tx) tellUpdate(ctx context.Context, show overlay.Show, last, kept overlay.Product) error {
	joined, err := t.ExecContext(ctx, `UPDATE waiting_update SET actor = ? WHERE show = ? AND product = ?`, byText(t.by), show.ID, kept.ID)
	if err != nil {
		return fmt.Errorf("find waiting update: %w", err)
	}
	if n, err := joined.RowsAffected(); n > 0 || err != nil {
		return err
	}
	free, ok, err := t.take(ctx, show.ID, kept.ID)
	if err != nil {
		return err
	}
	if ok {
		return t.appendUpdate(ctx, show, last, kept)
	}
	body, err := json.Marshal(last)
	if err != nil {
		return err
	}
	_, err = t.ExecContext(ctx, `INSERT INTO waiting_update(show, product, due, body, actor) VALUES (?,?,?,?,?)`, show.ID, kept.ID, free.UnixMilli(), string(body), byText(t.by))
	if err != nil {
		return fmt.Errorf("let update wait: %w", err)
	}
	t.changed = true // so that the feed looks for when it is due
	return nil
}

func (t *tx) appendUpdate(ctx context.Context, show overlay.Show, last, kept overlay.Product) error {
	card := overlay.UpdateCard(last, kept)
	_, err := t.append(ctx, show, draft{kind: overlay.KindProductUpdate, product: kept.ID, body: overlay.Body{Product: &card}})
	return err
}

// tellWaiting tells of the changes that wait and are due, or all of them, as at the end of
// a show.
func (t *tx) tellWaiting(ctx context.Context, show overlay.Show, all bool) error {
	type waiting struct {
		product string
		last    overlay.Product
		by      overlay.By
	}
	before := t.now.UnixMilli()
	if all {
		before = 1 << 62
	}
	list, err := collect(ctx, t, func(row scanner) (w waiting, err error) {
		var body []byte
		var actor sql.NullString
		if err := row.Scan(&w.product, &body, &actor); err != nil {
			return w, err
		}
		if w.last, err = scanProduct(one{body}); err != nil {
			return w, err
		}
		w.by, err = readBy(actor)
		return w, err
	}, `SELECT product, body, actor FROM waiting_update WHERE show = ? AND due <= ? ORDER BY due, product`, show.ID, before)
	if err != nil {
		return fmt.Errorf("find waiting updates: %w", err)
	}
	by := t.by
	defer func() { t.by = by }()
	for _, w := range list {
		if !all {
			free, ok, err := t.take(ctx, show.ID, w.product)
			if err != nil {
				return err
			}
			if !ok {
				if _, err := t.ExecContext(ctx, `UPDATE waiting_update SET due = ? WHERE show = ? AND product = ?`, free.UnixMilli(), show.ID, w.product); err != nil {
					return fmt.Errorf("let update wait on: %w", err)
				}
				continue
			}
		}
		if err := t.forgetWaiting(ctx, show.ID, w.product); err != nil {
			return err
		}
		kept, ok, err := goods(ctx, t, show.ID, w.product)
		if err != nil {
			return err
		}
		if t.by = w.by; ok && kept.Rev != w.last.Rev {
			if err := t.appendUpdate(ctx, show, w.last, kept); err != nil {
				return err
			}
		}
	}
	return nil
}

// forgetWaiting drops a change that waits: its product was pinned anew, which tells all of
// it, or was taken down.
func (t *tx) forgetWaiting(ctx context.Context, show, product string) error {
	if _, err := t.ExecContext(ctx, `DELETE FROM waiting_update WHERE show = ? AND product = ?`, show, product); err != nil {
		return fmt.Errorf("forget waiting update: %w", err)
	}
	return nil
}
