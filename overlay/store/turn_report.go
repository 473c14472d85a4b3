package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"mediad/overlay"
)

// presentersOf divides what came of a show among those who presented it; nil: nobody said
// who did.
func (s *Store) presentersOf(ctx context.Context, show overlay.Show, in overlay.Scope) ([]overlay.ReportHost, error) {
	turns, _, err := turnsOf(ctx, s.reader, show.ID)
	if err != nil || len(turns) == 0 {
		return nil, err
	}
	names, err := hostNames(ctx, s.reader, show.ID)
	if err != nil {
		return nil, err
	}
	where, args := s.of(show.ID, in)
	sold, err := collect(ctx, s.reader, func(row scanner) (x overlay.SaleBy, err error) {
		parts := make([]half, 3)
		if err := row.Scan(&x.Host, &x.Currency, &x.Orders, &parts[0].billions, &parts[0].rest, &parts[1].billions, &parts[1].rest, &parts[2].billions, &parts[2].rest); err != nil {
			return x, err
		}
		return x, whole(x.Currency, parts, &x.Gross, &x.Refunded, &x.Cancelled)
	}, `SELECT `+presenterOfOrder+`, o.currency, count(*), `+halves(`o.gross`, "a", "b")+`, `+halves(orderRefunded, "c", "d")+`, `+halves(orderCancelled, "e", "f")+`
		FROM shop_order o WHERE `+where+` GROUP BY 1, 2 ORDER BY 1, 2 LIMIT ?`, append(args, maxReportRows)...)
	if err != nil {
		return nil, fmt.Errorf("sum up the orders of the hosts of a show: %w", err)
	}
	clicks := map[string]int64{}
	_, err = collect(ctx, s.reader, func(row scanner) (none struct{}, err error) {
		var host string
		var n int64
		err = row.Scan(&host, &n)
		clicks[host] = n
		return none, err
	}, `SELECT `+fmt.Sprintf(presenterThen, `k.show`, `coalesce(k.moment, k.at)`)+`, count(*) FROM click k WHERE k.show = ? GROUP BY 1`, show.ID)
	if err != nil {
		return nil, fmt.Errorf("count the clicks of the hosts of a show: %w", err)
	}
	air, err := broadcastSpans(ctx, s.reader, show.ID, s.now())
	if err != nil {
		return nil, err
	}
	return overlay.PresentersOf(sold, clicks, overlay.OnAirOf(turns, air), names)
}

// broadcastSpans gives when a show was on air.
func broadcastSpans(ctx context.Context, q querier, show string, now time.Time) ([]overlay.Span, error) {
	air, err := collect(ctx, q, func(row scanner) (x overlay.Span, err error) {
		var from int64
		var to sql.NullInt64
		err = row.Scan(&from, &to)
		if x.From, x.To = at0(from), now; to.Valid {
			x.To = at0(to.Int64)
		}
		return x, err
	}, `SELECT b.begun_at, coalesce(b.ended_at, s.ended_at) FROM broadcast b JOIN show s ON s.id = b.show WHERE b.show = ? ORDER BY b.begun_at`, show)
	if err != nil {
		return nil, fmt.Errorf("read the broadcasts of a show: %w", err)
	}
	return air, nil
}

// momentsOf gives the moments of the picture that clicks were made at, in milliseconds; nil:
// not known. A recording is the broadcasts of its show, one behind the other.
func (s *Store) momentsOf(ctx context.Context, clicks []overlay.Click) ([]any, error) {
	out, known := make([]any, len(clicks)), map[string][]overlay.Span{}
	for i, c := range clicks {
		if !c.Date.IsZero() {
			out[i] = c.Date.UnixMilli()
		}
		if c.Place <= 0 {
			continue
		}
		air, read := known[c.Show]
		if !read {
			var err error
			if air, err = broadcastSpans(ctx, s.reader, c.Show, s.now()); err != nil {
				return nil, err
			}
			known[c.Show] = air
		}
		left := c.Place
		for n, b := range air {
			if length := b.To.Sub(b.From); left > length && n < len(air)-1 {
				left -= length
				continue
			}
			out[i] = b.From.Add(left).UnixMilli()
			break
		}
	}
	return out, nil
}
