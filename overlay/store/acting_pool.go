package store

import (
	"context"
	"time"

	"mediad/overlay"
)

// Categories gives a page of categories, of organisations in which the actor has a role.
func (a Acting) Categories(ctx context.Context, in overlay.Scope, cursor string, limit int) (page []overlay.Category, next string, err error) {
	if err := a.within(overlay.Read, in); err != nil {
		return nil, "", err
	}
	return a.s.Categories(ctx, in, cursor, limit)
}

func (a Acting) Category(ctx context.Context, id string) (overlay.Category, error) {
	c, err := a.s.Category(ctx, id)
	if err != nil {
		return c, err
	}
	return allowed(a.who.Check(overlay.Read, c.Org, ""), func() (overlay.Category, error) { return c, nil })
}

func (a Acting) CreateCategory(ctx context.Context, org, path string, once Once) (overlay.Category, error) {
	return allowed(a.ofOrg(ctx, overlay.Goods, org), func() (overlay.Category, error) { return a.s.CreateCategory(ctx, org, path, a.who.Name, once) })
}

func (a Acting) DeleteCategory(ctx context.Context, id string) error {
	c, err := a.Category(ctx, id)
	if err == nil {
		err = a.who.Check(overlay.Goods, c.Org, "")
	}
	if err != nil {
		return err
	}
	return a.s.DeleteCategory(ctx, id, a.who.Name)
}

func (a Acting) MoveCategory(ctx context.Context, id, to string) (CategoryMove, error) {
	c, err := a.Category(ctx, id)
	if err == nil {
		err = a.who.Check(overlay.Goods, c.Org, "")
	}
	return allowed(err, func() (CategoryMove, error) { return a.s.MoveCategory(ctx, id, to, a.who.Name) })
}

// PoolFor finds a pool among those that the actor sees, and refuses what it may not do
// with it.
func (a Acting) PoolFor(ctx context.Context, do overlay.Action, id string) (overlay.Pool, error) {
	p, err := a.s.SeenPool(ctx, a.who.OrgScope(overlay.Read), id)
	if err != nil {
		return p, err
	}
	p.Granted = !a.who.May(overlay.Read, p.Org)
	return p, a.granted(do, p.Org, "pool")
}

// Pool gives a pool that the actor sees.
func (a Acting) Pool(ctx context.Context, id string) (overlay.Pool, error) {
	return a.PoolFor(ctx, overlay.Read, id)
}

// Pools gives a page of pools, of organisations in which the actor has a role, or granted
// to them.
func (a Acting) Pools(ctx context.Context, in overlay.Scope, after string, limit int) ([]overlay.Pool, error) {
	if err := a.within(overlay.Read, in); err != nil {
		return nil, err
	}
	all, err := a.s.Pools(ctx, in, after, limit)
	for i, p := range all {
		all[i].Granted = !a.who.May(overlay.Read, p.Org)
	}
	return all, err
}

func (a Acting) CreatePool(ctx context.Context, org, name string, once Once) (overlay.Pool, error) {
	return allowed(a.ofOrg(ctx, overlay.Goods, org), func() (overlay.Pool, error) { return a.s.CreatePool(ctx, org, name, a.who.Name, once) })
}

func (a Acting) RenamePool(ctx context.Context, id, name string) (overlay.Pool, error) {
	_, err := a.PoolFor(ctx, overlay.Goods, id)
	return allowed(err, func() (overlay.Pool, error) { return a.s.RenamePool(ctx, id, name, a.who.Name) })
}

func (a Acting) DeletePool(ctx context.Context, id string) error {
	if _, err := a.PoolFor(ctx, overlay.Own, id); err != nil {
		return err
	}
	return a.s.DeletePool(ctx, id, a.who.Name)
}

// ChangePool takes products of organisations whose products the actor may change.
func (a Acting) ChangePool(ctx context.Context, id string, c PoolChange) (overlay.Pool, error) {
	_, err := a.PoolFor(ctx, overlay.Goods, id)
	c.From = a.who.OrgScope(overlay.Goods)
	return allowed(err, func() (overlay.Pool, error) { return a.s.ChangePool(ctx, id, c, a.who.Name) })
}

// AddFound takes products of organisations whose products the actor may change.
func (a Acting) AddFound(ctx context.Context, id string, q ProductQuery) (overlay.Pool, error) {
	_, err := a.PoolFor(ctx, overlay.Goods, id)
	if err == nil {
		err = a.within(overlay.Goods, q.In)
	}
	return allowed(err, func() (overlay.Pool, error) { return a.s.AddFound(ctx, id, q, a.who.Name) })
}

func (a Acting) PoolGrants(ctx context.Context, pool, after string, limit int) ([]overlay.PoolGrant, error) {
	_, err := a.PoolFor(ctx, overlay.Goods, pool)
	return allowed(err, func() ([]overlay.PoolGrant, error) { return a.s.PoolGrants(ctx, pool, after, limit) })
}

// GrantPool is for organisations in which the actor has a role: nobody else's hosts find
// products that they did not ask for.
func (a Acting) GrantPool(ctx context.Context, pool, to string, until time.Time) (overlay.PoolGrant, error) {
	_, err := a.PoolFor(ctx, overlay.Own, pool)
	if err == nil {
		err = a.ofOrg(ctx, overlay.Read, to)
	}
	return allowed(err, func() (overlay.PoolGrant, error) { return a.s.GrantPool(ctx, pool, to, until, a.who.Name) })
}

func (a Acting) RevokePool(ctx context.Context, pool, from string) error {
	if _, err := a.PoolFor(ctx, overlay.Own, pool); err != nil {
		return err
	}
	return a.s.RevokePool(ctx, pool, from, a.who.Name)
}
