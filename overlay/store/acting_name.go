package store

import (
	"context"

	"mediad/overlay"
)

// Seller gives the name of the organisation that sells a product which the actor sees:
// also where it has no role there. One that went meanwhile has no name.
func (a Acting) Seller(ctx context.Context, product string) (string, error) {
	p, err := a.GetProduct(ctx, product)
	if err != nil {
		return "", err
	}
	return a.nameOf(ctx, p.Org)
}

// PoolOwner gives the name of the organisation whose pool it is.
func (a Acting) PoolOwner(ctx context.Context, pool string) (string, error) {
	p, err := a.Pool(ctx, pool)
	if err != nil {
		return "", err
	}
	return a.nameOf(ctx, p.Org)
}

func (a Acting) nameOf(ctx context.Context, org string) (string, error) {
	o, err := a.s.Org(ctx, org)
	if overlay.CodeOf(err) == overlay.NotFound {
		err = nil
	}
	return o.Name, err
}
