package store

import (
	"context"
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
		card := overlay.PinCard(p)
		c.Product = &card
	case overlay.KindProductUnpin:
		c.Product = &overlay.Card{ID: r.product}
	}
	_, err := t.append(ctx, show, draft{kind: overlay.KindCueScheduled, product: r.product, body: overlay.Body{Cue: &c}})
	return err
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
