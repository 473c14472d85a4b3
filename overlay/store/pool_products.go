package store

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"mediad/overlay"
	"mediad/overlay/search"
)

// PoolChange says which products come into a pool, by id or SKU, and which go.
type PoolChange struct {
	All    bool // the pool has just what Add names
	Add    []string
	Remove []string
	// From is where products may come from: organisations whose products the actor may
	// change.
	From overlay.Scope
}

// ChangePool changes the products of a pool, all or none.
func (s *Store) ChangePool(ctx context.Context, id string, c PoolChange, actor string) (overlay.Pool, error) {
	if n := len(c.Add) + len(c.Remove); n > overlay.MaxPoolChange {
		return overlay.Pool{}, overlay.Errorf(overlay.Invalid, "products: %d are named, at most %d are allowed in one request", n, overlay.MaxPoolChange)
	}
	var after overlay.Pool
	err := s.write(ctx, func(t *tx) error {
		p, err := pool0(ctx, t, id)
		if err != nil {
			return err
		}
		where, args := t.s.scoped(c.From, "p.org", "")
		added, err := t.identified(ctx, "products", p, where, args, c.Add)
		if err != nil {
			return err
		}
		removed, err := t.identified(ctx, "remove", p, `EXISTS (SELECT 1 FROM pool_product m WHERE m.product = p.id AND m.pool = ?)`, []any{id}, c.Remove)
		if err != nil {
			return err
		}
		if after, err = t.fill(ctx, p, added, c.All); err != nil {
			return err
		}
		if len(removed) > 0 {
			if after, err = t.empty(ctx, after, removed); err != nil {
				return err
			}
		}
		return t.auditIn(ctx, p.Org, actor, "pool.change", id)
	})
	return after, err
}

// AddFound puts the products that a search finds into a pool.
func (s *Store) AddFound(ctx context.Context, id string, q ProductQuery, actor string) (overlay.Pool, error) {
	numbers, err := s.found(ctx, q)
	if err != nil {
		return overlay.Pool{}, err
	}
	if len(numbers) > overlay.MaxPoolFound {
		return overlay.Pool{}, overlay.Errorf(overlay.Invalid, "the search finds %d products, at most %d are allowed in one request; look for fewer", len(numbers), overlay.MaxPoolFound)
	}
	rows := make([][1]int64, len(numbers))
	for i, n := range numbers {
		rows[i][0] = n
	}
	text, err := json.Marshal(rows)
	if err != nil {
		return overlay.Pool{}, err
	}
	var after overlay.Pool
	err = s.write(ctx, func(t *tx) error {
		p, err := pool0(ctx, t, id)
		if err != nil {
			return err
		}
		where, args := t.s.scoped(q.In, "p.org", "")
		ids, err := collect(ctx, t, func(row scanner) (id string, err error) { return id, row.Scan(&id) }, `SELECT p.id FROM product_number f JOIN product p ON p.id = f.product
			WHERE `+where+` AND p.rev > 0 AND p.deleted_at IS NULL AND f.n IN (SELECT CAST(c.value->>0 AS BIGINT) FROM `+t.s.dialect.Rows()+`)`, append(args, string(text))...)
		if err != nil {
			return fmt.Errorf("find products: %w", err)
		}
		if after, err = t.fill(ctx, p, ids, false); err != nil {
			return err
		}
		return t.auditIn(ctx, p.Org, actor, "pool.change", id)
	})
	return after, err
}

// identified gives the ids of products that are named by id or SKU, and meet a condition.
// Of several with one SKU it is that of the pool's organisation, or the oldest.
func (t *tx) identified(ctx context.Context, field string, pool overlay.Pool, where string, args []any, names []string) ([]string, error) {
	if len(names) == 0 {
		return nil, nil
	}
	ids := make(map[string]string, len(names)) // by name
	for _, column := range []string{"sku", "id"} {
		type named struct{ name, id string }
		all, err := collect(ctx, t, func(row scanner) (n named, err error) { return n, row.Scan(&n.name, &n.id) },
			`SELECT p.`+column+`, p.id FROM product p WHERE `+where+` AND p.rev > 0 AND p.deleted_at IS NULL AND p.`+column+` IN `+t.s.dialect.List()+` ORDER BY p.org = ?, p.id DESC`,
			append(slices.Clone(args), list(names), pool.Org)...)
		if err != nil {
			return nil, fmt.Errorf("find products of pool: %w", err)
		}
		for _, n := range all { // the last one counts
			ids[n.name] = n.id
		}
	}
	out := make([]string, 0, len(names))
	for _, name := range names {
		id, ok := ids[name]
		if !ok {
			return nil, overlay.Errorf(overlay.NotFound, "%s: there is no product %q that you may put here", field, overlay.Plain(name, 60))
		}
		out = append(out, id)
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// fill puts products into a pool; with all it has just these.
func (t *tx) fill(ctx context.Context, p overlay.Pool, products []string, all bool) (overlay.Pool, error) {
	which, args := `pool = ? AND gone_at IS NULL`, []any{p.ID}
	if !all { // a few products come into a large pool: it is not read as a whole
		which, args = which+` AND product IN `+t.s.dialect.List(), append(args, list(products))
	}
	present, err := collect(ctx, t, func(row scanner) (id string, err error) { return id, row.Scan(&id) }, `SELECT product FROM pool_product WHERE `+which, args...)
	if err != nil {
		return p, fmt.Errorf("read pool: %w", err)
	}
	has := make(map[string]bool, len(present))
	for _, id := range present {
		has[id] = true
	}
	var added []string
	for _, id := range products {
		if has[id] {
			delete(has, id)
		} else {
			added = append(added, id)
		}
	}
	if all {
		if p, err = t.empty(ctx, p, slices.Sorted(maps.Keys(has))); err != nil {
			return p, err
		}
	}
	if p.Products += int64(len(added)); p.Products > overlay.MaxPoolProducts {
		return p, overlay.Errorf(overlay.Invalid, "a pool has at most %d products", overlay.MaxPoolProducts)
	}
	if len(added) == 0 {
		return p, nil
	}
	_, err = t.ExecContext(ctx, `INSERT INTO pool_product(pool, product, added_at) SELECT ?, p.id, ? FROM product p WHERE p.id IN `+t.s.dialect.List()+
		` ON CONFLICT (pool, product) DO UPDATE SET added_at = excluded.added_at, gone_at = NULL`, p.ID, t.now.UnixMilli(), list(added))
	if err != nil {
		return p, fmt.Errorf("fill pool: %w", err)
	}
	return p, t.poolChanged(ctx, p, added, termChanges.put)
}

// empty takes products out of a pool.
func (t *tx) empty(ctx context.Context, p overlay.Pool, products []string) (overlay.Pool, error) {
	if len(products) == 0 {
		return p, nil
	}
	res, err := t.ExecContext(ctx, `UPDATE pool_product SET gone_at = ? WHERE pool = ? AND gone_at IS NULL AND product IN `+t.s.dialect.List(), t.now.UnixMilli(), p.ID, list(products))
	if err != nil {
		return p, fmt.Errorf("take products out of pool: %w", err)
	}
	n, err := res.RowsAffected()
	if err != nil {
		return p, err
	}
	p.Products -= n
	return p, t.poolChanged(ctx, p, products, termChanges.drop)
}

// poolChanged keeps the count of a pool, and tells the index of products.
func (t *tx) poolChanged(ctx context.Context, p overlay.Pool, products []string, change func(c termChanges, n int64, term string)) error {
	if _, err := t.ExecContext(ctx, `UPDATE pool SET products = ? WHERE id = ?`, p.Products, p.ID); err != nil {
		return fmt.Errorf("count products of pool: %w", err)
	}
	changes := termChanges{}
	_, err := collect(ctx, t, func(row scanner) (none struct{}, err error) {
		var n int64
		err = row.Scan(&n)
		change(changes, n, search.InPool(p.ID).Term)
		return none, err
	}, `SELECT n FROM product_number WHERE product IN `+t.s.dialect.List(), list(products))
	if err != nil {
		return fmt.Errorf("find numbers of products: %w", err)
	}
	return t.changeTerms(ctx, changes)
}

// poolTerms gives products that are new in the index the pools in which they are.
func (t *tx) poolTerms(ctx context.Context, changes termChanges, newcomers map[string]int64) error {
	if len(newcomers) == 0 {
		return nil
	}
	members, err := t.poolsOf(ctx, slices.Sorted(maps.Keys(newcomers)))
	for _, m := range members {
		changes.put(newcomers[m.product], search.InPool(m.pool).Term)
	}
	return err
}
