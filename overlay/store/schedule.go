package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"mediad/overlay"
)

// tellScheduled tells hosts of a cue that waits.
func (t *tx) tellScheduled(ctx context.Context, show overlay.Show, id string, due time.Time, r request) error {
	c := overlay.Scheduled{ID: id, Kind: r.kind, Due: due, Text: r.text, Data: r.data}
	switch r.kind {
	case overlay.KindProductPin:
		p, err := product(ctx, t, r.product, 0)
		if err != nil {
			return err
		}
		line, there, err := lineOf(ctx, t, show.ID, p.ID)
		if err != nil {
			return err
		}
		if there {
			p = line.Goods
		}
		card := overlay.PinCard(p)
		c.Product = &card
	case overlay.KindProductUnpin:
		c.Product = &overlay.Card{ID: r.product}
	}
	_, err := t.append(ctx, show, draft{kind: overlay.KindCueScheduled, product: r.product, body: overlay.Body{Cue: &c}})
	return err
}

// WaitingCues gives at most limit scheduled cues of a room that come after the given
// one ("": from the first on), the next one first. The given one need not wait any
// more.
func (s *Store) WaitingCues(ctx context.Context, slug, after string, limit int) (list []overlay.Waiting, err error) {
	err = s.read(ctx, func(q querier) error {
		room, err := roomBySlug(ctx, q, slug)
		if err != nil {
			return err
		}
		due := int64(-1) << 62
		if after != "" {
			err := q.QueryRowContext(ctx, `SELECT due FROM cue WHERE id = ? AND room = ?`, after, room.ID).Scan(&due)
			if errors.Is(err, sql.ErrNoRows) {
				return overlay.Errorf(overlay.Invalid, "cursor: is not valid; use the value next of the page before")
			}
			if err != nil {
				return fmt.Errorf("find the cursor among cues: %w", err)
			}
		}
		list, err = collect(ctx, q, scanWaiting, `SELECT c.id, c.kind, c.due, c.show, coalesce(c.text,''), c.data, r.body, l.price FROM cue c
			LEFT JOIN lineup l ON l.show = c.show AND l.product = c.product
			LEFT JOIN product p ON p.id = c.product LEFT JOIN product_rev r ON r.product = p.id AND r.rev = p.rev
			WHERE c.status = 'scheduled' AND c.room = ?1 AND (c.due > ?2 OR c.due = ?2 AND c.id > ?3) ORDER BY c.due, c.id LIMIT ?4`, room.ID, due, after, limit)
		if err != nil {
			return fmt.Errorf("list scheduled cues: %w", err)
		}
		return nil
	})
	return list, err
}

func scanWaiting(row scanner) (c overlay.Waiting, err error) {
	var due, price sql.NullInt64
	var data sql.NullString
	var body []byte
	if err := row.Scan(&c.ID, &c.Kind, &due, &c.Show, &c.Text, &data, &body, &price); err != nil {
		return c, err
	}
	c.Due, c.Audience = moment(due), c.Kind.Audience()
	if data.Valid {
		c.Data = json.RawMessage(data.String)
	}
	if body != nil {
		p, err := scanProduct(one{body})
		if err != nil {
			return c, err
		}
		if price.Valid {
			p = overlay.Line{Price: &price.Int64}.On(p)
		}
		card := overlay.PinCard(p)
		c.Product = &card
	}
	return c, nil
}

// cancelAll cancels the scheduled cues that where picks, and tells hosts.
func (t *tx) cancelAll(ctx context.Context, where, arg, reason string) error {
	type waiting struct{ id, show string }
	list, err := collect(ctx, t, func(row scanner) (c waiting, err error) {
		err = row.Scan(&c.id, &c.show)
		return c, err
	}, `SELECT id, show FROM cue WHERE status = 'scheduled' AND `+where+` ORDER BY show, id`, arg)
	if err != nil {
		return fmt.Errorf("find cues to cancel: %w", err)
	}
	if len(list) == 0 {
		return nil
	}
	if _, err := t.ExecContext(ctx, `UPDATE cue SET status = 'cancelled', reason = ? WHERE status = 'scheduled' AND `+where, reason, arg); err != nil {
		return fmt.Errorf("cancel cues: %w", err)
	}
	ids := map[string][]string{} // by show: a cue with a moment of this broadcast may belong to the next show
	for _, c := range list {
		ids[c.show] = append(ids[c.show], c.id)
	}
	for _, id := range slices.Sorted(maps.Keys(ids)) {
		show, err := getShow(ctx, t, id)
		if err != nil {
			return err
		}
		for some := range slices.Chunk(ids[id], overlay.MaxCancelled) {
			body := overlay.Body{Cancelled: overlay.Cancelled{Cues: some, Reason: reason}}
			if _, err := t.append(ctx, show, draft{kind: overlay.KindCueCancelled, body: body}); err != nil {
				return err
			}
		}
	}
	return nil
}
