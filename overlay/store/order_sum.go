package store

import (
	"cmp"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"mediad/overlay"
)

// change is an order of which a fact is new.
type change struct {
	heard
	before overlay.Order // the zero value: the order is new
	after  overlay.Order // of it: what the ledger does not sum, and where it came from
	offer  string
	coupon string
	ref    string // of the shared link
	facts  []overlay.OrderFact
	sum    overlay.OrderSum
	heed   heed
}

// bought tells whether the new fact has lines: others do not.
func (c *change) bought() bool {
	return c.fact.Kind == overlay.OrderPaid || c.fact.Kind == overlay.OrderPending
}

// takeFacts keeps what shops told, each fact once, and writes each order anew of which one
// is new. Its number of statements hardly grows with that of the facts.
func (t *tx) takeFacts(ctx context.Context, all []heard) error {
	for _, some := range rounds(all) {
		fresh, err := t.keepFacts(ctx, some)
		if err != nil {
			return err
		}
		var changes []*change
		for _, f := range fresh {
			if f.fact.Hold != "" && (f.fact.Kind == overlay.CheckoutExpired || f.fact.Kind == overlay.OrderFailed) {
				if err := t.endHold(ctx, f.shop.ID, f.fact.Hold); err != nil {
					return err
				}
			}
			if f.fact.Order != "" {
				changes = append(changes, &change{heard: f})
			}
		}
		if err := t.sumOrders(ctx, changes); err != nil {
			return err
		}
	}
	return nil
}

// rounds parts facts so that a part has one of each order at most: what others are told of
// an order, they are told of each fact.
func rounds(all []heard) (parts [][]heard) {
	seen := map[[2]string]int{}
	for _, f := range all {
		name := [2]string{f.shop.ID, f.fact.Order}
		if n := seen[name]; n < len(parts) {
			parts[n] = append(parts[n], f)
		} else {
			parts = append(parts, []heard{f})
		}
		seen[name]++
	}
	return parts
}

// keepFacts writes facts, and gives those that were not there before.
func (t *tx) keepFacts(ctx context.Context, all []heard) (fresh []heard, err error) {
	rows, at := make([][5]any, len(all)), map[[2]string]int{}
	for i, f := range all {
		if !overlay.OrderTime(f.fact.At, t.now) { // the shop did not say when: its money counts all the same
			f.fact.At, all[i].fact.At = t.now, t.now
		}
		body, err := json.Marshal(f.fact)
		if err != nil {
			return nil, err
		}
		rows[i] = [5]any{f.shop.ID, f.fact.Delivery, f.fact.Order, string(body), t.now.UnixMilli()}
		if name := [2]string{f.shop.ID, f.fact.Delivery}; at[name] == 0 {
			at[name] = i + 1
		}
	}
	var kept []int
	err = t.eachOf(ctx, rows, func(row scanner) error {
		var name [2]string
		err := row.Scan(&name[0], &name[1])
		kept = append(kept, at[name]-1)
		return err
	}, `INSERT INTO order_fact(shop, delivery, name, body, at)
		SELECT c.value->>0, c.value->>1, c.value->>2, c.value->>3, CAST(c.value->>4 AS BIGINT) FROM `+t.s.dialect.Rows()+` WHERE true
		ON CONFLICT DO NOTHING RETURNING shop, delivery`)
	if err != nil {
		return nil, fmt.Errorf("keep facts: %w", err)
	}
	t.wrote = t.wrote || len(kept) > 0
	slices.Sort(kept)
	for _, i := range kept {
		fresh = append(fresh, all[i])
	}
	return fresh, nil
}

// sumOrders writes orders anew from all of their facts, of which one is new.
func (t *tx) sumOrders(ctx context.Context, all []*change) error {
	if len(all) == 0 {
		return nil
	}
	for _, step := range []func(context.Context, []*change) error{t.readOrders, t.readFacts, t.heedOrders, t.findOrigins, t.writeOrders, t.writeLines, t.allotAll, t.settleAll, t.eraseAgain} {
		if err := step(ctx, all); err != nil {
			return err
		}
	}
	for _, c := range all {
		if err := t.tellOrder(ctx, c.heed, c.after.ID); err != nil {
			return err
		}
	}
	return nil
}

// named gives changes by the names of their orders, and these as a parameter of
// dialect.Rows.
func named(all []*change) (by map[[2]string]*change, rows [][2]string) {
	by = map[[2]string]*change{}
	for _, c := range all {
		name := [2]string{c.shop.ID, c.fact.Order}
		by[name], rows = c, append(rows, name)
	}
	return by, rows
}

// readOrders reads the orders as they are, or gives new ones their ids.
func (t *tx) readOrders(ctx context.Context, all []*change) error {
	by, rows := named(all)
	err := t.eachOf(ctx, rows, func(row scanner) error {
		var offer, coupon, ref string
		o, err := scanOrder(andThen{row, []any{&offer, &coupon, &ref}})
		if c := by[[2]string{o.Shop, o.Name}]; err == nil {
			c.before, c.after, c.offer, c.coupon, c.ref = o, o, offer, coupon, ref
		}
		return err
	}, `SELECT `+orderColumns+`, coalesce(offer, ''), coalesce(coupon, ''), coalesce(ref, '') FROM shop_order WHERE (shop, name) IN (SELECT c.value->>0, c.value->>1 FROM `+t.s.dialect.Rows()+`)`)
	if err != nil {
		return fmt.Errorf("find orders: %w", err)
	}
	for _, c := range all {
		if c.after.ID == "" {
			c.after.ID = t.s.newID()
		}
	}
	return nil
}

// andThen is a row with more columns than its reader knows.
type andThen struct {
	scanner
	last []any
}

func (r andThen) Scan(dest ...any) error { return r.scanner.Scan(append(dest, r.last...)...) }

func (t *tx) readFacts(ctx context.Context, all []*change) error {
	by, rows := named(all)
	err := t.eachOf(ctx, rows, func(row scanner) error {
		var name [2]string
		var body string
		var f overlay.OrderFact
		if err := row.Scan(&name[0], &name[1], &body); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(body), &f); err != nil {
			return err
		}
		by[name].facts = append(by[name].facts, f)
		return nil
	}, `SELECT shop, name, body FROM order_fact WHERE (shop, name) IN (SELECT c.value->>0, c.value->>1 FROM `+t.s.dialect.Rows()+`)`)
	if err != nil {
		return fmt.Errorf("read facts: %w", err)
	}
	for _, c := range all {
		c.sum = overlay.SumOrder(c.facts)
	}
	return nil
}

// heedOrders notes who is told of the changes.
func (t *tx) heedOrders(ctx context.Context, all []*change) error {
	known := map[string][]knownWebhook{}
	for _, c := range all {
		to, asked := known[c.shop.Org]
		if !asked {
			var err error
			if to, err = t.listeners(ctx, c.shop.Org, orderTypes()...); err != nil {
				return err
			}
			known[c.shop.Org] = to
		}
		c.heed = heed{to, c.before}
	}
	return nil
}

// findOrigins says where orders came from: as their clicks tell, else as their holds do,
// unless somebody has said so by hand. A click that is not kept any more changes nothing:
// what it told stays.
func (t *tx) findOrigins(ctx context.Context, all []*change) error {
	claims, holds := make([]claim, len(all)), [][3]any{}
	for i, c := range all {
		claims[i] = claim{c.shop.Org, c.sum}
		if c.sum.Hold != "" {
			holds = append(holds, [3]any{i, c.sum.Hold, c.shop.ID})
		}
	}
	found, err := t.originsOf(ctx, claims)
	if err != nil {
		return fmt.Errorf("find clicks: %w", err)
	}
	for i, from := range found {
		if c := all[i]; !c.after.ByHand {
			o := &c.after
			o.Show, o.Product, o.Variant, o.Cue, o.Host, o.Replay = from.show, from.product, from.variant, from.cue, from.host, from.replay
			c.offer, c.coupon, c.ref = cmp.Or(from.offer, c.offer), cmp.Or(from.coupon, c.coupon), cmp.Or(from.ref, c.ref)
		}
	}
	if len(holds) == 0 {
		return nil
	}
	for _, h := range holds {
		all[h[0].(int)].offer = "" // that of the hold alone
	}
	err = t.eachOf(ctx, holds, func(row scanner) error {
		var i int
		var show, host, offer string
		if err := row.Scan(&i, &show, &host, &offer); err != nil {
			return err
		}
		c := all[i]
		if c.offer = offer; c.after.Show == "" && !c.after.ByHand {
			c.after.Show, c.after.Host = show, host
		}
		return nil
	}, `SELECT CAST(c.value->>0 AS BIGINT), a.show, s.org, coalesce(h.offer, '') FROM `+t.s.dialect.Rows()+` CROSS JOIN hold h
		JOIN allocation a ON a.id = h.allocation JOIN show s ON s.id = a.show WHERE h.id = c.value->>1 AND h.shop = c.value->>2`)
	if err != nil {
		return fmt.Errorf("find holds: %w", err)
	}
	return nil
}

// writeOrders writes the rows of orders, each once.
func (t *tx) writeOrders(ctx context.Context, all []*change) error {
	rows, now := make([][24]any, len(all)), t.now.UnixMilli()
	for i, c := range all {
		var buyer any
		if c.fact.Buyer != "" {
			buyer = hex.EncodeToString(t.s.secret.hash("buyer", strings.ToLower(strings.TrimSpace(c.fact.Buyer))))
		}
		o, sum := c.after, c.sum
		rows[i] = [24]any{o.ID, c.shop.ID, c.fact.Order, c.shop.Org, orNull(sum.Click), sum.State, sum.Currency, sum.Gross, sum.Refunded, sum.Net(), sum.Over, buyer, millis(sum.PaidAt), now,
			orNull(o.Show), orNull(o.Product), orNull(o.Variant), orNull(o.Cue), orNull(o.Host), truth(o.Replay), orNull(c.offer), sum.Pieces(), orNull(c.coupon), orNull(c.ref)}
	}
	text, err := json.Marshal(rows)
	if err != nil {
		return err
	}
	_, err = t.ExecContext(ctx, `INSERT INTO shop_order(id, shop, name, org, click, state, currency, gross, refunded, net, surplus, buyer, paid_at, created_at, changed_at, show, product, variant, cue, host, replay, offer, pieces, coupon, ref)
		SELECT c.value->>0, c.value->>1, c.value->>2, c.value->>3, c.value->>4, c.value->>5, c.value->>6, CAST(c.value->>7 AS BIGINT), CAST(c.value->>8 AS BIGINT), CAST(c.value->>9 AS BIGINT), CAST(c.value->>10 AS BIGINT),
			`+t.s.dialect.Unhex(`c.value->>11`)+`, CAST(c.value->>12 AS BIGINT), CAST(c.value->>13 AS BIGINT), CAST(c.value->>13 AS BIGINT), c.value->>14, c.value->>15, c.value->>16, c.value->>17, c.value->>18, CAST(c.value->>19 AS BIGINT), c.value->>20, CAST(c.value->>21 AS BIGINT), c.value->>22, c.value->>23
		FROM `+t.s.dialect.Rows()+` WHERE true
		ON CONFLICT (shop, name) DO UPDATE SET click = excluded.click, state = excluded.state,
		currency = excluded.currency, gross = excluded.gross, refunded = excluded.refunded, net = excluded.net, surplus = excluded.surplus,
		buyer = CASE WHEN shop_order.erased_at IS NULL THEN coalesce(excluded.buyer, shop_order.buyer) END, paid_at = excluded.paid_at, changed_at = excluded.changed_at,
		show = excluded.show, product = excluded.product, variant = excluded.variant, cue = excluded.cue, host = excluded.host, replay = excluded.replay, offer = excluded.offer, pieces = excluded.pieces, coupon = excluded.coupon, ref = excluded.ref`, string(text))
	if err != nil {
		return fmt.Errorf("write orders: %w", err)
	}
	return nil
}

// allotAll gives orders their units, where there can be any.
func (t *tx) allotAll(ctx context.Context, all []*change) error {
	var orders, shows []string
	for _, c := range all {
		if c.bought() {
			orders, shows = append(orders, c.after.ID), append(shows, c.after.Show)
		}
	}
	if len(orders) == 0 {
		return nil
	}
	some := map[string]bool{}
	_, err := collect(ctx, t, func(row scanner) (none struct{}, err error) {
		var id string
		err = row.Scan(&id)
		some[id] = true
		return none, err
	}, `SELECT DISTINCT show FROM allocation WHERE show IN `+t.s.dialect.List()+` UNION ALL SELECT shop_order FROM order_unit WHERE shop_order IN `+t.s.dialect.List(), list(shows), list(orders))
	if err != nil {
		return fmt.Errorf("find units of orders: %w", err)
	}
	for _, c := range all {
		if !c.bought() || c.sum.Hold == "" && c.before.Unallocated == 0 && !some[c.after.Show] && !some[c.after.ID] {
			continue
		}
		if err := t.allot(ctx, c.shop, c.after.ID, c.sum); err != nil {
			return err
		}
	}
	return nil
}

// eraseAgain takes the buyer out of holds that have ended only now, of orders whose buyer
// was erased before.
func (t *tx) eraseAgain(ctx context.Context, all []*change) error {
	var held []string
	for _, c := range all {
		if c.sum.Hold != "" && c.before.ID != "" {
			held = append(held, c.after.ID)
		}
	}
	if len(held) == 0 {
		return nil
	}
	erased, err := collect(ctx, t, scanOrder, selectOrder+`WHERE erased_at IS NOT NULL AND id IN `+t.s.dialect.List(), list(held))
	if err != nil {
		return fmt.Errorf("find erased orders: %w", err)
	}
	for _, o := range erased {
		if err := t.eraseFrom(ctx, o); err != nil {
			return err
		}
	}
	return nil
}
