package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"mediad/overlay"
)

// holds is the condition for a grant g that holds at a moment, the one argument.
const holds = `g.ended_at IS NULL AND (g.until IS NULL OR g.until > ?)`

// told is the condition for what is revealed of a product p in a show of the organisation
// that the SQL of gives, as in mayShow: it is its own, was never granted to it, or is
// granted at the moment at, an argument.
func told(of, at string) string {
	grant := `SELECT 1 FROM pool_product m JOIN pool_grant g ON g.pool = m.pool WHERE m.product = p.id AND g.org = ` + of
	return `(p.org = ` + of + ` OR NOT EXISTS (` + grant + `) OR EXISTS (` + grant + ` AND m.gone_at IS NULL AND ` + strings.Replace(holds, "?", at, 1) + `))`
}

// seen is scoped for products p: also those count that are granted to an organisation of
// the scope.
func (s *Store) seen(in overlay.Scope) (where string, args []any) {
	where, args = s.scoped(in, "p.org", "")
	if in.All {
		return where, args
	}
	return `(` + where + ` OR EXISTS (SELECT 1 FROM pool_product m JOIN pool_grant g ON g.pool = m.pool WHERE m.product = p.id AND m.gone_at IS NULL AND g.org IN ` + s.dialect.List() + ` AND ` + holds + `))`,
		append(args, list(in.Orgs), s.now().UnixMilli())
}

// grantedPools gives the pools that are granted to organisations of a scope.
func (s *Store) grantedPools(ctx context.Context, in overlay.Scope) ([]string, error) {
	ends, err := s.grantEnds(ctx, in)
	return slices.Sorted(maps.Keys(ends)), err
}

// grantEnds gives the same with the moment at which the last of these grants ends; zero:
// when it is taken back.
func (s *Store) grantEnds(ctx context.Context, in overlay.Scope) (map[string]time.Time, error) {
	if in.All {
		return nil, nil
	}
	ends := map[string]time.Time{}
	_, err := collect(ctx, s.reader, func(row scanner) (none struct{}, err error) {
		var id string
		var until sql.NullInt64
		err = row.Scan(&id, &until)
		ends[id] = moment(until)
		return none, err
	}, `SELECT g.pool, CASE WHEN count(*) = count(g.until) THEN max(g.until) END FROM pool_grant g WHERE g.org IN `+s.dialect.List()+` AND `+holds+` GROUP BY g.pool`, list(in.Orgs), s.now().UnixMilli())
	if err != nil {
		return nil, fmt.Errorf("find granted pools: %w", err)
	}
	return ends, nil
}

const selectPool = `SELECT o.id, o.org, o.name, o.products, o.created_at FROM pool o `

func scanPool(row scanner) (p overlay.Pool, err error) {
	var created int64
	err = row.Scan(&p.ID, &p.Org, &p.Name, &p.Products, &created)
	p.Created = at0(created)
	return p, err
}

// Pools lists at most limit pools of a scope, and those that are granted to it, whose id
// comes after the given one.
func (s *Store) Pools(ctx context.Context, in overlay.Scope, after string, limit int) ([]overlay.Pool, error) {
	ends, err := s.grantEnds(ctx, in)
	if err != nil {
		return nil, err
	}
	where, args := s.scoped(in, "o.org", "")
	all, err := collect(ctx, s.reader, scanPool, selectPool+`WHERE (`+where+` OR o.id IN `+s.dialect.List()+`) AND o.deleted_at IS NULL AND o.id > ? ORDER BY o.id LIMIT ?`,
		append(args, list(slices.Sorted(maps.Keys(ends))), after, limit)...)
	if err != nil {
		return nil, fmt.Errorf("list pools: %w", err)
	}
	for i, p := range all {
		if !slices.Contains(in.Orgs, p.Org) {
			all[i].Until = ends[p.ID]
		}
	}
	return all, nil
}

// SeenPool gives a pool of a scope, or one that is granted to it.
func (s *Store) SeenPool(ctx context.Context, in overlay.Scope, id string) (overlay.Pool, error) {
	where, args := s.scoped(in, "o.org", "")
	p, err := scanPool(s.reader.QueryRowContext(ctx, selectPool+`WHERE o.id = ? AND o.deleted_at IS NULL AND (`+where+` OR EXISTS (SELECT 1 FROM pool_grant g WHERE g.pool = o.id AND g.org IN `+s.dialect.List()+` AND `+holds+`))`,
		append(append([]any{id}, args...), list(in.Orgs), s.now().UnixMilli())...))
	return p, noPool(err)
}

func pool0(ctx context.Context, q querier, id string) (overlay.Pool, error) {
	p, err := scanPool(q.QueryRowContext(ctx, selectPool+`WHERE o.id = ? AND o.deleted_at IS NULL`, id))
	return p, noPool(err)
}

func noPool(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return overlay.Errorf(overlay.NotFound, "there is no such pool")
	}
	if err != nil {
		return fmt.Errorf("find pool: %w", err)
	}
	return nil
}

// CreatePool makes an empty pool of an organisation.
func (s *Store) CreatePool(ctx context.Context, org, name, actor string, o Once) (overlay.Pool, error) {
	name, err := overlay.CheckedPoolName(name)
	if err != nil {
		return overlay.Pool{}, err
	}
	var made overlay.Pool
	err = s.write(ctx, func(t *tx) (err error) {
		made, err = once(ctx, t, "pools", o, func() (string, overlay.Pool, error) {
			p := overlay.Pool{ID: t.s.newID(), Org: org, Name: name, Created: t.now}
			if err := t.freePoolName(ctx, p); err != nil {
				return "", p, err
			}
			var count int
			if err := t.QueryRowContext(ctx, `SELECT count(*) FROM pool WHERE org = ? AND deleted_at IS NULL`, org).Scan(&count); err != nil {
				return "", p, fmt.Errorf("count pools: %w", err)
			}
			if count >= overlay.MaxPools {
				return "", p, overlay.Errorf(overlay.TooMany, "the organisation has %d pools already", count)
			}
			if _, err := t.ExecContext(ctx, `INSERT INTO pool(id, org, name, created_at) VALUES (?,?,?,?)`, p.ID, p.Org, p.Name, t.now.UnixMilli()); err != nil {
				return "", p, fmt.Errorf("add pool: %w", err)
			}
			return p.ID, p, t.auditIn(ctx, org, actor, "pool.create", p.ID)
		}, func(id string) (overlay.Pool, error) { return pool0(ctx, t, id) })
		return err
	})
	return made, err
}

func (t *tx) freePoolName(ctx context.Context, p overlay.Pool) error {
	var n int
	if err := t.QueryRowContext(ctx, `SELECT count(*) FROM pool WHERE org = ? AND name = ? AND id <> ?`, p.Org, p.Name, p.ID).Scan(&n); err != nil {
		return fmt.Errorf("find pool: %w", err)
	}
	if n > 0 {
		return overlay.Errorf(overlay.Conflict, "name: there is a pool %q already", p.Name)
	}
	return nil
}

// RenamePool gives a pool another name.
func (s *Store) RenamePool(ctx context.Context, id, name, actor string) (overlay.Pool, error) {
	name, err := overlay.CheckedPoolName(name)
	if err != nil {
		return overlay.Pool{}, err
	}
	var after overlay.Pool
	err = s.write(ctx, func(t *tx) (err error) {
		if after, err = pool0(ctx, t, id); err != nil || after.Name == name {
			return err
		}
		after.Name = name
		if err := t.freePoolName(ctx, after); err != nil {
			return err
		}
		if _, err := t.ExecContext(ctx, `UPDATE pool SET name = ? WHERE id = ?`, name, id); err != nil {
			return fmt.Errorf("rename pool: %w", err)
		}
		return t.auditIn(ctx, after.Org, actor, "pool.change", id)
	})
	return after, err
}

// DeletePool deletes a pool: its grants end. Its products stay in the catalogue.
func (s *Store) DeletePool(ctx context.Context, id, actor string) error {
	return s.write(ctx, func(t *tx) error {
		p, err := pool0(ctx, t, id)
		if err != nil {
			return err
		}
		if _, err := t.fill(ctx, p, nil, true); err != nil {
			return err
		}
		for _, statement := range []string{`UPDATE pool_grant SET ended_at = ? WHERE pool = ? AND ended_at IS NULL`, `UPDATE pool SET name = id, deleted_at = ? WHERE id = ?`} {
			if _, err := t.ExecContext(ctx, statement, t.now.UnixMilli(), id); err != nil {
				return fmt.Errorf("delete pool: %w", err)
			}
		}
		return t.auditIn(ctx, p.Org, actor, "pool.delete", p.Name)
	})
}

// PoolGrants lists at most limit organisations to which a pool is granted, whose id comes
// after the given one.
func (s *Store) PoolGrants(ctx context.Context, pool, after string, limit int) ([]overlay.PoolGrant, error) {
	all, err := collect(ctx, s.reader, func(row scanner) (g overlay.PoolGrant, err error) {
		var until sql.NullInt64
		var created int64
		err = row.Scan(&g.Org, &g.Name, &until, &created)
		g.Until, g.Created = moment(until), at0(created)
		return g, err
	}, `SELECT g.org, o.name, g.until, g.created_at FROM pool_grant g JOIN org o ON o.id = g.org WHERE g.pool = ? AND g.org > ? AND `+holds+` ORDER BY g.org LIMIT ?`, pool, after, s.now().UnixMilli(), limit)
	if err != nil {
		return nil, fmt.Errorf("list grants: %w", err)
	}
	return all, nil
}

// GrantPool lets an organisation show the products of a pool: from now on until a moment,
// or, zero, until it is taken back.
func (s *Store) GrantPool(ctx context.Context, pool, to string, until time.Time, actor string) (overlay.PoolGrant, error) {
	var made overlay.PoolGrant
	err := s.write(ctx, func(t *tx) error {
		p, err := pool0(ctx, t, pool)
		if err != nil {
			return err
		}
		if err := overlay.CheckGrant(p, to, until, t.now); err != nil {
			return err
		}
		o, err := org(ctx, t, to)
		if err != nil {
			return err
		}
		var others int
		if err := t.QueryRowContext(ctx, `SELECT count(*) FROM pool_grant g WHERE g.pool = ? AND g.org <> ? AND `+holds, pool, to, t.now.UnixMilli()).Scan(&others); err != nil {
			return fmt.Errorf("count grants: %w", err)
		}
		if others >= overlay.MaxPoolGrants {
			return overlay.Errorf(overlay.TooMany, "the pool is granted to %d organisations already", others)
		}
		_, err = t.ExecContext(ctx, `INSERT INTO pool_grant(pool, org, until, created_at) VALUES (?,?,CAST(? AS BIGINT),?) ON CONFLICT (pool, org) DO UPDATE SET until = excluded.until, ended_at = NULL`,
			pool, to, millis(until), t.now.UnixMilli())
		if err != nil {
			return fmt.Errorf("grant pool: %w", err)
		}
		made = overlay.PoolGrant{Org: to, Name: o.Name, Until: until.UTC().Truncate(time.Millisecond)}
		var created int64
		if err := t.QueryRowContext(ctx, `SELECT created_at FROM pool_grant WHERE pool = ? AND org = ?`, pool, to).Scan(&created); err != nil {
			return fmt.Errorf("find grant: %w", err)
		}
		made.Created = at0(created)
		if err := t.auditIn(ctx, p.Org, actor, "pool.grant", p.Name+" to "+o.Name); err != nil {
			return err
		}
		return t.auditIn(ctx, to, actor, "pool.grant", p.Name)
	})
	return made, err
}

// RevokePool takes a grant back. What is pinned stays until it is taken down.
func (s *Store) RevokePool(ctx context.Context, pool, from, actor string) error {
	return s.write(ctx, func(t *tx) error {
		p, err := pool0(ctx, t, pool)
		if err != nil {
			return err
		}
		res, err := t.ExecContext(ctx, `UPDATE pool_grant SET ended_at = ?1 WHERE pool = ?2 AND org = ?3 AND ended_at IS NULL AND (until IS NULL OR until > ?1)`, t.now.UnixMilli(), pool, from)
		if err != nil {
			return fmt.Errorf("take grant back: %w", err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, overlay.Errorf(overlay.NotFound, "the pool is not granted to this organisation"))
		}
		if err := t.auditIn(ctx, p.Org, actor, "pool.revoke", p.Name+" from "+from); err != nil {
			return err
		}
		return t.auditIn(ctx, from, actor, "pool.revoke", p.Name)
	})
}

// mayShow refuses a product of another organisation that was granted to the show's, and
// is not any more. A line-up, or a cue that waited, may still have it.
func (t *tx) mayShow(ctx context.Context, show overlay.Show, p overlay.Product) error {
	if p.Org == show.Org {
		return nil
	}
	var ever, now int
	err := t.QueryRowContext(ctx, `SELECT count(*), coalesce(sum(CASE WHEN m.gone_at IS NULL AND `+holds+` THEN 1 ELSE 0 END), 0)
		FROM pool_product m JOIN pool_grant g ON g.pool = m.pool WHERE m.product = ? AND g.org = ?`, t.now.UnixMilli(), p.ID, show.Org).Scan(&ever, &now)
	if err != nil {
		return fmt.Errorf("find grants of product: %w", err)
	}
	if ever > 0 && now == 0 {
		return overlay.Errorf(overlay.Conflict, "the product %s belongs to another organisation, and is not granted to this one any more", p.SKU)
	}
	return nil
}

// poolMember is a product in a pool.
type poolMember struct{ pool, product string }

// poolsOf gives the pools in which products are.
func (t *tx) poolsOf(ctx context.Context, products []string) ([]poolMember, error) {
	all, err := collect(ctx, t, func(row scanner) (m poolMember, err error) { return m, row.Scan(&m.pool, &m.product) },
		`SELECT pool, product FROM pool_product WHERE gone_at IS NULL AND product IN `+t.s.dialect.List(), list(products))
	if err != nil {
		return nil, fmt.Errorf("find pools of products: %w", err)
	}
	return all, nil
}

// leavePools takes a product that is deleted out of all pools.
func (t *tx) leavePools(ctx context.Context, product string) error {
	_, err := t.ExecContext(ctx, `UPDATE pool SET products = products - 1 WHERE id IN (SELECT pool FROM pool_product WHERE product = ? AND gone_at IS NULL)`, product)
	if err == nil {
		_, err = t.ExecContext(ctx, `DELETE FROM pool_product WHERE product = ?`, product)
	}
	if err != nil {
		return fmt.Errorf("take product out of pools: %w", err)
	}
	return nil
}
