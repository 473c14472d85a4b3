package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"mediad/overlay"
)

// InAllocation is the part of a request that names an allocation.
type InAllocation struct {
	InShow
	Allocation string `path:"allocation" doc:"The allocation's id"`
}

type allocationAnswer struct {
	Location string `header:"Location"`
	Body     overlay.Allocation
}

type allocationList struct {
	Body struct {
		Items []overlay.Allocation `json:"items"`
		Next  string               `json:"next,omitempty" doc:"The cursor of the next page; missing on the last"`
	}
}

func (a *API) allocations(h huma.API) {
	tags := []string{"orders"}
	const path = "/api/v1/shows/{show}/allocations"
	operation(a, h, huma.Operation{OperationID: "list-allocations", Method: http.MethodGet, Path: path,
		Summary: "List the units that are given to a show", Tags: tags, Errors: []int{404, 422}}, a.listAllocations)
	operation(a, h, huma.Operation{OperationID: "create-allocation", Method: http.MethodPost, Path: path,
		Summary: "Give units of a product, or of a variant, to a show", Tags: tags, DefaultStatus: http.StatusCreated, Errors: []int{404, 409, 422, 503},
		Description: "When they are used up, the product is sold out on every card of the show. What the shop sells elsewhere is not among them."}, a.createAllocation)
	operation(a, h, huma.Operation{OperationID: "get-allocation", Method: http.MethodGet, Path: path + "/{allocation}",
		Summary: "Read how many units of something a show has", Tags: tags, Errors: []int{404}}, func(ctx context.Context, in *InAllocation) (*allocationAnswer, error) {
		found, err := a.as(ctx).Allocation(ctx, in.Show, in.Allocation)
		return &allocationAnswer{Body: found}, err
	})
	operation(a, h, huma.Operation{OperationID: "change-allocation", Method: http.MethodPatch, Path: path + "/{allocation}",
		Summary: "Change how many units are given to a show", Tags: tags, Errors: []int{400, 404, 409, 422, 503},
		Description: "Never below those that are held or sold. Orders that were paid when none was left get what is free now, the oldest first."}, a.changeAllocation)
	operation(a, h, huma.Operation{OperationID: "delete-allocation", Method: http.MethodDelete, Path: path + "/{allocation}",
		Summary: "Take an allocation away of which nothing is held or sold", Tags: tags, DefaultStatus: http.StatusNoContent, Errors: []int{404, 409, 503}}, func(ctx context.Context, in *InAllocation) (*struct{}, error) {
		return nil, a.as(ctx).DeleteAllocation(ctx, in.Show, in.Allocation)
	})
}

func (a *API) listAllocations(ctx context.Context, in *struct {
	InShow
	Paging
}) (*allocationList, error) {
	all, err := a.as(ctx).Allocations(ctx, in.Show, in.Cursor, in.Limit+1)
	out := &allocationList{}
	out.Body.Items, out.Body.Next = cut(all, in.Limit, func(a overlay.Allocation) string { return a.ID })
	return out, err
}

func (a *API) createAllocation(ctx context.Context, in *struct {
	InShow
	Once
	Body struct {
		Product string `json:"product" doc:"Id or SKU"`
		Variant string `json:"variant,omitempty" doc:"Id of a variant; left out: the product, and those of its variants that have no allocation of their own"`
		Total   int64  `json:"total" doc:"Units, from 1 to 1,000,000"`
	}
	RawBody []byte
}) (*allocationAnswer, error) {
	b := in.Body
	made, err := a.as(ctx).CreateAllocation(ctx, overlay.Allocation{Show: in.Show, Product: b.Product, Variant: b.Variant, Total: b.Total}, in.with(in.RawBody))
	return &allocationAnswer{Location: a.o.Base + "/api/v1/shows/" + in.Show + "/allocations/" + made.ID, Body: made}, err
}

func (a *API) changeAllocation(ctx context.Context, in *struct {
	InAllocation
	Body struct {
		Total *int64 `json:"total,omitempty" doc:"Units, up to 1,000,000"`
		Rev   int64  `json:"rev,omitempty" doc:"The revision that the change was made on; with any other the answer is 409"`
	}
	RawBody []byte
}) (*allocationAnswer, error) {
	if err := cleared(in.RawBody, nil); err != nil {
		return nil, err
	}
	after, err := a.as(ctx).ChangeAllocation(ctx, in.Show, in.Allocation, in.Body.Total, in.Body.Rev)
	return &allocationAnswer{Body: after}, err
}
