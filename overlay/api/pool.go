package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mediad/overlay"
	"mediad/overlay/store"
)

// InPool is the path of a pool.
type InPool struct {
	Pool string `path:"pool" doc:"The pool's id"`
}

type poolAnswer struct {
	Location string `header:"Location"`
	Body     overlay.Pool
}

type poolList struct {
	Body struct {
		Items []overlay.Pool `json:"items"`
		Next  string         `json:"next,omitempty" doc:"The cursor of the next page; missing on the last"`
	}
}

// maxPoolBody bounds a body that names products.
const maxPoolBody = 2 << 20

func (a *API) pools(h huma.API) {
	tags := []string{"pools"}
	const path = "/api/v1/pools"
	operation(a, h, huma.Operation{OperationID: "list-pools", Method: http.MethodGet, Path: path,
		Summary: "List one's pools, and those that others grant", Tags: tags, Errors: []int{404, 422}}, a.listPools)
	operation(a, h, huma.Operation{OperationID: "create-pool", Method: http.MethodPost, Path: path,
		Summary: "Add a pool of products", Tags: tags, DefaultStatus: http.StatusCreated, Errors: []int{404, 409, 422, 503},
		Description: "A pool is a choice of products that an organisation, an agency as a rule, lets others show."}, a.createPool)
	operation(a, h, huma.Operation{OperationID: "get-pool", Method: http.MethodGet, Path: path + "/{pool}",
		Summary: "Read a pool", Tags: tags, Errors: []int{404}, Description: "Its products: GET /api/v1/products?pool=ID."}, a.getPool)
	operation(a, h, huma.Operation{OperationID: "change-pool", Method: http.MethodPatch, Path: path + "/{pool}",
		Summary: "Give a pool another name", Tags: tags, Errors: []int{400, 404, 409, 422, 503}}, a.changePool)
	operation(a, h, huma.Operation{OperationID: "delete-pool", Method: http.MethodDelete, Path: path + "/{pool}",
		Summary: "Delete a pool", Tags: tags, DefaultStatus: http.StatusNoContent, Errors: []int{404, 503},
		Description: "Its grants end. Its products stay in the catalogue."}, func(ctx context.Context, in *InPool) (*struct{}, error) {
		return nil, a.as(ctx).DeletePool(ctx, in.Pool)
	})
	operation(a, h, huma.Operation{OperationID: "set-pool-products", Method: http.MethodPut, Path: path + "/{pool}/products", MaxBodyBytes: maxPoolBody,
		Summary: "Set the products of a pool", Tags: tags, Errors: []int{404, 413, 422, 503},
		Description: "They are of organisations whose products you may change. At most 20,000 in one request; change-pool-products adds more."}, a.setPoolProducts)
	operation(a, h, huma.Operation{OperationID: "change-pool-products", Method: http.MethodPatch, Path: path + "/{pool}/products", MaxBodyBytes: maxPoolBody,
		Summary: "Put products into a pool, and take others out", Tags: tags, Errors: []int{400, 404, 413, 422, 503},
		Description: "Named one by one, or all that a search finds, at most 50,000."}, a.changePoolProducts)
	operation(a, h, huma.Operation{OperationID: "list-grants", Method: http.MethodGet, Path: path + "/{pool}/grants",
		Summary: "List to which organisations a pool is granted", Tags: tags, Errors: []int{404, 422}}, a.listGrants)
	operation(a, h, huma.Operation{OperationID: "grant-pool", Method: http.MethodPut, Path: path + "/{pool}/grants/{to}",
		Summary: "Let another organisation show the products of a pool", Tags: tags, Errors: []int{404, 422, 503},
		Description: "Its people find these products beside their own, and pin them. The seller stays the same, and only the seller's people change them. You need a role in that organisation, or in one above it."}, a.grantPool)
	operation(a, h, huma.Operation{OperationID: "revoke-pool", Method: http.MethodDelete, Path: path + "/{pool}/grants/{to}",
		Summary: "Take a grant back", Tags: tags, DefaultStatus: http.StatusNoContent, Errors: []int{404, 503},
		Description: "Nothing of it can be pinned there any more, also not by a line-up or a cue that waits, unless another pool has it. What is pinned stays until it is taken down."},
		func(ctx context.Context, in *InGrant) (*struct{}, error) {
			return nil, a.as(ctx).RevokePool(ctx, in.Pool, in.To)
		})
}

// InGrant is the path of a grant.
type InGrant struct {
	InPool
	To string `path:"to" doc:"The id of the organisation to which the pool is granted"`
}

func (a *API) listPools(ctx context.Context, in *struct {
	Org string `query:"org" doc:"Those of this organisation, and those that are granted to it"`
	Paging
}) (*poolList, error) {
	scope, err := a.scopeOf(ctx, overlay.Read, in.Org)
	if err != nil {
		return nil, err
	}
	all, err := a.as(ctx).Pools(ctx, scope, in.Cursor, in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := &poolList{}
	out.Body.Items, out.Body.Next = cut(all, in.Limit, func(p overlay.Pool) string { return p.ID })
	name := namer()
	for n, p := range out.Body.Items {
		if out.Body.Items[n].Owner, err = name(p.Org, func() (string, error) { return a.as(ctx).PoolOwner(ctx, p.ID) }); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (a *API) createPool(ctx context.Context, in *struct {
	Once
	Body struct {
		Org  string `json:"org,omitempty" doc:"Your own organisation if left out"`
		Name string `json:"name" doc:"At most 150 characters; unique in the organisation"`
	}
	RawBody []byte
}) (*poolAnswer, error) {
	org, err := a.placeFor(ctx, overlay.Goods, in.Body.Org)
	if err != nil {
		return nil, err
	}
	p, err := a.as(ctx).CreatePool(ctx, org, in.Body.Name, in.with(in.RawBody))
	return &poolAnswer{Location: a.o.Base + "/api/v1/pools/" + p.ID, Body: p}, err
}

func (a *API) getPool(ctx context.Context, in *InPool) (*poolAnswer, error) {
	p, err := a.as(ctx).Pool(ctx, in.Pool)
	if err == nil {
		p.Owner, err = a.as(ctx).PoolOwner(ctx, p.ID)
	}
	return &poolAnswer{Body: p}, err
}

func (a *API) changePool(ctx context.Context, in *struct {
	InPool
	Body struct {
		Name *string `json:"name,omitempty"`
	}
	RawBody []byte
}) (*poolAnswer, error) {
	if err := cleared(in.RawBody, nil); err != nil {
		return nil, err
	}
	if in.Body.Name == nil {
		return a.getPool(ctx, &in.InPool)
	}
	p, err := a.as(ctx).RenamePool(ctx, in.Pool, *in.Body.Name)
	return &poolAnswer{Body: p}, err
}

func (a *API) setPoolProducts(ctx context.Context, in *struct {
	InPool
	Body struct {
		Products []string `json:"products" nullable:"false" doc:"Ids or SKUs; an empty list empties the pool"`
	}
}) (*poolAnswer, error) {
	p, err := a.as(ctx).ChangePool(ctx, in.Pool, store.PoolChange{All: true, Add: in.Body.Products})
	return &poolAnswer{Body: p}, err
}

// poolSearch is what list-products looks for.
type poolSearch struct {
	Q        string `json:"q,omitempty" maxLength:"200" doc:"As in list-products"`
	Category string `json:"category,omitempty" example:"Food > Fruit"`
	Org      string `json:"org,omitempty" doc:"What this organisation sells; left out: all organisations whose products you may change"`
}

func (a *API) changePoolProducts(ctx context.Context, in *struct {
	InPool
	Body struct {
		Add    []string    `json:"add,omitempty" nullable:"false" doc:"Ids or SKUs"`
		Remove []string    `json:"remove,omitempty" nullable:"false" doc:"Ids or SKUs of products in the pool"`
		Found  *poolSearch `json:"add_found,omitempty" doc:"All that this finds; not beside add and remove"`
	}
	RawBody []byte
}) (*poolAnswer, error) {
	if err := cleared(in.RawBody, nil); err != nil {
		return nil, err
	}
	b := in.Body
	if b.Found == nil {
		p, err := a.as(ctx).ChangePool(ctx, in.Pool, store.PoolChange{Add: b.Add, Remove: b.Remove})
		return &poolAnswer{Body: p}, err
	}
	if len(b.Add)+len(b.Remove) > 0 {
		return nil, overlay.Errorf(overlay.Invalid, "add_found: send it alone, without add and remove")
	}
	category, err := overlay.CheckedCategory(b.Found.Category)
	if err != nil {
		return nil, err
	}
	scope, err := a.scopeOf(ctx, overlay.Goods, b.Found.Org)
	if err != nil {
		return nil, err
	}
	p, err := a.as(ctx).AddFound(ctx, in.Pool, store.ProductQuery{In: scope, Text: b.Found.Q, Category: category})
	return &poolAnswer{Body: p}, err
}

type grantList struct {
	Body struct {
		Items []overlay.PoolGrant `json:"items"`
		Next  string              `json:"next,omitempty" doc:"The cursor of the next page; missing on the last"`
	}
}

func (a *API) listGrants(ctx context.Context, in *struct {
	InPool
	Paging
}) (*grantList, error) {
	all, err := a.as(ctx).PoolGrants(ctx, in.Pool, in.Cursor, in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := &grantList{}
	out.Body.Items, out.Body.Next = cut(all, in.Limit, func(g overlay.PoolGrant) string { return g.Org })
	return out, nil
}

func (a *API) grantPool(ctx context.Context, in *struct {
	InGrant
	Body *struct {
		Until time.Time `json:"until,omitzero" doc:"When it ends; left out: when it is taken back"`
	}
}) (*struct{ Body overlay.PoolGrant }, error) {
	to, err := a.placeFor(ctx, overlay.Read, in.To)
	if err != nil {
		return nil, err
	}
	var until time.Time
	if in.Body != nil {
		until = in.Body.Until
	}
	g, err := a.as(ctx).GrantPool(ctx, in.Pool, to, until)
	return &struct{ Body overlay.PoolGrant }{g}, err
}
