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

// Order gives an order with its lines and its facts; NotFound: there is none.
func (s *Store) Order(ctx context.Context, id string) (overlay.OrderStory, error) {
	var o overlay.OrderStory
	var err error
	if o.Order, err = orderOf(ctx, s.reader, id); err != nil {
		return o, err
	}
	lines, err := s.linesOf(ctx, s.reader, id)
	if err != nil {
		return o, err
	}
	o.Lines = lines[id]
	if o.Buyer, err = s.buyerOf(ctx, id); err != nil {
		return o, err
	}
	if o.Facts, err = factsOf(ctx, s.reader, o.Shop, o.Name); err != nil {
		return o, err
	}
	return o, s.tellOrigin(ctx, &o)
}

// tellOrigin adds how the buyer came to an order, as far as that is kept.
func (s *Store) tellOrigin(ctx context.Context, o *overlay.OrderStory) error {
	titles, err := s.titlesOf(ctx, o.Product)
	if err != nil {
		return err
	}
	o.Card = titles[o.Product]
	for _, moment := range []struct {
		to    **time.Time
		query string
		id    string
	}{{&o.Pinned, `SELECT pinned_at FROM pin WHERE id = ?`, o.Cue}, {&o.Clicked, `SELECT at FROM click WHERE id = ?`, o.Click}} {
		if moment.id == "" || o.Show == "" {
			continue
		}
		var at int64
		switch err := s.reader.QueryRowContext(ctx, moment.query, moment.id).Scan(&at); {
		case err == nil:
			t := time.UnixMilli(at).UTC()
			*moment.to = &t
		case !errors.Is(err, sql.ErrNoRows):
			return fmt.Errorf("find where an order came from: %w", err)
		}
	}
	return nil
}

// titlesOf gives products their titles, by their ids.
func (s *Store) titlesOf(ctx context.Context, products ...string) (map[string]string, error) {
	titles := map[string]string{}
	_, err := collect(ctx, s.reader, func(row scanner) (none struct{}, err error) {
		var id, title string
		err = row.Scan(&id, &title)
		titles[id] = title
		return none, err
	}, `SELECT p.id, `+s.dialect.Field("r.body", "title")+` FROM product p JOIN product_rev r ON r.product = p.id AND r.rev = p.rev WHERE p.id IN `+s.dialect.List(), list(products))
	if err != nil {
		return nil, fmt.Errorf("read titles of products: %w", err)
	}
	return titles, nil
}

// listedLines is how many lines of an order a list has.
const listedLines = 3

// ListOrders is FindOrders, with the first lines of each.
func (s *Store) ListOrders(ctx context.Context, q Orders, before string, limit int) ([]overlay.ListedOrder, error) {
	found, err := s.FindOrders(ctx, q, before, limit)
	if err != nil {
		return nil, err
	}
	ids, products, out := make([]string, len(found)), make([]string, len(found)), make([]overlay.ListedOrder, len(found))
	at := map[string]int{}
	for i, o := range found {
		ids[i], products[i], at[o.ID], out[i] = o.ID, o.Product, i, overlay.ListedOrder{Order: o, Lines: []overlay.SoldLine{}}
	}
	titles, err := s.titlesOf(ctx, products...)
	if err != nil {
		return nil, err
	}
	for i := range out {
		out[i].Card = titles[out[i].Product]
	}
	_, err = collect(ctx, s.reader, func(row scanner) (none struct{}, err error) {
		var id string
		var n int64
		var l overlay.SoldLine
		if err := row.Scan(&id, &n, &l.Product, &l.Variant, &l.SKU, &l.Ref, &l.Title, &l.Quantity, &l.Amount); err != nil {
			return none, err
		}
		o := &out[at[id]]
		o.Lines, o.LineCount = append(o.Lines, l), n
		return none, nil
	}, `SELECT l.shop_order, (SELECT count(*) FROM order_line c WHERE c.shop_order = l.shop_order), `+s.soldLine()+` AND l.n < ? ORDER BY l.shop_order, l.n`, list(ids), listedLines)
	if err != nil {
		return nil, fmt.Errorf("read the first lines of orders: %w", err)
	}
	return out, nil
}

// soldLine is what stands of a line of an order, and where it stands. A line that the shop gave no title has the one of its product.
func (s *Store) soldLine() string {
	return `coalesce(l.product, ''), coalesce(l.variant, ''), l.sku, l.ref, CASE WHEN l.title = '' THEN coalesce(` + s.dialect.Field("r.body", "title") + `, '') ELSE l.title END, l.quantity, l.amount
		FROM order_line l LEFT JOIN product p ON p.id = l.product LEFT JOIN product_rev r ON r.product = p.id AND r.rev = p.rev WHERE l.shop_order IN ` + s.dialect.List()
}

// linesOf gives the lines of orders, by the ids of these.
func (s *Store) linesOf(ctx context.Context, q querier, orders ...string) (map[string][]overlay.SoldLine, error) {
	type line struct {
		order string
		overlay.SoldLine
	}
	all, err := collect(ctx, q, func(row scanner) (l line, err error) {
		return l, row.Scan(&l.order, &l.Product, &l.Variant, &l.SKU, &l.Ref, &l.Title, &l.Quantity, &l.Amount)
	}, `SELECT l.shop_order, `+s.soldLine()+` ORDER BY l.shop_order, l.n`, list(orders))
	if err != nil {
		return nil, fmt.Errorf("read lines of orders: %w", err)
	}
	lines := map[string][]overlay.SoldLine{}
	for _, l := range all {
		lines[l.order] = append(lines[l.order], l.SoldLine)
	}
	return lines, nil
}

// OrdersWithLines is FindOrders, with the lines of each and without what the shop told.
func (s *Store) OrdersWithLines(ctx context.Context, q Orders, before string, limit int) ([]overlay.OrderStory, error) {
	found, err := s.FindOrders(ctx, q, before, limit)
	if err != nil {
		return nil, err
	}
	ids, out := make([]string, len(found)), make([]overlay.OrderStory, len(found))
	for i, o := range found {
		ids[i] = o.ID
	}
	lines, err := s.linesOf(ctx, s.reader, ids...)
	for i, o := range found {
		out[i] = overlay.OrderStory{Order: o, Lines: lines[o.ID]}
	}
	return out, err
}

func orderOf(ctx context.Context, q querier, id string) (overlay.Order, error) {
	o, err := scanOrder(q.QueryRowContext(ctx, selectOrder+`WHERE id = ?`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return o, overlay.Errorf(overlay.NotFound, "there is no such order")
	}
	if err != nil {
		return o, fmt.Errorf("find order: %w", err)
	}
	return o, nil
}

// factsOf gives what a shop told of an order, by the shop's clock.
func factsOf(ctx context.Context, q querier, shop, name string) ([]overlay.OrderFact, error) {
	facts, err := collect(ctx, q, func(row scanner) (f overlay.OrderFact, err error) {
		var body string
		if err := row.Scan(&body); err != nil {
			return f, err
		}
		return f, json.Unmarshal([]byte(body), &f)
	}, `SELECT body FROM order_fact WHERE shop = ? AND name = ?`, shop, name)
	if err != nil {
		return nil, fmt.Errorf("read facts: %w", err)
	}
	slices.SortStableFunc(facts, func(a, b overlay.OrderFact) int { return a.At.Compare(b.At) })
	return facts, nil
}

// MatchOrder says by hand which show an order came from; "": from none. What the shop
// tells later does not change it.
func (s *Store) MatchOrder(ctx context.Context, id, show, actor string) (after overlay.Order, err error) {
	defer s.orderNews.Add(1)
	err = s.write(ctx, func(t *tx) error {
		before, err := orderOf(ctx, t, id)
		if err != nil {
			return err
		}
		if show != "" {
			from, err := getShow(ctx, t, show)
			if err != nil {
				return err
			}
			if from.Rehearsal { // its figures do not count, and the money would be in no report (I7)
				return overlay.Errorf(overlay.Invalid, "show: is a rehearsal, and nothing is sold in one")
			}
		}
		told, err := t.heedOrder(ctx, before.Org, `id = ?`, id)
		if err != nil {
			return err
		}
		if _, err := t.ExecContext(ctx, `UPDATE shop_order SET show = ?, host = (SELECT org FROM show WHERE id = ?), product = NULL, variant = NULL, cue = NULL, replay = 0, by_hand = 1, changed_at = ? WHERE id = ?`, orNull(show), show, t.now.UnixMilli(), id); err != nil {
			return fmt.Errorf("match order: %w", err)
		}
		if err := t.allotAgain(ctx, id); err != nil {
			return err
		}
		if err := t.settle(ctx, false, id); err != nil {
			return err
		}
		if err := t.auditIn(ctx, before.Org, actor, "order.match", before.Name); err != nil {
			return err
		}
		if after, err = orderOf(ctx, t, id); err != nil {
			return err
		}
		return t.tellOrder(ctx, told, id)
	})
	return after, err
}
