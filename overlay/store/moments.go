package store

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"mediad/overlay"
)

// pictureOf is the moment of the picture, in milliseconds, at which the buyer of an order clicked. A player that does
// not tell it shows a show that is on a few seconds late: then it is the time of the click. Of a recording that says
// nothing: a moment behind the show's end is no picture.
func pictureOf(order string, show overlay.Show) string {
	end := int64(math.MaxInt64)
	if !show.Ended.IsZero() {
		end = show.Ended.UnixMilli()
	}
	return fmt.Sprintf(`CASE WHEN %[1]s.replay = 0 OR %[1]s.moment <= %[2]d THEN coalesce(%[1]s.moment, (SELECT k.at FROM click k WHERE k.id = %[1]s.click)) END`, order, end)
}

// Moments tells which pictures of a show sold what, of the orders of shops of a scope, and the SKUs of its products.
func (s *Store) Moments(ctx context.Context, id string, in overlay.Scope) (out overlay.ShowMoments, skus map[string]string, err error) {
	show, err := s.GetShow(ctx, id)
	if err != nil {
		return out, nil, err
	}
	skus = map[string]string{}
	if show.Rehearsal || show.Started.IsZero() {
		out, err = overlay.MomentsOf(show, s.now(), nil, 0)
		return out, skus, err
	}
	where, args := s.of(id, in)
	orders := `FROM (` + lines + where + ` UNION ALL ` + clicked + where + `) x`
	both := slices.Concat(args, args)
	sold, err := collect(ctx, s.reader, func(row scanner) (x overlay.SoldMinute, err error) {
		var gross half
		if err := row.Scan(&x.N, &x.Product, &x.Replay, &x.Currency, &x.Orders, &gross.billions, &gross.rest); err != nil {
			return x, err
		}
		return x, whole(x.Currency, []half{gross}, &x.Gross)
	}, `SELECT g.n, g.product, g.replay, g.currency, g.orders, g.a, g.b FROM (SELECT `+pictureOf("x", show)+` / 60000 AS n, x.product AS product, x.replay <> 0 AS replay, x.currency AS currency,
		CAST(sum(x.orders) AS BIGINT) AS orders, `+halves(`x.gross`, "a", "b")+` `+orders+` GROUP BY 1, 2, 3, 4) g WHERE g.n IS NOT NULL ORDER BY g.n, g.product, g.currency LIMIT ?`, append(both, maxReportRows)...)
	if err != nil {
		return out, nil, fmt.Errorf("sum up the orders of a show by the picture: %w", err)
	}
	clicks, err := collect(ctx, s.reader, func(row scanner) (x overlay.SoldMinute, err error) {
		return x, row.Scan(&x.N, &x.Product, &x.Replay, &x.Clicks)
	}, `SELECT coalesce(k.moment, k.at) / 60000, k.product, s.ended_at IS NOT NULL AND k.at > s.ended_at, count(*) FROM click k JOIN show s ON s.id = k.show
		WHERE k.show = ? AND (k.moment IS NOT NULL OR s.ended_at IS NULL OR k.at <= s.ended_at) GROUP BY 1, 2, 3 ORDER BY 1, 2 LIMIT ?`, id, maxReportRows)
	if err != nil {
		return out, nil, fmt.Errorf("count the clicks of a show by the picture: %w", err)
	}
	var unplaced int64
	err = s.reader.QueryRowContext(ctx, `SELECT count(*) FROM shop_order o WHERE `+where+` AND `+pictureOf("o", show)+` IS NULL`, args...).Scan(&unplaced)
	if err != nil {
		return out, nil, fmt.Errorf("count the orders of no picture: %w", err)
	}
	if out, err = overlay.MomentsOf(show, s.now(), append(sold, clicks...), unplaced); err != nil {
		return out, nil, err
	}
	ids := map[string]bool{}
	for _, p := range out.Products {
		ids[p.Product] = true
	}
	names, err := s.productNames(ctx, slices.Sorted(maps.Keys(ids)))
	if err != nil {
		return out, nil, err
	}
	for id, p := range names {
		skus[id] = p.SKU
	}
	for i := range out.Best {
		m := &out.Best[i]
		m.SKU, m.Title = names[m.Product].SKU, names[m.Product].Title
		if err := s.tell(ctx, show, m, orders, both); err != nil {
			return out, nil, err
		}
	}
	return out, skus, nil
}

// tell adds to a moment from where to hear it, who presented, and what was said.
func (s *Store) tell(ctx context.Context, show overlay.Show, m *overlay.Moment, orders string, args []any) error {
	from, until := m.Minute.UnixMilli(), m.Minute.Add(time.Minute).UnixMilli()
	var first int64
	err := s.reader.QueryRowContext(ctx, `SELECT coalesce(min(g.at), ?) FROM (SELECT `+pictureOf("x", show)+` AS at `+orders+`) g WHERE g.at >= ? AND g.at < ?`, slices.Concat([]any{from}, args, []any{from, until})...).Scan(&first)
	if err == nil {
		if m.Hear = at0(first).Add(-overlay.HearBefore).Truncate(time.Second); m.Hear.Before(show.Started) {
			m.Hear = show.Started.UTC()
		}
		err = s.reader.QueryRowContext(ctx, `SELECT coalesce((SELECT h.name FROM show_host t JOIN host h ON h.id = t.host WHERE t.show = ? AND t.from_at = (SELECT max(from_at) FROM show_host WHERE show = ? AND from_at <= ?)), ''),
			coalesce((SELECT note FROM lineup WHERE show = ? AND product = ?), '')`, show.ID, show.ID, first, show.ID, m.Product).Scan(&m.Host, &m.Note)
	}
	if err != nil {
		return fmt.Errorf("read who presented a moment: %w", err)
	}
	m.Said, err = collect(ctx, s.reader, func(row scanner) (x overlay.Said, err error) {
		var host bool
		var at int64
		err = row.Scan(&x.Name, &x.Text, &host, &at)
		x.At, x.By = at0(at).UTC(), "viewer"
		if host {
			x.By = "host"
		}
		return x, err
	}, `SELECT name, body, host <> 0, at FROM comment WHERE show = ? AND at >= ? AND at < ? AND shadow = 0 AND deleted_at IS NULL AND erased_at IS NULL ORDER BY host DESC, likes DESC, at LIMIT ?`,
		show.ID, from-overlay.HearBefore.Milliseconds(), until+overlay.SaidAfter.Milliseconds(), overlay.SaidMost)
	if err != nil {
		return fmt.Errorf("read what was said in a moment: %w", err)
	}
	return nil
}
