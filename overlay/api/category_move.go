package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"mediad/overlay/store"
)

func (a *API) categoryMoves(h huma.API) {
	operation(a, h, huma.Operation{OperationID: "move-category", Method: http.MethodPost, Path: "/api/v1/categories/{category}/move",
		Summary: "Give a category another name, or join it with another one", Tags: []string{"products"}, Errors: []int{404, 422, 503},
		Description: "Its products, and those below it, get the new path in its place, or no category at all. One request moves some hundred of them: send it again while `left` is not 0. Then the old category is gone, and those below it stand below the new one."},
		func(ctx context.Context, in *struct {
			InCategory
			Body struct {
				To string `json:"to" doc:"The new path; empty: the products have no category any more" example:"Food > Fruit"`
			}
		}) (*struct{ Body store.CategoryMove }, error) {
			done, err := a.as(ctx).MoveCategory(ctx, in.Category, in.Body.To)
			return &struct{ Body store.CategoryMove }{done}, err
		})
}
