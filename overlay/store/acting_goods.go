package store

import (
	"context"

	"mediad/overlay"
)

// GetProduct gives a product, by id or SKU, at its newest revision.
func (a Acting) GetProduct(ctx context.Context, id string) (overlay.Product, error) {
	return a.ProductFor(ctx, overlay.Read, id)
}

// ProductOfShow gives a product, by id or SKU, that a show of an organisation may have: its
// own, one that is granted to it, or one of another organisation in which the actor has a
// role. What is granted to another of the actor's organisations stays there.
func (a Acting) ProductOfShow(ctx context.Context, org, id string) (overlay.Product, error) {
	if err := a.who.Check(overlay.Read, org, ""); err != nil {
		return overlay.Product{}, err
	}
	p, err := a.s.ScopedProduct(ctx, overlay.Scope{Orgs: []string{org}}, id)
	if overlay.CodeOf(err) != overlay.NotFound {
		return p, err
	}
	if p, err = a.GetProduct(ctx, id); err != nil || a.who.May(overlay.Read, p.Org) {
		return p, err
	}
	return overlay.Product{}, overlay.Errorf(overlay.NotFound, "the product belongs to another organisation, and is not granted to the one of this show")
}

// FindProducts gives a page of products, of organisations in which the actor has a role.
func (a Acting) FindProducts(ctx context.Context, q ProductQuery) (page []overlay.Product, next string, err error) {
	if err := a.within(overlay.Read, q.In); err != nil {
		return nil, "", err
	}
	return a.s.FindProducts(ctx, q)
}

// CountProducts says how many of them there are.
func (a Acting) CountProducts(ctx context.Context, q ProductQuery) (int64, error) {
	return allowed(a.within(overlay.Read, q.In), func() (int64, error) { return a.s.CountProducts(ctx, q) })
}

func (a Acting) CreateProduct(ctx context.Context, p overlay.Product, once Once) (overlay.Product, error) {
	return allowed(a.ofOrg(ctx, overlay.Goods, p.Org), func() (overlay.Product, error) { return a.s.CreateProduct(ctx, p, once) })
}

func (a Acting) UpdateProduct(ctx context.Context, id string, c overlay.ProductChange) (overlay.Product, error) {
	p, err := a.ProductFor(ctx, overlay.Goods, id)
	return allowed(err, func() (overlay.Product, error) { return a.s.updateProductBy(ctx, p.ID, c, a.who.Name) })
}

func (a Acting) DeleteProduct(ctx context.Context, id string) error {
	p, err := a.ProductFor(ctx, overlay.Goods, id)
	if err != nil {
		return err
	}
	return a.s.DeleteProduct(ctx, p.ID, a.who.Name)
}

// Import gives how far an import is.
func (a Acting) Import(ctx context.Context, id string) (overlay.Import, error) {
	i, err := a.s.Import(ctx, id)
	if err != nil {
		return i, err
	}
	return allowed(a.who.Check(overlay.Goods, i.Org, ""), func() (overlay.Import, error) { return i, nil })
}
