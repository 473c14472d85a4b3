package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"mediad/overlay"
	"mediad/overlay/checkout"
)

// InShop is the path of a shop.
type InShop struct {
	Shop string `path:"shop" doc:"The shop's id"`
}

// shopBody is a shop, with the address to which it tells of orders.
type shopBody struct {
	overlay.Shop
	Refused *refusal `json:"refused,omitempty" doc:"Its last webhook, if that was refused since the start of this server"`
	Hook    string   `json:"hook" doc:"Where the shop sends its webhooks" example:"https://live.example.com/hooks/01K4…"`
}

type shopAnswer struct {
	Location string `header:"Location"`
	Body     shopBody
}

type shopList struct {
	Body struct {
		Items []shopBody `json:"items"`
		Next  string     `json:"next,omitempty" doc:"The cursor of the next page; missing on the last"`
	}
}

func (a *API) shops(h huma.API) {
	tags := []string{"shops"}
	const path = "/api/v1/shops"
	operation(a, h, huma.Operation{OperationID: "list-shops", Method: http.MethodGet, Path: path,
		Summary: "List the shops: checkouts in which products are paid for", Tags: tags, Errors: []int{404, 422}}, a.listShops)
	operation(a, h, huma.Operation{OperationID: "create-shop", Method: http.MethodPost, Path: path,
		Summary: "Add a shop", Tags: tags, DefaultStatus: http.StatusCreated, Errors: []int{404, 409, 422, 503},
		Description: "Secrets are written and never read back: `secrets` of an answer has their names alone."}, a.createShop)
	operation(a, h, huma.Operation{OperationID: "get-shop", Method: http.MethodGet, Path: path + "/{shop}",
		Summary: "Read a shop", Tags: tags, Errors: []int{404}}, func(ctx context.Context, in *InShop) (*shopAnswer, error) {
		shop, err := a.as(ctx).Shop(ctx, in.Shop)
		return &shopAnswer{Body: a.shopBody(ctx, shop)}, err
	})
	operation(a, h, huma.Operation{OperationID: "change-shop", Method: http.MethodPatch, Path: path + "/{shop}",
		Summary: "Change a shop", Tags: tags, Errors: []int{400, 404, 409, 422, 503},
		Description: "`config` replaces all of it. Of `secrets` those that are named change; null takes one away."}, a.changeShop)
	operation(a, h, huma.Operation{OperationID: "delete-shop", Method: http.MethodDelete, Path: path + "/{shop}",
		Summary: "Delete a shop; its orders stay", Tags: tags, DefaultStatus: http.StatusNoContent, Errors: []int{404, 503}}, func(ctx context.Context, in *InShop) (*struct{}, error) {
		return nil, a.as(ctx).DeleteShop(ctx, in.Shop)
	})
}

func (a *API) shopBody(ctx context.Context, shop overlay.Shop) shopBody {
	return shopBody{Shop: shop, Refused: a.refused.of(shop.ID), Hook: a.origin(ctx).String() + "/hooks/" + shop.ID}
}

func (a *API) listShops(ctx context.Context, in *struct {
	Org string `query:"org" doc:"Of this organisation alone; left out: of all that you may see"`
	Paging
}) (*shopList, error) {
	scope, err := a.scopeOf(ctx, overlay.Goods, in.Org)
	if err != nil {
		return nil, err
	}
	all, err := a.as(ctx).Shops(ctx, scope, in.Cursor, in.Limit+1)
	out := &shopList{}
	some, next := cut(all, in.Limit, func(s overlay.Shop) string { return s.ID })
	out.Body.Next, out.Body.Items = next, make([]shopBody, len(some))
	for i, shop := range some {
		out.Body.Items[i] = a.shopBody(ctx, shop)
	}
	return out, err
}

func (a *API) createShop(ctx context.Context, in *struct {
	Once
	Body struct {
		Org     string             `json:"org,omitempty" doc:"Your own organisation if left out"`
		Name    string             `json:"name"`
		Kind    overlay.ShopKind   `json:"kind"`
		Stock   overlay.StockMode  `json:"stock,omitempty" doc:"external if left out"`
		Config  overlay.ShopConfig `json:"config,omitempty"`
		Secrets map[string]string  `json:"secrets,omitempty" doc:"webhook: with which the shop signs its webhooks; api_key: of stripe-session"`
	}
	RawBody []byte
}) (*shopAnswer, error) {
	org, err := a.placeFor(ctx, overlay.Own, in.Body.Org)
	if err != nil {
		return nil, err
	}
	b := in.Body
	if err := checkout.CheckSecrets(b.Kind, b.Secrets); err != nil {
		return nil, err
	}
	shop, err := a.as(ctx).CreateShop(ctx, overlay.Shop{Org: org, Name: b.Name, Kind: b.Kind, Stock: b.Stock, Config: b.Config}, b.Secrets, in.with(in.RawBody))
	return &shopAnswer{Location: a.o.Base + "/api/v1/shops/" + shop.ID, Body: a.shopBody(ctx, shop)}, err
}

func (a *API) changeShop(ctx context.Context, in *struct {
	InShop
	Body struct {
		Rev     int64               `json:"rev,omitempty" doc:"The revision that the change was made on; with any other the answer is 409"`
		Name    *string             `json:"name,omitempty"`
		Stock   *overlay.StockMode  `json:"stock,omitempty" nullable:"true" doc:"null: external"`
		Config  *overlay.ShopConfig `json:"config,omitempty" doc:"Replaces all of it"`
		Secrets map[string]*string  `json:"secrets,omitempty" doc:"By name; null takes one away"`
	}
	RawBody []byte
}) (*shopAnswer, error) {
	b := &in.Body
	if err := cleared(in.RawBody, map[string]func(){"stock": func() { b.Stock = new(overlay.StockMode) }}); err != nil {
		return nil, err
	}
	before, err := a.as(ctx).Shop(ctx, in.Shop)
	if err != nil {
		return nil, err
	}
	c := overlay.ShopChange{Rev: b.Rev, Name: b.Name, Stock: b.Stock, Config: b.Config, Secrets: map[string]string{}}
	set := map[string]string{}
	for name, value := range b.Secrets {
		if value == nil {
			c.Secrets[name] = ""
			continue
		}
		c.Secrets[name], set[name] = *value, *value
	}
	if err := checkout.CheckSecrets(before.Kind, set); err != nil {
		return nil, err
	}
	shop, err := a.as(ctx).ChangeShop(ctx, in.Shop, c)
	return &shopAnswer{Body: a.shopBody(ctx, shop)}, err
}
