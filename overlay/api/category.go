package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"mediad/overlay"
)

// InCategory is the path of a category.
type InCategory struct {
	Category string `path:"category" doc:"The category's id"`
}

type categoryAnswer struct {
	Location string `header:"Location"`
	Body     overlay.Category
}

type categoryList struct {
	Body struct {
		Items []overlay.Category `json:"items" doc:"In the order of their paths"`
		Next  string             `json:"next,omitempty" doc:"The cursor of the next page; missing on the last"`
	}
}

func (a *API) categories(h huma.API) {
	tags := []string{"products"}
	operation(a, h, huma.Operation{OperationID: "list-categories", Method: http.MethodGet, Path: "/api/v1/categories",
		Summary: "List the categories of products", Tags: tags, Errors: []int{404, 422},
		Description: "Those that products have, and those that somebody made. Capitals and accents make no other category."}, a.listCategories)
	operation(a, h, huma.Operation{OperationID: "create-category", Method: http.MethodPost, Path: "/api/v1/categories",
		Summary: "Add a category", Tags: tags, DefaultStatus: http.StatusCreated, Errors: []int{404, 409, 422, 503},
		Description: "A product with a new category makes it, too."}, a.createCategory)
	operation(a, h, huma.Operation{OperationID: "get-category", Method: http.MethodGet, Path: "/api/v1/categories/{category}",
		Summary: "Read a category", Tags: tags, Errors: []int{404}}, func(ctx context.Context, in *InCategory) (*categoryAnswer, error) {
		c, err := a.as(ctx).Category(ctx, in.Category)
		return &categoryAnswer{Body: c}, err
	})
	operation(a, h, huma.Operation{OperationID: "delete-category", Method: http.MethodDelete, Path: "/api/v1/categories/{category}",
		Summary: "Delete a category without products, and those below it", Tags: tags, DefaultStatus: http.StatusNoContent, Errors: []int{404, 409, 503}},
		func(ctx context.Context, in *InCategory) (*struct{}, error) {
			return nil, a.as(ctx).DeleteCategory(ctx, in.Category)
		})
	a.categoryMoves(h)
}

func (a *API) listCategories(ctx context.Context, in *struct {
	Org string `query:"org" doc:"Of this organisation alone"`
	Paging
}) (*categoryList, error) {
	scope, err := a.scopeOf(ctx, overlay.Read, in.Org)
	if err != nil {
		return nil, err
	}
	items, next, err := a.as(ctx).Categories(ctx, scope, in.Cursor, in.Limit)
	out := &categoryList{}
	out.Body.Items, out.Body.Next = append([]overlay.Category{}, items...), next
	return out, err
}

func (a *API) createCategory(ctx context.Context, in *struct {
	Once
	Body struct {
		Org  string `json:"org,omitempty" doc:"Your own organisation if left out"`
		Path string `json:"path" doc:"The names from the root to the leaf, at most 8; those above it are made too" example:"Food > Fruit"`
	}
	RawBody []byte
}) (*categoryAnswer, error) {
	org, err := a.placeFor(ctx, overlay.Goods, in.Body.Org)
	if err != nil {
		return nil, err
	}
	c, err := a.as(ctx).CreateCategory(ctx, org, in.Body.Path, in.with(in.RawBody))
	return &categoryAnswer{Location: a.o.Base + "/api/v1/categories/" + c.ID, Body: c}, err
}
