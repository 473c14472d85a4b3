package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"mediad/overlay"
)

// maxSummarySums is how many sums of shows and rows a summary is made of at most.
const maxSummarySums = 500_000

// Summary makes a summary of the shows that began in some days: of those of rooms in a
// scope all of it, with their audience; of shows of others what shops of the scope sold.
func (s *Store) Summary(ctx context.Context, by overlay.SummaryBy, days overlay.SummaryDays, in overlay.Scope) (out overlay.Summary, err error) {
	at, parts := s.now(), overlay.SummaryParts{Names: map[string]overlay.SummaryName{}}
	if parts.Shows, err = s.summaryShows(ctx, days, in, at); err != nil {
		return out, err
	}
	if len(parts.Shows) > overlay.MaxSummaryShows {
		return out, overlay.Errorf(overlay.TooLarge, "more than %d shows began in these days: ask for fewer days", overlay.MaxSummaryShows)
	}
	of := summed{s: s, in: in, at: at}
	for _, show := range parts.Shows {
		if show.Whole {
			of.whole = append(of.whole, show.ID)
		} else {
			of.sold = append(of.sold, show.ID)
		}
	}
	row := map[overlay.SummaryBy]string{overlay.ByHost: `coalesce(o.host, s.org)`, overlay.ByOrg: `o.org`}[by]
	if row == "" {
		row = `o.show`
	}
	if parts.Sales, err = of.sales(ctx, row); err != nil {
		return out, err
	}
	if by == overlay.ByProduct {
		if parts.Lines, err = of.lines(ctx); err != nil {
			return out, err
		}
	}
	if parts.Seen, err = of.seen(ctx, by); err != nil {
		return out, err
	}
	if parts.NoShow, err = s.summaryNoShow(ctx, days, in); err != nil {
		return out, err
	}
	switch by {
	case overlay.ByProduct:
		err = s.nameProducts(ctx, parts)
	case overlay.ByHost, overlay.ByOrg:
		err = s.nameOrgs(ctx, parts.Names)
	}
	if err != nil {
		return out, err
	}
	return overlay.MakeSummary(by, days, at, parts)
}

// summaryShows gives the shows that began in some days: those of rooms of a scope, and
// those of others in which its shops sold.
func (s *Store) summaryShows(ctx context.Context, days overlay.SummaryDays, in overlay.Scope, at time.Time) ([]overlay.SummaryShow, error) {
	const columns = `SELECT s.id, s.title, r.slug, s.org, s.started_at, coalesce(w.views, 0), coalesce(w.replay_views, 0), coalesce(w.viewers, 0), coalesce(w.replay_viewers, 0),
		CAST((SELECT coalesce(sum(coalesce(b.ended_at, ?) - b.begun_at), 0) FROM broadcast b WHERE b.show = s.id) AS BIGINT)
		FROM show s JOIN room r ON r.id = s.room LEFT JOIN show_watched w ON w.show = s.id WHERE s.started_at >= ? AND s.started_at < ? AND s.rehearsal = 0 AND `
	span := []any{at.UnixMilli(), days.Begin.UnixMilli(), days.End.UnixMilli()}
	scan := func(whole bool) func(row scanner) (overlay.SummaryShow, error) {
		return func(row scanner) (x overlay.SummaryShow, err error) {
			var started, onAir int64
			err = row.Scan(&x.ID, &x.Title, &x.Room, &x.Org, &started, &x.Views, &x.ReplayViews, &x.Viewers, &x.ReplayViewers, &onAir)
			x.Started, x.OnAir, x.Whole = time.UnixMilli(started).UTC(), time.Duration(onAir)*time.Millisecond, whole
			return x, err
		}
	}
	mine, args := s.scoped(in, "s.org", "r.slug")
	all, err := collect(ctx, s.reader, scan(true), columns+mine+` ORDER BY s.started_at, s.id LIMIT ?`, append(slices.Concat(span, args), overlay.MaxSummaryShows+1)...)
	if err != nil {
		return nil, fmt.Errorf("find the shows of some days: %w", err)
	}
	if in.All || len(in.Orgs) == 0 {
		return all, nil
	}
	sellers, sold := s.scoped(in, "o.org", "")
	others, err := collect(ctx, s.reader, scan(false), columns+`NOT (`+mine+`) AND s.id IN (SELECT o.show FROM shop_order o WHERE `+sellers+` AND o.show IS NOT NULL AND o.paid_at IS NOT NULL) ORDER BY s.started_at, s.id LIMIT ?`,
		append(slices.Concat(span, args, sold), overlay.MaxSummaryShows+1)...)
	if err != nil {
		return nil, fmt.Errorf("find the shows in which others sold: %w", err)
	}
	return append(all, others...), nil
}

// summed adds up what shows brought: of whole all, of sold what shops of the scope sold.
type summed struct {
	s           *Store
	in          overlay.Scope
	at          time.Time
	whole, sold []string
}

// each asks once for the shows of which all counts, and once for those of which what the
// scope's own sold does; owner is the column that says whose something is.
func each[T any](ctx context.Context, f summed, show, owner string, scan func(scanner) (T, error), query func(where string) (string, int)) ([]T, error) {
	var all []T
	for i, shows := range [][]string{f.whole, f.sold} {
		if len(shows) == 0 {
			continue
		}
		where, args := show+` IN `+f.s.dialect.List(), []any{list(shows)}
		if i == 1 {
			own, orgs := f.s.scoped(f.in, owner, "")
			where, args = where+` AND `+own, append(args, orgs...)
		}
		text, times := query(where)
		found, err := collect(ctx, f.s.reader, scan, text+` LIMIT ?`, append(slices.Repeat(args, times), maxSummarySums+1)...)
		if err != nil {
			return nil, err
		}
		if all = append(all, found...); len(all) > maxSummarySums {
			return nil, overlay.Errorf(overlay.TooLarge, "these days have more than %d rows: ask for fewer days", maxSummarySums)
		}
	}
	return all, nil
}

func scanSummarySale(row scanner) (x overlay.SummarySale, err error) {
	parts := make([]half, 3)
	var replay int64
	if err := row.Scan(&x.Show, &x.Row, &x.Currency, &replay, &x.Orders, &x.Units, &parts[0].billions, &parts[0].rest, &parts[1].billions, &parts[1].rest, &parts[2].billions, &parts[2].rest); err != nil {
		return x, err
	}
	x.Replay = replay != 0
	return x, whole(x.Currency, parts, &x.Gross, &x.Refunded, &x.Cancelled)
}

const piecesOf = `CAST(coalesce(sum(o.pieces), 0) AS BIGINT)`

// sales sums up orders by their show and a row.
func (f summed) sales(ctx context.Context, row string) ([]overlay.SummarySale, error) {
	all, err := each(ctx, f, "o.show", "o.org", scanSummarySale, func(where string) (string, int) {
		return `SELECT o.show, ` + row + `, o.currency, o.replay, count(*), ` + piecesOf + `, ` + halves(`o.gross`, "a", "b") + `, ` + halves(orderRefunded, "c", "d") + `, ` + halves(orderCancelled, "e", "f") + `
			FROM shop_order o JOIN show s ON s.id = o.show WHERE ` + where + ` AND o.paid_at IS NOT NULL GROUP BY 1, 2, 3, 4`, 1
	})
	if err != nil {
		return nil, fmt.Errorf("sum up the orders of shows: %w", err)
	}
	return all, nil
}

// lines sums up what orders are of, by their show and product.
func (f summed) lines(ctx context.Context) ([]overlay.SummarySale, error) {
	all, err := each(ctx, f, "o.show", "o.org", scanSummarySale, func(where string) (string, int) {
		where += ` AND o.paid_at IS NOT NULL`
		return `SELECT show, product, currency, replay, CAST(sum(orders) AS BIGINT), CAST(sum(quantity) AS BIGINT), ` + halves(`gross`, "a", "b") + `, ` + halves(`refunded`, "c", "d") + `, ` + halves(`cancelled`, "e", "f") + `
			FROM (` + lines + where + ` UNION ALL ` + clicked + where + `) x GROUP BY 1, 2, 3, 4`, 2
	})
	if err != nil {
		return nil, fmt.Errorf("sum up the lines of orders: %w", err)
	}
	return all, nil
}

// seen sums up what viewers saw and clicked. Of shows of others it is not known.
func (f summed) seen(ctx context.Context, by overlay.SummaryBy) ([]overlay.SummarySeen, error) {
	row := map[overlay.SummaryBy]string{overlay.ByShow: `x.show`, overlay.ByHost: `s.org`, overlay.ByOrg: `p.org`, overlay.ByProduct: `x.product`}[by]
	f.sold = nil
	least, most := `min`, `max`
	if f.s.dialect.Postgres() {
		least, most = `least`, `greatest`
	}
	pinned := fmt.Sprintf(least+`(coalesce(x.unpinned_at, s.ended_at, %d), coalesce(s.ended_at, %[1]d)) - `+most+`(x.pinned_at, s.started_at)`, f.at.UnixMilli())
	all, err := each(ctx, f, "x.show", "", func(row scanner) (x overlay.SummarySeen, err error) {
		var ms int64
		err = row.Scan(&x.Show, &x.Row, &ms, &x.Impressions, &x.Clicks, &x.ReplayClicks)
		x.OnAir = time.Duration(ms) * time.Millisecond
		return x, err
	}, func(where string) (string, int) {
		parts := `SELECT x.show, x.product, 0 AS ms, 0 AS seen, x.clicks AS clicks, x.replay AS replay FROM click_count x WHERE ` + where + `
			UNION ALL SELECT x.show, x.product, 0, x.impressions, 0, 0 FROM show_impression x WHERE ` + where
		times := 2
		if by == overlay.ByProduct || by == overlay.ByOrg { // who was shown took part, whether anybody clicked or not
			parts += ` UNION ALL SELECT x.show, x.product, ` + pinned + `, 0, 0, 0 FROM pin x JOIN show s ON s.id = x.show WHERE ` + where
			times = 3
		}
		owner := ``
		if by == overlay.ByOrg {
			owner = ` JOIN product p ON p.id = x.product`
		}
		return `SELECT x.show, ` + row + `, CAST(sum(CASE WHEN x.ms > 0 THEN x.ms ELSE 0 END) AS BIGINT), CAST(sum(x.seen) AS BIGINT), CAST(sum(x.clicks) AS BIGINT), CAST(sum(x.replay) AS BIGINT)
			FROM (` + parts + `) x JOIN show s ON s.id = x.show` + owner + ` GROUP BY 1, 2`, times
	})
	if err != nil {
		return nil, fmt.Errorf("sum up what viewers saw: %w", err)
	}
	return all, nil
}

// summaryNoShow sums up the orders of some days that no show has.
func (s *Store) summaryNoShow(ctx context.Context, days overlay.SummaryDays, in overlay.Scope) ([]overlay.SummarySale, error) {
	where, args := s.scoped(in, "o.org", "")
	if !in.All && len(in.Orgs) == 1 { // so that the index gives them
		where, args = `o.org = ?`, []any{in.Orgs[0]}
	}
	all, err := collect(ctx, s.reader, scanSummarySale, `SELECT '', '', o.currency, 0, count(*), `+piecesOf+`, `+halves(`o.gross`, "a", "b")+`, `+halves(orderRefunded, "c", "d")+`, `+halves(orderCancelled, "e", "f")+`
		FROM shop_order o LEFT JOIN show s ON s.id = o.show WHERE `+where+` AND s.id IS NULL AND o.paid_at IS NOT NULL AND coalesce(o.paid_at, o.created_at) >= ? AND coalesce(o.paid_at, o.created_at) < ? GROUP BY 3`,
		append(slices.Clone(args), days.Begin.UnixMilli(), days.End.UnixMilli())...)
	if err != nil {
		return nil, fmt.Errorf("sum up the orders of no show: %w", err)
	}
	return all, nil
}

// nameProducts gives the products of a summary their names.
func (s *Store) nameProducts(ctx context.Context, parts overlay.SummaryParts) error {
	for _, l := range parts.Lines {
		parts.Names[l.Row] = overlay.SummaryName{}
	}
	for _, x := range parts.Seen {
		parts.Names[x.Row] = overlay.SummaryName{}
	}
	ids := make([]string, 0, len(parts.Names))
	for id := range parts.Names {
		ids = append(ids, id)
	}
	_, err := collect(ctx, s.reader, func(row scanner) (none struct{}, err error) {
		var id string
		var n overlay.SummaryName
		err = row.Scan(&id, &n.SKU, &n.Name, &n.Org)
		parts.Names[id] = n
		return none, err
	}, `SELECT p.id, p.sku, coalesce(`+s.dialect.Field("r.body", "title")+`, ''), p.org FROM product p LEFT JOIN product_rev r ON r.product = p.id AND r.rev = p.rev WHERE p.id IN `+s.dialect.List(), list(ids))
	if err != nil {
		return fmt.Errorf("name the products of some shows: %w", err)
	}
	return nil
}

// nameOrgs gives all organisations their names, with the one above each.
func (s *Store) nameOrgs(ctx context.Context, names map[string]overlay.SummaryName) error {
	_, err := collect(ctx, s.reader, func(row scanner) (none struct{}, err error) {
		var id string
		var n overlay.SummaryName
		err = row.Scan(&id, &n.Name, &n.Org)
		names[id] = n
		return none, err
	}, `SELECT id, name, coalesce(parent, '') FROM org`)
	if err != nil {
		return fmt.Errorf("name organisations: %w", err)
	}
	return nil
}
