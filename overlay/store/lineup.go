package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"mediad/overlay"
)

// GetLineup gives the line-up of a show.
func (s *Store) GetLineup(ctx context.Context, show string) (l overlay.Lineup, err error) {
	err = s.read(ctx, func(q querier) error {
		l, err = lineup(ctx, q, show)
		return err
	})
	return l, err
}

func lineup(ctx context.Context, q querier, show string) (overlay.Lineup, error) {
	found, err := getShow(ctx, q, show)
	if err != nil {
		return overlay.Lineup{}, err
	}
	l := overlay.Lineup{Show: show, Rev: found.LineupRev}
	if err := q.QueryRowContext(ctx, `SELECT coalesce(line, '') FROM show WHERE id = ?`, show).Scan(&l.Line); err != nil {
		return l, fmt.Errorf("find the present line: %w", err)
	}
	if l.By, l.Changed, err = lineupBy(ctx, q, show); err != nil {
		return l, err
	}
	l.Lines, err = collect(ctx, q, scanLine, selectLine+`WHERE l.show = ? ORDER BY l.pos`, show)
	if err != nil {
		return l, fmt.Errorf("read line-up: %w", err)
	}
	return l, allotted(ctx, q, show, l.Lines)
}

// lineupBy tells who changed a line-up last, and when. The log knows.
func lineupBy(ctx context.Context, q querier, show string) (by overlay.By, at time.Time, err error) {
	var payload []byte
	var who sql.NullString
	var millis sql.NullInt64
	err = q.QueryRowContext(ctx, `SELECT payload, actor, at FROM event WHERE show = ? AND kind = ? ORDER BY pos DESC LIMIT 1`, show, overlay.KindLineupChanged).Scan(&payload, &who, &millis)
	if errors.Is(err, sql.ErrNoRows) {
		return by, at, nil
	}
	var logged struct {
		Lineup overlay.LineupChanged `json:"lineup"`
	}
	if err == nil {
		by, err = readBy(who)
	}
	if err == nil && by.Name == "" { // as older versions wrote it, and what is asked for elsewhere
		err = json.Unmarshal(payload, &logged)
		by.Name = logged.Lineup.By
	}
	if err != nil {
		return by, at, fmt.Errorf("find who changed the line-up: %w", err)
	}
	return by, moment(millis), nil
}

const selectLine = `SELECT l.product, l.price, l.max_per_order, coalesce(l.button_label,''), coalesce(l.note,''), l.reveal_at, l.rev, now.body, kept.body,
	(SELECT body FROM show_product WHERE show = l.show AND product = l.product ORDER BY rev DESC LIMIT 1),
	coalesce((SELECT o.name FROM org o JOIN show s ON s.id = l.show WHERE o.id = p.org AND o.id <> s.org), '')
	FROM lineup l JOIN product p ON p.id = l.product JOIN product_rev now ON now.product = p.id AND now.rev = p.rev
	LEFT JOIN product_rev kept ON kept.product = p.id AND kept.rev = l.rev `

func scanLine(row scanner) (l overlay.Line, err error) {
	var price, most, reveal, rev sql.NullInt64
	var now, kept, told []byte
	if err := row.Scan(&l.Product, &price, &most, &l.ButtonLabel, &l.Note, &reveal, &rev, &now, &kept, &told, &l.Seller); err != nil {
		return l, err
	}
	if price.Valid {
		l.Price = &price.Int64
	}
	l.MaxPerOrder, l.Reveal, l.Rev = most.Int64, moment(reveal), rev.Int64
	if l.Catalogue, err = scanProduct(one{now}); err != nil {
		return l, err
	}
	switch {
	case rev.Valid && told != nil:
		l.Goods, err = scanProduct(one{told})
		l.Goods = l.Goods.Refreshed(l.Catalogue)
		return l, err
	case rev.Valid && kept != nil:
		if l.Goods, err = scanProduct(one{kept}); err != nil {
			return l, err
		}
		l.Goods = l.Goods.Refreshed(l.Catalogue)
	default:
		l.Goods = l.Catalogue
	}
	l.Goods = l.On(l.Goods)
	return l, nil
}

// SetLineup replaces the line-up of a show that has not ended. Its place stays where
// it is. A line-up that was made on another revision is a conflict.
func (s *Store) SetLineup(ctx context.Context, show string, n overlay.NewLineup, actor string) (overlay.Lineup, error) {
	n, err := n.Checked()
	if err != nil {
		return overlay.Lineup{}, err
	}
	var after overlay.Lineup
	err = s.write(ctx, func(t *tx) error {
		before, err := t.openLineup(ctx, show, n.Rev)
		if err != nil {
			return err
		}
		lines := n.Lines
		if n.CopyFrom != "" {
			if lines, err = t.linesOf(ctx, n.CopyFrom); err != nil {
				return err
			}
		} else if lines, err = t.known(ctx, lines); err != nil {
			return err
		}
		after, err = t.replaceLines(ctx, before, lines, "", actor)
		return err
	})
	return after, err
}

// replaceLines gives a show other lines, and tells hosts, and viewers as far as they know
// the products. product is the one whose line moves, comes or goes; "": there may be more.
func (t *tx) replaceLines(ctx context.Context, before overlay.Lineup, lines []overlay.Line, product, actor string) (overlay.Lineup, error) {
	show := before.Show
	if _, err := t.ExecContext(ctx, `DELETE FROM lineup WHERE show = ?`, show); err != nil {
		return before, fmt.Errorf("replace line-up: %w", err)
	}
	for i := range lines {
		if at := before.At(lines[i].Product); at >= 0 {
			lines[i].Rev = before.Lines[at].Rev
		}
	}
	if err := t.addLines(ctx, show, lines); err != nil {
		return before, err
	}
	if err := t.lineupChanged(ctx, show, overlay.LineupChanged{By: actor, Line: before.Moved(lines), Product: product}); err != nil {
		return before, err
	}
	if err := t.keepLines(ctx, before, lines); err != nil {
		return before, err
	}
	return lineup(ctx, t, show)
}

// keepLines fixes the products of new lines in a show that has begun, and tells of
// prices that have changed.
func (t *tx) keepLines(ctx context.Context, before overlay.Lineup, lines []overlay.Line) error {
	show, err := getShow(ctx, t, before.Show)
	if err != nil {
		return err
	}
	if show.State != overlay.ShowPlanned {
		if err := t.fixLines(ctx, show.ID); err != nil {
			return err
		}
	}
	changed := slices.DeleteFunc(slices.Clone(lines), func(l overlay.Line) bool {
		at := before.At(l.Product)
		return l.Reveal.IsZero() && (at < 0 && l.Price == nil || at >= 0 && before.Lines[at].SamePrice(l))
	})
	return t.reprice(ctx, before, changed)
}

// openLineup gives the line-up of a show that has not ended; rev is the revision
// that the caller knows, nil: any.
func (t *tx) openLineup(ctx context.Context, show string, rev *int64) (overlay.Lineup, error) {
	found, err := getShow(ctx, t, show)
	if err != nil {
		return overlay.Lineup{}, err
	}
	if found.State == overlay.ShowEnded {
		return overlay.Lineup{}, overlay.Errorf(overlay.Conflict, "the show has ended; its line-up does not change any more")
	}
	if rev != nil && *rev != found.LineupRev {
		return overlay.Lineup{}, overlay.Errorf(overlay.Conflict, "rev: the line-up has been changed since (it is at %d); read it again", found.LineupRev)
	}
	return lineup(ctx, t, show)
}

// linesOf gives the lines of another show. The times at which products are revealed
// belong to that show and are left out.
func (t *tx) linesOf(ctx context.Context, show string) ([]overlay.Line, error) {
	former, err := lineup(ctx, t, show)
	if overlay.CodeOf(err) == overlay.NotFound {
		return nil, overlay.Errorf(overlay.Invalid, "copy_from: there is no such show")
	}
	if err != nil {
		return nil, err
	}
	for i := range former.Lines {
		former.Lines[i].Reveal, former.Lines[i].Rev = moment(sql.NullInt64{}), 0
	}
	return former.Lines, nil
}

// known puts the ids of products where lines have SKUs, and refuses a product that
// there is not, or that stands there twice.
func (t *tx) known(ctx context.Context, lines []overlay.Line) ([]overlay.Line, error) {
	names := make([][1]string, len(lines))
	for i, l := range lines {
		names[i][0] = l.Product
	}
	text, err := json.Marshal(names)
	if err != nil {
		return nil, err
	}
	type named struct{ name, id string }
	list, err := collect(ctx, t, func(row scanner) (n named, err error) { return n, row.Scan(&n.name, &n.id) },
		`SELECT c.value->>0, p.id FROM `+t.s.dialect.Rows()+` JOIN product p ON (p.id = c.value->>0 OR p.sku = c.value->>0) AND p.deleted_at IS NULL
			ORDER BY p.id = c.value->>0, p.org = 'home', p.id DESC`, string(text))
	if err != nil {
		return nil, fmt.Errorf("find products of line-up: %w", err)
	}
	ids := map[string]string{}
	for _, n := range list {
		ids[n.name] = n.id // the last one wins: an id, or else the SKU in the first organisation, or else the oldest
	}
	lines, at := slices.Clone(lines), map[string]int{}
	for i := range lines {
		id := ids[lines[i].Product]
		if id == "" {
			return nil, overlay.Errorf(overlay.Invalid, "items: line %d: product: there is no product %q", i+1, lines[i].Product)
		}
		if first, twice := at[id]; twice {
			return nil, overlay.Errorf(overlay.Invalid, "items: line %d: product: is the product of line %d already", i+1, first+1)
		}
		lines[i].Product, at[id] = id, i
	}
	return lines, nil
}

// linesAtOnce bounds the lines of one statement.
const linesAtOnce = 50

func (t *tx) addLines(ctx context.Context, show string, lines []overlay.Line) error {
	pos := 0
	for some := range slices.Chunk(lines, linesAtOnce) {
		query, args := `INSERT INTO lineup(show, pos, product, price, max_per_order, button_label, note, reveal_at, rev) VALUES `, []any{}
		for i, l := range some {
			if i > 0 {
				query += `, `
			}
			pos++
			query += `(?, ?, ?, CAST(? AS BIGINT), CAST(? AS BIGINT), ?, ?, CAST(? AS BIGINT), CAST(? AS BIGINT))`
			args = append(args, show, pos, l.Product, l.Price, numberOrNull(uint64(l.MaxPerOrder)), orNull(l.ButtonLabel), orNull(l.Note), millis(l.Reveal), numberOrNull(uint64(l.Rev)))
		}
		if _, err := t.ExecContext(ctx, query, args...); err != nil {
			return fmt.Errorf("add lines: %w", err)
		}
	}
	return nil
}

// lineupChanged counts a change of a line-up, sets its present line, and tells hosts.
func (t *tx) lineupChanged(ctx context.Context, show string, c overlay.LineupChanged) error {
	if _, err := t.ExecContext(ctx, `UPDATE show SET lineup_rev = lineup_rev + 1, line = ? WHERE id = ?`, orNull(c.Line), show); err != nil {
		return fmt.Errorf("count change of line-up: %w", err)
	}
	return t.tellLineup(ctx, show, c)
}

// tellLineup tells hosts of a change, at the revision that the line-up has by now.
func (t *tx) tellLineup(ctx context.Context, id string, c overlay.LineupChanged) error {
	show, err := getShow(ctx, t, id)
	if err != nil {
		return err
	}
	c.Rev = show.LineupRev
	_, err = t.append(ctx, show, draft{kind: overlay.KindLineupChanged, body: overlay.Body{Lineup: &c}})
	return err
}
