package store

import (
	"context"
	"fmt"

	"mediad/overlay"
)

// ShowFigures gives the figures of those shows that are of a scope. A rehearsal has none,
// and a show whose sums 64 bits cannot hold is left out: its report says why.
func (s *Store) ShowFigures(ctx context.Context, in overlay.Scope, shows []string) (map[string]overlay.ShowFigures, error) {
	where, args := s.scoped(in, "s.org", "r.slug")
	from, args := ` FROM show s JOIN room r ON r.id = s.room `, append(args, list(shows))
	where = ` WHERE ` + where + ` AND s.rehearsal = 0 AND s.id IN ` + s.dialect.List()
	found := map[string]overlay.ShowFigures{}
	_, err := collect(ctx, s.reader, func(row scanner) (none struct{}, err error) {
		f, id := overlay.ShowFigures{Money: []overlay.Money{}}, ""
		err = row.Scan(&id, &f.Peak)
		found[id] = f
		return none, err
	}, `SELECT s.id, coalesce(w.peak, 0)`+from+`LEFT JOIN show_watched w ON w.show = s.id`+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read the audience of shows: %w", err)
	}
	great := map[string]bool{}
	_, err = collect(ctx, s.reader, func(row scanner) (none struct{}, err error) {
		var id string
		var m overlay.Money
		parts := make([]half, 3)
		if err := row.Scan(&id, &m.Currency, &m.Orders, &parts[0].billions, &parts[0].rest, &parts[1].billions, &parts[1].rest, &parts[2].billions, &parts[2].rest); err != nil {
			return none, err
		}
		if whole(m.Currency, parts, &m.Gross, &m.Refunded, &m.Cancelled) != nil {
			great[id] = true
			return none, nil
		}
		m.Net = m.Gross - m.Refunded - m.Cancelled
		f := found[id]
		f.Orders, f.Money = f.Orders+m.Orders, append(f.Money, m)
		found[id] = f
		return none, nil
	}, `SELECT o.show, o.currency, count(*), `+halves(`o.gross`, "a", "b")+`, `+halves(orderRefunded, "c", "d")+`, `+halves(orderCancelled, "e", "f")+
		from+`JOIN shop_order o ON o.show = s.id`+where+` AND o.paid_at IS NOT NULL GROUP BY o.show, o.currency ORDER BY 1, 3 DESC, 2`, args...)
	if err != nil {
		return nil, fmt.Errorf("sum up the orders of shows: %w", err)
	}
	for id := range great {
		delete(found, id)
	}
	return found, nil
}
