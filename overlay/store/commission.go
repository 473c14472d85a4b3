package store

import (
	"context"
	"encoding/json"
	"fmt"

	"mediad/overlay"
)

// owed is what an order has brought, and whose show it is of.
type owed struct {
	order, show, currency, host string
	net, rate                   int64
}

// booked is what the account of a host has of an order.
type booked struct {
	order, host, show, currency string
	rate, net, amount           int64
}

// settle books what has changed of orders to the accounts of hosts: of those who presented
// at the moment of the picture of their clicks. An order keeps the
// host and the share of its sale, unless somebody says that it came from another show.
// again: it does not keep them, as when a show was given to the wrong host.
func (t *tx) settle(ctx context.Context, again bool, orders ...string) error {
	if len(orders) == 0 {
		return nil
	}
	if err := t.noteMoments(ctx, list(orders)); err != nil {
		return err
	}
	all, err := collect(ctx, t, func(row scanner) (o owed, err error) {
		return o, row.Scan(&o.order, &o.show, &o.currency, &o.net, &o.host, &o.rate)
	}, `SELECT o.id, coalesce(o.show, ''), o.currency, CASE WHEN o.paid_at IS NULL THEN 0 ELSE o.net END, coalesce(h.id, ''), coalesce(h.commission, 0)
		FROM shop_order o LEFT JOIN show s ON s.id = o.show AND s.rehearsal = 0 LEFT JOIN host h ON s.id IS NOT NULL AND h.deleted_at IS NULL AND h.id = `+presenterOfOrder+`
		WHERE o.id IN `+t.s.dialect.List()+` AND (h.id IS NOT NULL OR EXISTS (SELECT 1 FROM commission c WHERE c.shop_order = o.id)) ORDER BY o.id`, list(orders))
	if err != nil {
		return fmt.Errorf("find what hosts get: %w", err)
	}
	if len(all) == 0 {
		return nil
	}
	had := map[string][]booked{}
	_, err = collect(ctx, t, func(row scanner) (none struct{}, err error) {
		var b booked
		err = row.Scan(&b.order, &b.host, &b.show, &b.currency, &b.rate, &b.net, &b.amount)
		had[b.order] = append(had[b.order], b)
		return none, err
	}, `SELECT shop_order, host, show, currency, rate, CAST(sum(net) AS BIGINT), CAST(sum(amount) AS BIGINT) FROM commission WHERE shop_order IN `+t.s.dialect.List()+` GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, max(id) DESC`, list(orders))
	if err != nil {
		return fmt.Errorf("find what hosts got: %w", err)
	}
	var rows [][9]any
	add := func(b booked, net, amount int64) {
		if net != 0 || amount != 0 {
			rows = append(rows, [9]any{t.s.newID(), b.order, b.host, b.show, b.currency, net, b.rate, amount, t.now.UnixMilli()})
		}
	}
	for _, o := range all {
		want := booked{order: o.order, host: o.host, show: o.show, currency: o.currency, rate: o.rate}
		for _, b := range had[o.order] { // the last one first
			if b.show == o.show && b.currency == o.currency && (!again || b.host == o.host) {
				want = b
				break
			}
		}
		var net, amount int64
		for _, b := range had[o.order] {
			if b.host == want.host && b.show == want.show && b.currency == want.currency && b.rate == want.rate {
				net, amount = b.net, b.amount
			} else {
				add(b, -b.net, -b.amount)
			}
		}
		if want.host != "" {
			add(want, o.net-net, overlay.CommissionOf(o.net, want.rate)-amount)
		}
	}
	if len(rows) == 0 {
		return nil
	}
	text, err := json.Marshal(rows)
	if err != nil {
		return err
	}
	_, err = t.ExecContext(ctx, `INSERT INTO commission(id, shop_order, host, show, currency, net, rate, amount, at) SELECT c.value->>0, c.value->>1, c.value->>2, c.value->>3, c.value->>4,
		CAST(c.value->>5 AS BIGINT), CAST(c.value->>6 AS BIGINT), CAST(c.value->>7 AS BIGINT), CAST(c.value->>8 AS BIGINT) FROM `+t.s.dialect.Rows(), string(text))
	if err != nil {
		return fmt.Errorf("book what hosts get: %w", err)
	}
	return nil
}

// settleAll is settle, for orders of which facts are new.
func (t *tx) settleAll(ctx context.Context, all []*change) error {
	ids := make([]string, len(all))
	for i, c := range all {
		ids[i] = c.after.ID
	}
	return t.settle(ctx, false, ids...)
}

// Statement gives the account of a host of a month, with at most so many of its lines.
func (s *Store) Statement(ctx context.Context, host, month, zone string, most int) (out overlay.Statement, err error) {
	if out.Host, err = presenter(ctx, s.reader, host); err != nil {
		return out, err
	}
	if zone == "" {
		of, err := s.Org(ctx, out.Host.Org)
		if err != nil {
			return out, err
		}
		zone = of.Timezone
	}
	name, from, until, loc, err := overlay.MonthOf(month, zone, s.now())
	if err != nil {
		return out, err
	}
	out.Month, out.Timezone, out.At = name, loc.String(), s.now().UTC()
	args := []any{host, from.UnixMilli(), until.UnixMilli()}
	var n int64
	out.Sums, err = collect(ctx, s.reader, func(row scanner) (x overlay.StatementSum, err error) {
		parts, lines := make([]half, 2), int64(0)
		if err := row.Scan(&x.Currency, &x.Orders, &lines, &parts[0].billions, &parts[0].rest, &parts[1].billions, &parts[1].rest); err != nil {
			return x, err
		}
		n += lines
		return x, whole(x.Currency, parts, &x.Net, &x.Amount)
	}, `SELECT currency, count(DISTINCT shop_order), count(*), `+halves("net", "a", "b")+`, `+halves("amount", "c", "d")+` FROM commission WHERE host = ? AND at >= ? AND at < ? GROUP BY 1 ORDER BY 1`, args...)
	if err != nil {
		return out, fmt.Errorf("sum up a statement: %w", err)
	}
	if out.Count = n; most == overlay.StatementTable && n > overlay.StatementTable {
		return out, overlay.Errorf(overlay.TooLarge, "the statement has more than %d lines", overlay.StatementTable)
	}
	out.Lines, err = collect(ctx, s.reader, func(row scanner) (b overlay.Booking, err error) {
		var at int64
		err = row.Scan(&b.Order, &b.Name, &b.Show, &b.Title, &at, &b.Currency, &b.Net, &b.Share, &b.Amount)
		b.At = at0(at)
		return b, err
	}, `SELECT c.shop_order, coalesce(o.name, ''), c.show, coalesce(s.title, ''), c.at, c.currency, c.net, c.rate, c.amount
		FROM commission c LEFT JOIN shop_order o ON o.id = c.shop_order LEFT JOIN show s ON s.id = c.show WHERE c.host = ? AND c.at >= ? AND c.at < ? ORDER BY c.at, c.id LIMIT ?`, append(args, most)...)
	if err != nil {
		return out, fmt.Errorf("read a statement: %w", err)
	}
	return out, nil
}
