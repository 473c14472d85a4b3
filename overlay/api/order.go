package api

import (
	"context"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"mediad/overlay"
)

// placed is the answer to a change of the order alone.
type placed struct {
	ETag string `header:"ETag"`
	Body struct {
		Rev  int64  `json:"rev" doc:"Of the line-up, after the change"`
		Line string `json:"line,omitempty" doc:"The product that next or previous pinned last"`
	}
}

func (a *API) places(h huma.API) {
	tags := []string{"line-ups"}
	operation(a, h, huma.Operation{OperationID: "place-line", Method: http.MethodPut, Path: "/api/v1/shows/{show}/lineup/{product}/place",
		Summary: "Put a product at a place of the line-up", Tags: tags, Errors: []int{404, 409, 422, 503},
		Description: "Moves its line, or adds one at the catalogue's price. Without after it comes next: behind the present line (line of the line-up)."}, a.placeLine)
	operation(a, h, huma.Operation{OperationID: "remove-line", Method: http.MethodDelete, Path: "/api/v1/shows/{show}/lineup/{product}",
		Summary: "Take a product out of the line-up", Tags: tags, Errors: []int{404, 409, 422, 503},
		Description: "If it was the present line, next goes on with what followed it. What is pinned stays."}, a.removeLine)
}

func (a *API) placeLine(ctx context.Context, in *struct {
	InShow
	Product string `path:"product" doc:"Id or SKU"`
	IfMatch string `header:"If-Match" doc:"As rev"`
	Body    struct {
		Rev   *int64  `json:"rev,omitempty" doc:"The revision of the line-up that the place was chosen on; with any other the answer is 409"`
		After *string `json:"after,omitempty" doc:"The product (id or SKU) behind whose line it goes; an empty text: to the beginning; left out: behind the present line, so that it comes next"`
	}
}) (*placed, error) {
	to := overlay.Place{Rev: in.Body.Rev, After: in.Body.After}
	if err := ifMatch("line-up", in.IfMatch, &to.Rev); err != nil {
		return nil, err
	}
	show, err := a.as(ctx).GetShow(ctx, in.Show)
	if err != nil {
		return nil, err
	}
	product, err := a.mineIn(ctx, show.Org, in.Product)
	if err != nil {
		return nil, err
	}
	return placedIn(a.as(ctx).PlaceLine(ctx, in.Show, product, to))
}

func (a *API) removeLine(ctx context.Context, in *struct {
	InShow
	Product string `path:"product" doc:"Id or SKU"`
	IfMatch string `header:"If-Match" doc:"The rev of the line-up; with any other the answer is 409"`
}) (*placed, error) {
	var rev *int64
	if err := ifMatch("line-up", in.IfMatch, &rev); err != nil {
		return nil, err
	}
	return placedIn(a.as(ctx).RemoveLine(ctx, in.Show, in.Product, rev))
}

func placedIn(l overlay.Lineup, err error) (*placed, error) {
	out := &placed{ETag: `"` + strconv.FormatInt(l.Rev, 10) + `"`}
	out.Body.Rev, out.Body.Line = l.Rev, l.Line
	return out, err
}
