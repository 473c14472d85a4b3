package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"mediad/overlay"
)

// Limits of a report. What is beyond the products is in the row of what is of no product.
const (
	maxReportRows     = 10_000 // sellers by currency
	maxReportProducts = 1000
)

// Report makes the report of a show, of the orders of shops of a scope. whole: with what
// the audience did.
func (s *Store) Report(ctx context.Context, id string, in overlay.Scope, whole bool) (r overlay.Report, err error) {
	show, err := s.GetShow(ctx, id)
	if err != nil {
		return r, err
	}
	if r, err = s.sums(ctx, show, in, whole); err != nil || show.Rehearsal {
		return r, err
	}
	if whole {
		if r.Presenters, err = s.presentersOf(ctx, show, in); err != nil {
			return r, err
		}
		if err = s.dealsOf(ctx, id, &r); err != nil {
			return r, err
		}
		booked, err := s.Reminders(ctx, id)
		if err != nil {
			return r, err
		}
		r.Reminders = booked.InReport()
	}
	sold, err := s.soldAt(ctx, show, r.At, in, show.Stretch(r.At))
	return r.Timed(show, sold), err
}

// soldAt sums up what was paid in each stretch of a show.
func (s *Store) soldAt(ctx context.Context, show overlay.Show, at time.Time, in overlay.Scope, stretch time.Duration) ([]overlay.SaleAt, error) {
	length := stretch.Milliseconds()
	if length == 0 {
		return nil, nil
	}
	where, args := s.of(show.ID, in)
	// One more stretch than there are at most on both sides; which of them count is for the report to say.
	from := show.Started.UnixMilli() - length
	until := at.UnixMilli() + length
	if !show.Ended.IsZero() {
		until = show.Ended.UnixMilli() + length
	}
	sold, err := collect(ctx, s.reader, func(row scanner) (x overlay.SaleAt, err error) {
		var gross half
		if err := row.Scan(&x.N, &x.Currency, &x.Orders, &gross.billions, &gross.rest); err != nil {
			return x, err
		}
		return x, whole(x.Currency, []half{gross}, &x.Gross)
	}, `SELECT g.n, g.currency, g.orders, g.a, g.b FROM (SELECT o.paid_at / ? AS n, o.currency AS currency, count(*) AS orders, `+halves(`o.gross`, "a", "b")+`
		FROM shop_order o WHERE `+where+` AND o.paid_at >= ? AND o.paid_at < ? GROUP BY 1, 2) g ORDER BY g.n, g.orders DESC, g.currency LIMIT ?`,
		append(slices.Concat([]any{length}, args), from, until, maxReportRows)...)
	if err != nil {
		return nil, fmt.Errorf("sum up the orders of a show by time: %w", err)
	}
	return sold, nil
}

// sums makes the report without what was paid when.
func (s *Store) sums(ctx context.Context, show overlay.Show, in overlay.Scope, whole bool) (r overlay.Report, err error) {
	at := s.now()
	if show.Rehearsal {
		return overlay.MakeReport(show, at, overlay.Sales{}, nil, nil)
	}
	var sales overlay.Sales
	names, err := s.salesOf(ctx, show, in, &sales)
	if err != nil {
		return r, fmt.Errorf("sum up the orders of a show: %w", err)
	}
	if sales.Products, err = s.productSales(ctx, show.ID, in); err != nil {
		return r, fmt.Errorf("sum up the products of a show: %w", err)
	}
	if err := s.buyersOf(ctx, show.ID, in, &sales); err != nil {
		return r, fmt.Errorf("count the buyers of a show: %w", err)
	}
	var seen *overlay.Seen
	if whole {
		if seen, err = s.audienceOf(ctx, show.ID); err != nil {
			return r, err
		}
	}
	return overlay.MakeReport(show, at, sales, seen, names)
}

// of gives the condition for the paid orders o of a show and a scope, and its arguments.
func (s *Store) of(show string, in overlay.Scope) (where string, args []any) {
	where, args = s.scoped(in, "o.org", "")
	return where + ` AND o.show = ? AND o.paid_at IS NOT NULL`, append(args, show)
}

// halves sums up amounts in two parts: the database refuses a sum beyond 64 bits, or makes
// something else of it, and neither says for whom. So ours is the one that refuses it.
func halves(amount, billions, rest string) string {
	return `CAST(coalesce(sum((` + amount + `) / 1000000000), 0) AS BIGINT) AS ` + billions + `, CAST(coalesce(sum((` + amount + `) % 1000000000), 0) AS BIGINT) AS ` + rest
}

// half takes what halves gives.
type half struct{ billions, rest int64 }

func whole(currency string, parts []half, to ...*int64) error {
	const billion, most = 1_000_000_000, 1<<63 - 1
	for i, p := range parts {
		if p.billions > most/billion {
			return overlay.TooGreat(currency)
		}
		var ok bool
		if *to[i], ok = overlay.Sum(p.billions*billion, p.rest); !ok {
			return overlay.TooGreat(currency)
		}
	}
	return nil
}

const (
	orderRefunded  = `CASE WHEN o.state = 'cancelled' THEN 0 ELSE o.refunded END`
	orderCancelled = `CASE WHEN o.state = 'cancelled' THEN o.gross ELSE 0 END`

	// lines are what an order is of: its lines that match a product, or, where its shop tells
	// none, the product of its click.
	lines = `SELECT o.id, o.show, o.replay, o.click, o.moment, l.product, o.currency, l.sku, l.title, l.first AS orders, l.quantity, l.amount AS gross,
		CASE WHEN o.state = 'refunded' THEN l.amount ELSE 0 END AS refunded, CASE WHEN o.state = 'cancelled' THEN l.amount ELSE 0 END AS cancelled
		FROM shop_order o JOIN order_line l ON l.shop_order = o.id WHERE l.product IS NOT NULL AND `
	clicked = `SELECT o.id, o.show, o.replay, o.click, o.moment, o.product, o.currency, '', '', 1, 0, o.gross, ` + orderRefunded + `, ` + orderCancelled + `
		FROM shop_order o WHERE o.product IS NOT NULL AND NOT EXISTS (SELECT 1 FROM order_line l WHERE l.shop_order = o.id) AND `
)

func (s *Store) salesOf(ctx context.Context, show overlay.Show, in overlay.Scope, to *overlay.Sales) (names map[string]string, err error) {
	where, args := s.of(show.ID, in)
	names = map[string]string{}
	to.Sales, err = collect(ctx, s.reader, func(row scanner) (x overlay.Sale, err error) {
		parts := make([]half, 3)
		var replay int64
		var seller, host string
		if err := row.Scan(&x.Seller, &x.Host, &x.Currency, &replay, &seller, &host, &x.Orders, &parts[0].billions, &parts[0].rest, &parts[1].billions, &parts[1].rest, &parts[2].billions, &parts[2].rest); err != nil {
			return x, err
		}
		names[x.Seller], names[x.Host], x.Replay = seller, host, replay != 0
		err = whole(x.Currency, parts, &x.Gross, &x.Refunded, &x.Cancelled)
		x.Net = x.Gross - x.Refunded - x.Cancelled
		return x, err
	}, `SELECT g.seller, g.host, g.currency, g.replay, coalesce((SELECT name FROM org WHERE id = g.seller), ''), coalesce((SELECT name FROM org WHERE id = g.host), ''),
		g.orders, g.a, g.b, g.c, g.d, g.e, g.f FROM (SELECT o.org AS seller, coalesce(o.host, s.org) AS host, o.currency AS currency, o.replay AS replay, count(*) AS orders, `+
		halves(`o.gross`, "a", "b")+`, `+halves(orderRefunded, "c", "d")+`, `+halves(orderCancelled, "e", "f")+`
		FROM shop_order o JOIN show s ON s.id = o.show WHERE `+where+` GROUP BY 1, 2, 3, 4) g ORDER BY 1, 2, 3, 4 LIMIT ?`, append(args, maxReportRows+1)...)
	if err == nil && len(to.Sales) > maxReportRows {
		err = overlay.Errorf(overlay.TooLarge, "the report has more than %d rows of sellers and currencies", maxReportRows)
	}
	return names, err
}

func (s *Store) productSales(ctx context.Context, show string, in overlay.Scope) ([]overlay.SaleOf, error) {
	where, args := s.of(show, in)
	return collect(ctx, s.reader, func(row scanner) (x overlay.SaleOf, err error) {
		parts := make([]half, 3)
		if err := row.Scan(&x.Product, &x.Currency, &x.SKU, &x.Title, &x.Orders, &x.Units, &parts[0].billions, &parts[0].rest, &parts[1].billions, &parts[1].rest, &parts[2].billions, &parts[2].rest); err != nil {
			return x, err
		}
		return x, whole(x.Currency, parts, &x.Gross, &x.Refunded, &x.Cancelled)
	}, `SELECT product, currency, max(sku), max(title), CAST(sum(orders) AS BIGINT), CAST(sum(quantity) AS BIGINT), `+halves(`gross`, "a", "b")+`, `+halves(`refunded`, "c", "d")+`, `+halves(`cancelled`, "e", "f")+`
		FROM (`+lines+where+` UNION ALL `+clicked+where+`) x GROUP BY 1, 2 ORDER BY 5 DESC, 1, 2 LIMIT ?`, append(slices.Concat(args, args), maxReportProducts)...)
}

// buyersOf counts who bought, of live and replay apart and together.
func (s *Store) buyersOf(ctx context.Context, show string, in overlay.Scope, to *overlay.Sales) error {
	where, args := s.of(show, in)
	for _, part := range []struct {
		to   *overlay.Buyers
		only string
	}{{&to.Total, ``}, {&to.Live, ` AND o.replay = 0`}, {&to.Replay, ` AND o.replay <> 0`}} {
		err := s.reader.QueryRowContext(ctx, `SELECT count(DISTINCT o.buyer), count(*) - count(o.buyer) FROM shop_order o WHERE `+where+part.only, args...).Scan(&part.to.Known, &part.to.Unknown)
		if err != nil {
			return err
		}
	}
	return nil
}

// audienceOf reads what the audience of a show did.
func (s *Store) audienceOf(ctx context.Context, show string) (*overlay.Seen, error) {
	w, err := s.Watched(ctx, show)
	if err != nil {
		return nil, err
	}
	clicks, err := s.CountClicks(ctx, ClickRange{Show: show})
	if err != nil {
		return nil, err
	}
	out := &overlay.Seen{Impressions: w.Impressions, Clicks: map[string]int64{}}
	var seen, clicked int64
	for _, n := range w.Impressions {
		seen += n
	}
	for _, c := range clicks {
		out.Clicks[c.Product] = c.Clicks
		clicked += c.Clicks
	}
	var replayed int64
	err = s.reader.QueryRowContext(ctx, `SELECT CAST(coalesce(sum(replay), 0) AS BIGINT) FROM click_count WHERE show = ?`, show).Scan(&replayed)
	if err != nil {
		return nil, fmt.Errorf("count clicks: %w", err)
	}
	views, later, viewers, laterViewers, err := crowdOf(ctx, s.reader, show)
	part := func(views, viewers, clicks int64) overlay.Crowd {
		c := overlay.Crowd{Clicks: &clicks}
		if views > 0 { // none of a show from before they were counted, or of players that say nothing
			c.Views, c.Viewers = &views, &viewers
		}
		return c
	}
	out.Total, out.Live, out.Replay = part(views, viewers, clicked), part(views-later, viewers-laterViewers, clicked-replayed), part(later, laterViewers, replayed)
	out.Total.Impressions = &seen
	if views > 0 || w.Likes > 0 {
		out.Total.Likes, out.Total.Shares, out.Total.Came = &w.Likes, &w.Shares, &w.Came
	}
	if err != nil {
		return out, err
	}
	if views > 0 {
		watched := int64(w.Time.Seconds())
		out.Total.Peak, out.Total.Watched = &w.Peak, &watched
		if out.Total.ByShares, err = s.orderedByShares(ctx, show); err != nil {
			return out, err
		}
		if err := s.minutesSummed(ctx, show, out); err != nil {
			return out, err
		}
	}
	clickers, laterClickers, err := s.clickersOf(ctx, show)
	if err == nil && clickers != nil {
		live := *clickers - *laterClickers
		out.Total.Clickers, out.Live.Clickers, out.Replay.Clickers = clickers, &live, laterClickers
	}
	return out, err
}

// orderedByShares counts the orders of buyers who had come by a shared link.
func (s *Store) orderedByShares(ctx context.Context, show string) (*int64, error) {
	var n int64
	err := s.reader.QueryRowContext(ctx, `SELECT count(ref) FROM shop_order WHERE show = ? AND paid_at IS NOT NULL`, show).Scan(&n)
	if err != nil {
		return nil, fmt.Errorf("count the orders that came by shares: %w", err)
	}
	return &n, nil
}

// SoldIn tells whether a shop of a scope has an order from a show.
func (s *Store) SoldIn(ctx context.Context, show string, in overlay.Scope) (bool, error) {
	where, args := s.of(show, in)
	var n int
	err := s.reader.QueryRowContext(ctx, `SELECT 1 FROM shop_order o WHERE `+where+` LIMIT 1`, args...).Scan(&n)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("find orders of a show: %w", err)
	}
	return true, nil
}
