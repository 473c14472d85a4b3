package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"mediad/overlay"
)

// InListing is the path of a listing.
type InListing struct {
	InShop
	Item string `path:"item" doc:"The product's id or SKU, or the id of a variant"`
}

type listingAnswer struct{ Body overlay.Listing }

type listingList struct {
	Body struct {
		Items []overlay.Listing `json:"items"`
		Next  string            `json:"next,omitempty" doc:"The cursor of the next page; missing on the last"`
	}
}

func (a *API) listings(h huma.API) {
	tags := []string{"shops"}
	const path = "/api/v1/shops/{shop}/listings"
	operation(a, h, huma.Operation{OperationID: "list-listings", Method: http.MethodGet, Path: path,
		Summary: "List how a shop knows products", Tags: tags, Errors: []int{404, 422}}, a.listListings)
	operation(a, h, huma.Operation{OperationID: "set-listing", Method: http.MethodPut, Path: path + "/{item}",
		Summary: "Say how a shop knows a product, or a variant of it", Tags: tags, Errors: []int{404, 422, 503},
		Description: "Viewers of the product go to the first shop that lists it. A shop of kind shopify needs `ref`, the number that Shopify has for the variant; one of kind stripe-link needs `link`, a Payment Link. " +
			"`link` may lead only to hosts of the shop. A product with variants is listed by its variants where the shop needs `ref`."}, a.setListing)
	operation(a, h, huma.Operation{OperationID: "delete-listing", Method: http.MethodDelete, Path: path + "/{item}",
		Summary: "Take a product, or a variant of it, out of a shop", Tags: tags, DefaultStatus: http.StatusNoContent, Errors: []int{404, 503}}, func(ctx context.Context, in *InListing) (*struct{}, error) {
		l, err := a.listed(ctx, in.Shop, in.Item)
		if err != nil {
			return nil, err
		}
		return nil, a.as(ctx).DeleteListing(ctx, l)
	})
}

// listed gives what a request names: a product of the shop's organisation by id or SKU, or
// a variant by its id.
func (a *API) listed(ctx context.Context, shop, item string) (overlay.Listing, error) {
	l := overlay.Listing{Shop: shop}
	found, err := a.as(ctx).Shop(ctx, shop)
	if err != nil {
		return l, err
	}
	if product, ok := overlay.VariantProduct(item); ok && overlay.ValidID(product) {
		item, l.Variant = product, item
	}
	l.Product, err = a.mineIn(ctx, found.Org, item)
	return l, err
}

func (a *API) listListings(ctx context.Context, in *struct {
	InShop
	Product string `query:"product" doc:"Id or SKU: of this product alone, and of its variants"`
	Paging
}) (*listingList, error) {
	product := in.Product
	if product != "" {
		l, err := a.listed(ctx, in.Shop, product)
		if err != nil {
			return nil, err
		}
		product = l.Product
	}
	all, err := a.as(ctx).Listings(ctx, in.Shop, product, in.Cursor, in.Limit+1)
	out := &listingList{}
	out.Body.Items, out.Body.Next = cut(all, in.Limit, overlay.Listing.Key)
	return out, err
}

func (a *API) setListing(ctx context.Context, in *struct {
	InListing
	Body struct {
		Link string `json:"link,omitempty" doc:"Its address in the shop; left out: the product's own link, or the shop's template"`
		Ref  string `json:"ref,omitempty" doc:"The shop's own name of it; for Shopify the number of the variant" example:"70881412"`
	}
}) (*listingAnswer, error) {
	l, err := a.listed(ctx, in.Shop, in.Item)
	if err != nil {
		return nil, err
	}
	l.Link, l.Ref = in.Body.Link, in.Body.Ref
	l, err = a.as(ctx).SetListing(ctx, l)
	return &listingAnswer{l}, err
}
