package store

import (
	"context"
	"database/sql"
	"encoding/json"
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
	coupon                 string // whose code went along
	ref                    string // the code of the shared link by which its viewer had come
	replay                 bool   // the show had ended when its viewer clicked
}

// attribute writes where an order came from, as its click tells, unless somebody has said
// so by hand. A click that is not kept any more changes nothing: what it told stays.
func (t *tx) attribute(ctx context.Context, shop overlay.Shop, order string, sum overlay.OrderSum) error {
	found, err := t.originsOf(ctx, []claim{{shop.Org, sum}})
	o, known := found[0]
	if err != nil || !known {
		return err
	}
	_, err = t.ExecContext(ctx, `UPDATE shop_order SET show = ?, product = ?, variant = ?, cue = ?, host = ?, replay = ?, offer = coalesce(?, offer), coupon = coalesce(?, coupon), ref = coalesce(?, ref) WHERE id = ? AND by_hand = 0`,
		orNull(o.show), orNull(o.product), orNull(o.variant), orNull(o.cue), orNull(o.host), truth(o.replay), orNull(o.offer), orNull(o.coupon), orNull(o.ref), order)
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
		if err := t.settle(ctx, false, w.order); err != nil {
			return 0, err
		}
		if err := t.tellOrder(ctx, told, w.order); err != nil {
			return 0, err
		}
	}
	return len(all), nil
}

// claim is what an organisation's shop says of where an order came from.
type claim struct {
	org string
	sum overlay.OrderSum
}

// originsOf reads where the clicks came from that claims name, by the places of these.
// Where a click is not known there is none. A shop may name only clicks of shows of its
// organisation, or on its products: those of others never led to it.
func (t *tx) originsOf(ctx context.Context, claims []claim) (map[int]origin, error) {
	var rows [][3]any
	for i, c := range claims {
		if c.sum.Click != "" {
			rows = append(rows, [3]any{i, c.sum.Click, c.org})
		}
	}
	found := map[int]origin{}
	return found, t.eachOf(ctx, rows, func(row scanner) error {
		var o origin
		var i int
		var at int64
		var ended sql.NullInt64
		if err := row.Scan(&i, &o.show, &at, &o.product, &o.variant, &o.host, &ended, &o.cue, &o.offer, &o.coupon, &o.ref); err != nil {
			return err
		}
		switch paid := claims[i].sum.PaidAt; {
		case !paid.IsZero() && paid.Sub(time.UnixMilli(at)) > attribution:
			o = origin{}
		case ended.Valid && at >= ended.Int64:
			o.replay, o.cue = true, ""
		}
		found[i] = o
		return nil
	}, `SELECT CAST(c.value->>0 AS BIGINT), k.show, k.at, k.product, coalesce(k.variant, ''), s.org, s.ended_at,
		coalesce((SELECT i.id FROM pin i WHERE i.show = k.show AND i.product = k.product AND i.pinned_at <= k.at ORDER BY i.n DESC LIMIT 1), ''),
		coalesce((SELECT f.id FROM offer f WHERE f.show = k.show AND f.product = k.product AND f.variant IN ('', k.variant) AND f.held = 0 AND f.told > 0 AND k.at >= f.starts_at AND k.at < coalesce(f.ended_at, f.ends_at) LIMIT 1), ''), coalesce(k.coupon, ''), coalesce(k.ref, '')
		FROM `+t.s.dialect.Rows()+` CROSS JOIN click k JOIN show s ON s.id = k.show JOIN product p ON p.id = k.product
		WHERE k.id = c.value->>1 AND s.rehearsal = 0 AND (p.org = c.value->>2 OR s.org = c.value->>2)`)
}

// eachOf gives read each row of a query whose parameter is rows, as dialect.Rows takes
// them. Nothing is asked where there are none.
func (t *tx) eachOf(ctx context.Context, rows any, read func(scanner) error, query string) error {
	text, err := json.Marshal(rows)
	if err != nil || string(text) == "null" {
		return err
	}
	_, err = collect(ctx, t, func(row scanner) (none struct{}, err error) { return none, read(row) }, query, string(text))
	return err
}
