package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"mediad/overlay"
)

// attribution is how long after a click an order still comes from its show.
const attribution = 24 * time.Hour

// origin is where an order came from. The zero value: from no show that is known.
type origin struct {
	show, product, variant string
	cue                    string // that put the product over the picture last before the click; "" in a recording
	host                   string // the organisation of the show
	offer                  string // that was open when its viewer clicked
	replay                 bool   // the show had ended when its viewer clicked
}

// attribute writes where an order came from, as its click tells, unless somebody has said
// so by hand. A click that is not kept any more changes nothing: what it told stays.
func (t *tx) attribute(ctx context.Context, shop overlay.Shop, order string, sum overlay.OrderSum) error {
	if sum.Click == "" {
		return nil
	}
	o, known, err := t.originOf(ctx, shop, sum)
	if err != nil || !known {
		return err
	}
	_, err = t.ExecContext(ctx, `UPDATE shop_order SET show = ?, product = ?, variant = ?, cue = ?, host = ?, replay = ?, offer = coalesce(?, offer) WHERE id = ? AND by_hand = 0`,
		orNull(o.show), orNull(o.product), orNull(o.variant), orNull(o.cue), orNull(o.host), truth(o.replay), orNull(o.offer), order)
	if err != nil {
		return fmt.Errorf("attribute order: %w", err)
	}
	return nil
}

// attributeLate writes where orders came from whose clicks are kept only now, and gives
// their number: a click waits up to a second for others, and a shop may be quicker.
func (t *tx) attributeLate(ctx context.Context, clicks []overlay.Click) (n int, err error) {
	ids := make([]string, len(clicks))
	for n, c := range clicks {
		ids[n] = c.ID
	}
	text, err := json.Marshal(ids)
	if err != nil {
		return 0, err
	}
	type waiting struct {
		order string
		shop  overlay.Shop
		sum   overlay.OrderSum
	}
	all, err := collect(ctx, t, func(row scanner) (w waiting, err error) {
		var paid sql.NullInt64
		err = row.Scan(&w.order, &w.shop.ID, &w.shop.Org, &w.sum.Click, &paid)
		if paid.Valid {
			w.sum.PaidAt = time.UnixMilli(paid.Int64)
		}
		return w, err
	}, `SELECT id, shop, org, click, paid_at FROM shop_order WHERE click IN `+t.s.dialect.List()+` AND product IS NULL AND by_hand = 0`, string(text))
	if err != nil {
		return 0, fmt.Errorf("find orders of clicks: %w", err)
	}
	for _, w := range all {
		told, err := t.heedOrder(ctx, w.shop.Org, `id = ?`, w.order)
		if err != nil {
			return 0, err
		}
		if err := t.attribute(ctx, w.shop, w.order, w.sum); err != nil {
			return 0, err
		}
		if err := t.allotAgain(ctx, w.order); err != nil {
			return 0, err
		}
		if err := t.tellOrder(ctx, told, w.order); err != nil {
			return 0, err
		}
	}
	return len(all), nil
}

// originOf reads where a click came from. known is false where there is no such click.
// A shop may name only clicks of shows of its organisation, or on its products: those of
// others never led to it.
func (t *tx) originOf(ctx context.Context, shop overlay.Shop, sum overlay.OrderSum) (o origin, known bool, err error) {
	var at int64
	var ended sql.NullInt64
	err = t.QueryRowContext(ctx, `SELECT c.show, c.at, c.product, coalesce(c.variant, ''), s.org, s.ended_at,
		coalesce((SELECT i.id FROM pin i WHERE i.show = c.show AND i.product = c.product AND i.pinned_at <= c.at ORDER BY i.n DESC LIMIT 1), ''),
		coalesce((SELECT f.id FROM offer f WHERE f.show = c.show AND f.product = c.product AND f.variant IN ('', c.variant) AND f.held = 0 AND f.told > 0 AND c.at >= f.starts_at AND c.at < coalesce(f.ended_at, f.ends_at) LIMIT 1), '')
		FROM click c JOIN show s ON s.id = c.show JOIN product p ON p.id = c.product WHERE c.id = ? AND s.rehearsal = 0 AND (p.org = ? OR s.org = ?)`, sum.Click, shop.Org, shop.Org).
		Scan(&o.show, &at, &o.product, &o.variant, &o.host, &ended, &o.cue, &o.offer)
	if errors.Is(err, sql.ErrNoRows) {
		return o, false, nil
	}
	if err != nil {
		return o, false, fmt.Errorf("find click: %w", err)
	}
	if !sum.PaidAt.IsZero() && sum.PaidAt.Sub(time.UnixMilli(at)) > attribution {
		return origin{}, true, nil
	}
	if ended.Valid && at >= ended.Int64 {
		o.replay, o.cue = true, ""
	}
	return o, true, nil
}
