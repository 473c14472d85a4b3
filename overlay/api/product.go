package api

import (
	"cmp"
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"mediad/overlay"
	"mediad/overlay/store"
)

// PricedProduct is a product with the digits of its price. It is exported because
// huma leaves out the embedded fields of types that are not.
type PricedProduct struct {
	overlay.Product
	Granted bool   `json:"granted,omitempty" doc:"It is another organisation's, and in a pool that is granted to yours: it can be shown, not changed"`
	Seller  string `json:"seller,omitempty" doc:"Who sells it: in lists, where that is another organisation than the one that you asked for, and of what is granted"`
	Digits  int    `json:"digits" doc:"Digits of the currency's minor unit by ISO 4217: CNY 2, JPY 0, KWD 3. The price as people read it is price / 10^digits"`
}

func priced(p overlay.Product) PricedProduct {
	digits, _ := overlay.MinorDigits(p.Currency)
	return PricedProduct{Product: p, Digits: digits}
}

// pricedFor is priced for an actor.
func pricedFor(ctx context.Context, p overlay.Product) PricedProduct {
	out := priced(p)
	out.Granted = !who(ctx).May(overlay.Read, p.Org)
	return out
}

type productAnswer struct {
	Location string `header:"Location"`
	Body     PricedProduct
}

type productList struct {
	Body struct {
		Items []PricedProduct `json:"items"`
		Next  string          `json:"next,omitempty" doc:"The cursor of the next page; missing on the last"`
		Total *int64          `json:"total,omitempty" doc:"How many there are on all pages, where count asks for it"`
	}
}

// Paging is the part of a request for a list that picks a page. Parts that requests
// embed are exported, because huma leaves out those that are not.
type Paging struct {
	Cursor string `query:"cursor" doc:"The value next of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
}

func (a *API) products(h huma.API) {
	tags := []string{"products"}
	operation(a, h, huma.Operation{OperationID: "create-product", Method: http.MethodPost, Path: "/api/v1/products",
		Summary: "Add a product", Tags: tags, DefaultStatus: http.StatusCreated, Errors: []int{409, 422, 503}}, a.createProduct)
	operation(a, h, huma.Operation{OperationID: "list-products", Method: http.MethodGet, Path: "/api/v1/products",
		Summary: "List or find products", Tags: tags, Errors: []int{422}}, a.listProducts)
	operation(a, h, huma.Operation{OperationID: "get-product", Method: http.MethodGet, Path: "/api/v1/products/{product}",
		Summary: "Read a product, by id or SKU", Tags: tags, Errors: []int{404}}, a.getProduct)
	operation(a, h, huma.Operation{OperationID: "change-product", Method: http.MethodPatch, Path: "/api/v1/products/{product}",
		Summary: "Change a product", Tags: tags, Errors: []int{400, 404, 409, 422, 503},
		Description: "Makes a new revision. Shows that have it pinned tell their viewers at once (product.update)."}, a.changeProduct)
	operation(a, h, huma.Operation{OperationID: "delete-product", Method: http.MethodDelete, Path: "/api/v1/products/{product}",
		Summary: "Delete a product, by id or SKU", Tags: tags, DefaultStatus: http.StatusNoContent, Errors: []int{404, 409, 503},
		Description: "With it go its revisions, its pins and its clicks; its SKU is free. Recordings keep the cards that were shown, with title and price: they are in the picture. Their picture, text and way to the shop are gone. " +
			"One that is pinned in a show that has not ended, or is to be pinned later, is refused."}, a.deleteProduct)
}

func (a *API) deleteProduct(ctx context.Context, in *struct {
	Product string `path:"product"`
}) (*struct{}, error) {
	if err := a.as(ctx).DeleteProduct(ctx, in.Product); err != nil {
		return nil, err
	}
	a.o.Logger.InfoContext(ctx, "product is deleted", "product", in.Product, "actor", actor(ctx))
	if a.o.Media != nil {
		a.o.Media.Delete() // its clicks go in the background
	}
	return nil, nil
}

func (a *API) createProduct(ctx context.Context, in *struct {
	Once
	Body    productBody
	RawBody []byte
}) (*productAnswer, error) {
	p := in.Body.product()
	var err error
	if p.Org, err = a.placeFor(ctx, overlay.Goods, in.Body.Org); err != nil {
		return nil, err
	}
	p, err = a.as(ctx).CreateProduct(ctx, p, in.with(in.RawBody))
	return &productAnswer{Location: a.o.Base + "/api/v1/products/" + p.ID, Body: priced(p)}, err
}

func (a *API) listProducts(ctx context.Context, in *struct {
	Q        string `query:"q" maxLength:"200" doc:"Words of the title in any language, the SKU, or the number of the bar code; the beginning of a word is enough" example:"玉米 5kg"`
	Category string `query:"category" doc:"A category; those below it count, too" example:"Food > Fruit"`
	Org      string `query:"org" doc:"What this organisation may show: its own, and what others grant to it"`
	Seller   string `query:"seller" doc:"What this organisation sells itself"`
	Pool     string `query:"pool" doc:"The id of a pool"`
	Count    bool   `query:"count" doc:"Say how many there are on all pages"`
	Sort     string `query:"sort" enum:"title,-title,price,-price,sku,-sku,changed,-changed" doc:"What the list is sorted by; a minus turns it round. Left out, the oldest come first. Prices are sorted within their currency"`
	Paging
}) (*productList, error) {
	category, err := overlay.CheckedCategory(in.Category)
	if err != nil {
		return nil, err
	}
	q := store.ProductQuery{Granted: in.Seller == "", Text: in.Q, Category: category, Pool: in.Pool, Sort: in.Sort, Cursor: in.Cursor, Limit: in.Limit}
	if in.Org != "" && in.Seller != "" && in.Org != in.Seller {
		return nil, overlay.Errorf(overlay.Invalid, "seller: is another organisation than org; send one of the two")
	}
	if q.In, err = a.scopeOf(ctx, overlay.Read, cmp.Or(in.Seller, in.Org)); err != nil {
		return nil, err
	}
	if in.Pool != "" {
		if _, err := a.as(ctx).Pool(ctx, in.Pool); err != nil {
			return nil, err
		}
	}
	items, next, err := a.as(ctx).FindProducts(ctx, q)
	if err != nil {
		return nil, err
	}
	out := &productList{}
	out.Body.Next = next
	if in.Count {
		n, err := a.as(ctx).CountProducts(ctx, q)
		if err != nil {
			return nil, err
		}
		out.Body.Total = &n
	}
	out.Body.Items = make([]PricedProduct, len(items))
	name := namer()
	for i, p := range items {
		out.Body.Items[i] = pricedFor(ctx, p)
		if p.Org == cmp.Or(in.Seller, in.Org) {
			continue
		}
		if out.Body.Items[i].Seller, err = name(p.Org, func() (string, error) { return a.as(ctx).Seller(ctx, p.ID) }); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// cut makes a page of a list. The list has one row more than the page, if there is one.
func cut[T any](items []T, limit int, cursor func(T) string) ([]T, string) {
	if len(items) <= limit {
		return append([]T{}, items...), ""
	}
	return items[:limit], cursor(items[limit-1])
}

func (a *API) getProduct(ctx context.Context, in *struct {
	Product string `path:"product"`
}) (*productAnswer, error) {
	p, err := a.as(ctx).GetProduct(ctx, in.Product)
	out := &productAnswer{Body: pricedFor(ctx, p)}
	if err == nil && out.Body.Granted {
		out.Body.Seller, err = a.as(ctx).Seller(ctx, p.ID)
	}
	return out, err
}

func (a *API) changeProduct(ctx context.Context, in *struct {
	Product string `path:"product"`
	Body    changeBody
	RawBody []byte
}) (*productAnswer, error) {
	if err := in.Body.takeAway(in.RawBody); err != nil {
		return nil, err
	}
	p, err := a.as(ctx).UpdateProduct(ctx, in.Product, overlay.ProductChange(in.Body))
	return &productAnswer{Body: priced(p)}, err
}
