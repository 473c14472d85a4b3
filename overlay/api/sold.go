package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"mediad/overlay"
)

type salesAnswer struct{ Body overlay.ShowSales }

func (a *API) sold(h huma.API) {
	operation(a, h, huma.Operation{OperationID: "show-sales", Method: http.MethodGet, Path: "/api/v1/shows/{show}/sales", Tags: []string{"orders"},
		Summary: "What a show has sold so far", Errors: []int{404, 409},
		Description: "For pages that look again and again while a show is on, as the dock does every few seconds: many may ask, the database is read once for all of them. Orders and money are those of the report's total, of all shops; " +
			"amounts are in minor units of their currency. It goes on over the broadcasts and midnights of a show."}, a.showSales)
}

func (a *API) showSales(ctx context.Context, in *InShow) (*salesAnswer, error) {
	if err := a.as(ctx).MayFigures(ctx, in.Show); err != nil {
		return nil, err
	}
	s, err := a.o.Sales.Sales(ctx, in.Show)
	return &salesAnswer{s}, err
}
