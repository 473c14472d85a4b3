package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mediad/overlay"
	"mediad/overlay/store"
)

// ClickRange is the part of a request that picks clicks.
type ClickRange struct {
	InShow
	Product string    `query:"product" doc:"Id or SKU; of all products if left out"`
	From    time.Time `query:"from" doc:"RFC 3339; from the first if left out"`
	To      time.Time `query:"to" doc:"RFC 3339, before this; to the last if left out"`
}

type clickList struct {
	Body struct {
		Items []overlay.Click `json:"items" doc:"Oldest first"`
		Next  string          `json:"next,omitempty" doc:"The cursor of the next page; missing on the last"`
	}
}

type clickCounts struct {
	Body struct {
		Clicks int64                `json:"clicks" doc:"Clicks of all products in items"`
		Items  []overlay.ClickCount `json:"items" doc:"One entry for each product, the most clicks first"`
	}
}

func (a *API) clicks(h huma.API) {
	tags := []string{"clicks"}
	operation(a, h, huma.Operation{OperationID: "list-clicks", Method: http.MethodGet, Path: "/api/v1/shows/{show}/clicks",
		Summary: "List the clicks of a show: viewers' ways to the shop", Tags: tags, Errors: []int{404, 422},
		Description: "A click is made by `/go/SHOW/PRODUCT`; its id stood in the product's link for `{click}`. A viewer who clicks the same product, or the same variant, again within ten seconds makes one click, with one id. " +
			"A click is in the list within a second. The configuration (`clicks`) says how long clicks are kept, and how many. Counts stay."}, a.listClicks)
	operation(a, h, huma.Operation{OperationID: "count-clicks", Method: http.MethodGet, Path: "/api/v1/shows/{show}/clicks/count",
		Summary: "Count the clicks of a show by product", Tags: tags, Errors: []int{404, 422},
		Description: "Without a time range, the counts include clicks that are no longer in the list."}, a.countClicks)
}

// clickRange reads what a request picks. A product that is gone is still found
// by its id.
func (a *API) clickRange(ctx context.Context, in ClickRange) (store.ClickRange, error) {
	r := store.ClickRange{Show: in.Show, Product: in.Product, From: in.From, To: in.To}
	if _, err := a.as(ctx).GetShow(ctx, in.Show); err != nil {
		return r, err
	}
	if in.Product == "" || overlay.ValidID(in.Product) {
		return r, nil
	}
	p, err := a.as(ctx).GetProduct(ctx, in.Product)
	r.Product = p.ID
	return r, err
}

func (a *API) listClicks(ctx context.Context, in *struct {
	ClickRange
	Paging
}) (*clickList, error) {
	r, err := a.clickRange(ctx, in.ClickRange)
	if err != nil {
		return nil, err
	}
	items, err := a.as(ctx).Clicks(ctx, r, in.Cursor, in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := &clickList{}
	out.Body.Items, out.Body.Next = cut(items, in.Limit, func(c overlay.Click) string { return c.ID })
	return out, nil
}

func (a *API) countClicks(ctx context.Context, in *struct{ ClickRange }) (*clickCounts, error) {
	r, err := a.clickRange(ctx, in.ClickRange)
	if err != nil {
		return nil, err
	}
	out := &clickCounts{}
	counts, err := a.as(ctx).CountClicks(ctx, r)
	if err != nil {
		return nil, err
	}
	out.Body.Items = append([]overlay.ClickCount{}, counts...)
	for _, c := range counts {
		out.Body.Clicks += c.Clicks
	}
	return out, nil
}
