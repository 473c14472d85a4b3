package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"mediad/overlay"
)

// TakeFacts keeps what a shop told of orders, all or nothing, each fact once. When it
// returns, what was told is on the disk.
func (s *Store) TakeFacts(ctx context.Context, shop overlay.Shop, facts []overlay.OrderFact) error {
	defer s.orderNews.Add(1)
	var loud []string
	err := s.write(ctx, func(t *tx) error {
		t.loud = nil
		for _, f := range facts {
			if err := t.takeFact(ctx, shop, f); err != nil {
				return err
			}
		}
		loud = t.loud
		return nil
	})
	for _, order := range loud {
		s.logger.Warn("An order was paid when its show had no units left: deliver it from elsewhere, or give the money back in the shop", "shop", shop.Name, "order", order)
	}
	return err
}

func (t *tx) takeFact(ctx context.Context, shop overlay.Shop, f overlay.OrderFact) error {
	if f.At.IsZero() { // the shop did not say when: its money counts all the same
		f.At = t.now
	}
	body, err := json.Marshal(f)
	if err != nil {
		return err
	}
	done, err := t.ExecContext(ctx, `INSERT INTO order_fact(shop, delivery, name, body, at) VALUES (?,?,?,?,?) ON CONFLICT DO NOTHING`,
		shop.ID, f.Delivery, f.Order, string(body), t.now.UnixMilli())
	if err != nil {
		return fmt.Errorf("keep fact: %w", err)
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return err
	}
	if f.Hold != "" && (f.Kind == overlay.CheckoutExpired || f.Kind == overlay.OrderFailed) {
		if err := t.endHold(ctx, shop.ID, f.Hold); err != nil {
			return err
		}
	}
	if f.Order == "" {
		return nil
	}
	return t.sumOrder(ctx, shop, f)
}

// sumOrder writes an order anew from all of its facts, of which one is new.
func (t *tx) sumOrder(ctx context.Context, shop overlay.Shop, last overlay.OrderFact) error {
	facts, err := factsOf(ctx, t, shop.ID, last.Order)
	if err != nil {
		return err
	}
	sum := overlay.SumOrder(facts)
	var paid any
	if !sum.PaidAt.IsZero() {
		paid = sum.PaidAt.UnixMilli()
	}
	var buyer any
	if last.Buyer != "" {
		buyer = t.s.secret.hash("buyer", last.Buyer)
	}
	told, err := t.heedOrder(ctx, shop.Org, `shop = ? AND name = ?`, shop.ID, last.Order)
	if err != nil {
		return err
	}
	now := t.now.UnixMilli()
	var id string
	err = t.QueryRowContext(ctx, `INSERT INTO shop_order(id, shop, name, org, click, state, currency, gross, refunded, net, surplus, buyer, paid_at, created_at, changed_at)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (shop, name) DO UPDATE SET click = excluded.click, state = excluded.state,
		currency = excluded.currency, gross = excluded.gross, refunded = excluded.refunded, net = excluded.net, surplus = excluded.surplus,
		buyer = CASE WHEN shop_order.erased_at IS NULL THEN coalesce(excluded.buyer, shop_order.buyer) END, paid_at = excluded.paid_at, changed_at = excluded.changed_at RETURNING id`,
		t.s.newID(), shop.ID, last.Order, shop.Org, orNull(sum.Click), sum.State, sum.Currency, sum.Gross, sum.Refunded, sum.Net(), sum.Over, buyer, paid, now, now).Scan(&id)
	if err != nil {
		return fmt.Errorf("write order: %w", err)
	}
	if err := t.attribute(ctx, shop, id, sum); err != nil {
		return err
	}
	if err := t.attributeHold(ctx, shop, id, sum); err != nil {
		return err
	}
	if last.Kind == overlay.OrderPaid || last.Kind == overlay.OrderPending { // others have no lines
		if err := t.writeLines(ctx, shop, id, sum); err != nil {
			return err
		}
		if err := t.allot(ctx, shop, id, sum); err != nil {
			return err
		}
	}
	return t.tellOrder(ctx, told, id)
}

// writeLines writes the lines of an order anew, each with the product that it is of.
func (t *tx) writeLines(ctx context.Context, shop overlay.Shop, id string, sum overlay.OrderSum) error {
	if _, err := t.ExecContext(ctx, `DELETE FROM order_line WHERE shop_order = ?`, id); err != nil {
		return fmt.Errorf("write lines of order: %w", err)
	}
	for n, l := range sum.Lines {
		product, variant, err := t.productOfLine(ctx, shop, id, l)
		if err != nil {
			return err
		}
		_, err = t.ExecContext(ctx, `INSERT INTO order_line(shop_order, n, product, variant, sku, ref, title, quantity, amount) VALUES (?,?,?,?,?,?,?,?,?)`,
			id, n, orNull(product), orNull(variant), l.SKU, l.Ref, overlay.Plain(l.Title, 200), l.Quantity, l.Amount)
		if err != nil {
			return fmt.Errorf("write lines of order: %w", err)
		}
	}
	return nil
}

// productOfLine finds what a line is of: by the shop's own name of the variant, else by the
// SKU of a product, else by that of a variant.
func (t *tx) productOfLine(ctx context.Context, shop overlay.Shop, order string, l overlay.OrderLine) (product, variant string, err error) {
	if l.Ref != "" {
		err = t.QueryRowContext(ctx, `SELECT product, variant FROM listing WHERE shop = ? AND ref = ? ORDER BY product LIMIT 1`, shop.ID, l.Ref).Scan(&product, &variant)
		if err == nil || !errors.Is(err, sql.ErrNoRows) {
			return product, variant, err
		}
	}
	if l.SKU == "" {
		return "", "", nil
	}
	err = t.QueryRowContext(ctx, `SELECT id FROM product WHERE org = ? AND sku = ? AND deleted_at IS NULL`, shop.Org, l.SKU).Scan(&product)
	if errors.Is(err, sql.ErrNoRows) {
		return t.variantBySKU(ctx, shop.Org, l.SKU, order)
	}
	return product, "", err
}

// Orders picks orders.
type Orders struct {
	In    overlay.Scope
	Shop  string
	Show  string
	State overlay.OrderState
	// Name is a part of the number that the shop gives; From and Until bound the time of
	// payment, or else that at which the shop told of the order first.
	Name        string
	From, Until time.Time
	// Unmatched picks those that came from no show that is known, and of which nobody
	// has said that they came from none.
	Unmatched bool
	// Unallocated picks those that were paid when no unit was left, and whose money has not
	// gone back since.
	Unallocated bool
}

// OrderCursor is where an order stands in a list of orders.
func OrderCursor(o overlay.Order) string {
	return strconv.FormatInt(o.Time().UnixMilli(), 10) + "-" + o.ID
}

// FindOrders gives orders behind a cursor, the newest by Order.Time first.
func (s *Store) FindOrders(ctx context.Context, q Orders, before string, limit int) ([]overlay.Order, error) {
	where, args := s.scoped(q.In, "org", "")
	if !q.In.All && len(q.In.Orgs) == 1 { // so that the index gives them in their order
		where, args = `org = ?`, []any{q.In.Orgs[0]}
	}
	from, until := int64(0), int64(math.MaxInt64)
	if !q.From.IsZero() {
		from = q.From.UnixMilli()
	}
	if !q.Until.IsZero() {
		until = q.Until.UnixMilli()
	}
	last, id := int64(math.MaxInt64), ""
	if before != "" {
		at, rest, ok := strings.Cut(before, "-")
		n, err := strconv.ParseInt(at, 10, 64)
		if err != nil || !ok {
			return nil, overlay.Errorf(overlay.Invalid, "cursor: is not valid; use the value next of the page before")
		}
		last, id = n, rest
	}
	all, err := collect(ctx, s.reader, scanOrder, selectOrder+`WHERE `+where+` AND (? = '' OR shop = ?) AND (? = '' OR show = ?) AND (? = '' OR state = ?)
		AND (? = '' OR lower(name) LIKE ? ESCAPE '!') AND coalesce(paid_at, created_at) >= ? AND coalesce(paid_at, created_at) < ? AND (? = 0 OR show IS NULL AND by_hand = 0) AND (? = 0 OR unallocated > 0 AND state NOT IN ('refunded', 'cancelled'))
		AND (coalesce(paid_at, created_at), id) < (?, ?) ORDER BY coalesce(paid_at, created_at) DESC, id DESC LIMIT ?`,
		slices.Concat(args, []any{q.Shop, q.Shop, q.Show, q.Show, string(q.State), string(q.State), q.Name, within(q.Name), from, until, truth(q.Unmatched), truth(q.Unallocated), last, id, limit})...)
	if err != nil {
		return nil, fmt.Errorf("list orders: %w", err)
	}
	return all, nil
}

// within is a pattern of LIKE for what has a text in it.
func within(text string) string {
	return "%" + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(strings.ToLower(text)) + "%"
}

const selectOrder = `SELECT id, shop, name, org, coalesce(show, ''), by_hand, coalesce(click, ''), coalesce(product, ''), coalesce(variant, ''), coalesce(cue, ''), replay, coalesce(host, ''), state, currency, gross, refunded, net, surplus, paid_at, created_at, changed_at, unallocated FROM shop_order `

func scanOrder(row scanner) (o overlay.Order, err error) {
	var paid sql.NullInt64
	var created, changed, hand, replay int64
	err = row.Scan(&o.ID, &o.Shop, &o.Name, &o.Org, &o.Show, &hand, &o.Click, &o.Product, &o.Variant, &o.Cue, &replay, &o.Host, &o.State, &o.Currency, &o.Gross, &o.Refunded, &o.Net, &o.Over, &paid, &created, &changed, &o.Unallocated)
	if paid.Valid {
		at := time.UnixMilli(paid.Int64).UTC()
		o.PaidAt = &at
	}
	o.ByHand, o.Replay = hand != 0, replay != 0
	o.Created, o.Changed = time.UnixMilli(created).UTC(), time.UnixMilli(changed).UTC()
	return o, err
}
