package store

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"mediad/overlay"
)

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
		slices.Concat(args, []any{q.Shop, q.Shop, q.Show, q.Show, string(q.State), string(q.State), q.Name, within(strings.ToLower(q.Name)), from, until, truth(q.Unmatched), truth(q.Unallocated), last, id, limit})...)
	if err != nil {
		return nil, fmt.Errorf("list orders: %w", err)
	}
	return all, nil
}

// within is a pattern of LIKE for what has a text in it.
func within(text string) string {
	return "%" + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(text) + "%"
}

const orderColumns = `id, shop, name, org, coalesce(show, ''), by_hand, coalesce(click, ''), coalesce(product, ''), coalesce(variant, ''), coalesce(cue, ''), replay, coalesce(host, ''), state, currency, gross, refunded, net, surplus, paid_at, created_at, changed_at, unallocated`

const selectOrder = `SELECT ` + orderColumns + ` FROM shop_order `

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
