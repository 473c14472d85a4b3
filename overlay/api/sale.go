package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mediad/overlay"
	"mediad/overlay/store"
)

// InOrder is the path of an order.
type InOrder struct {
	Order string `path:"order" doc:"The order's id"`
}

// OrderFilter is the part of a request that picks orders.
type OrderFilter struct {
	Org         string             `query:"org" doc:"Of shops of this organisation alone; left out: of all organisations in which you may see orders"`
	Shop        string             `query:"shop" doc:"Of this shop alone"`
	Show        string             `query:"show" doc:"From this show alone"`
	State       overlay.OrderState `query:"state" doc:"In this state alone"`
	Name        string             `query:"q" maxLength:"100" doc:"Those alone whose number in the shop has this text in it, in capitals or not"`
	From        time.Time          `query:"from" doc:"Paid at this time or later; of an order that is not paid the time counts at which the shop told of it first"`
	Until       time.Time          `query:"until" doc:"Paid before this time"`
	Unmatched   bool               `query:"unmatched" doc:"true: those alone that came from no show that is known, and of which nobody has said that they came from none"`
	Unallocated bool               `query:"unallocated" doc:"true: those alone that were paid when the show had no units left"`
}

type orderList struct {
	Body struct {
		Items []overlay.ListedOrder `json:"items" doc:"By the time of payment, or else the time at which the shop told of it first; the newest first"`
		Next  string                `json:"next,omitempty" doc:"The cursor of the next page; missing on the last"`
	}
}

type orderAnswer struct{ Body overlay.Order }

func (a *API) sales(h huma.API) {
	tags := []string{"orders"}
	const path = "/api/v1/orders"
	operation(a, h, huma.Operation{OperationID: "list-orders", Method: http.MethodGet, Path: path,
		Summary: "List the orders that shops have told of", Tags: tags, Errors: []int{404, 422},
		Description: "An order is the sum of what its shop told of it, in any order and however often. Amounts are in minor units of its currency."}, a.listOrders)
	operation(a, h, huma.Operation{OperationID: "get-order", Method: http.MethodGet, Path: path + "/{order}",
		Summary: "Read an order, with its lines and all that the shop told of it", Tags: tags, Errors: []int{404}}, func(ctx context.Context, in *InOrder) (*struct{ Body overlay.OrderStory }, error) {
		o, err := a.as(ctx).Order(ctx, in.Order)
		return &struct{ Body overlay.OrderStory }{o}, err
	})
	operation(a, h, huma.Operation{OperationID: "match-order", Method: http.MethodPut, Path: path + "/{order}/show",
		Summary: "Say which show an order came from", Tags: tags, Errors: []int{404, 422, 503},
		Description: "For orders whose click is not known. What the shop tells later does not change it."}, a.matchOrder)
	operation(a, h, huma.Operation{OperationID: "unmatch-order", Method: http.MethodDelete, Path: path + "/{order}/show",
		Summary: "Take back what was said of where an order came from", Tags: tags, Errors: []int{404, 503},
		Description: "Its click decides again; without one it is among those that came from no show that is known."}, func(ctx context.Context, in *InOrder) (*orderAnswer, error) {
		o, err := a.as(ctx).UnmatchOrder(ctx, in.Order)
		return &orderAnswer{Body: o}, err
	})
	operation(a, h, huma.Operation{OperationID: "erase-buyer", Method: http.MethodDelete, Path: path + "/{order}/buyer",
		Summary: "Erase the buyer of an order", Tags: tags, Errors: []int{404, 503},
		Description: "Of this order, and of all orders of the same buyer in its organisation. Orders and their money stay, so no sum changes; in reports each of them is of a buyer who is not known. It cannot be taken back, and what the shop tells later does not bring the buyer back."}, a.eraseBuyer)
	a.saleExport(h)
	a.saleImport(h)
}

func (a *API) orders(ctx context.Context, f OrderFilter) (store.Orders, error) {
	scope, err := a.scopeOf(ctx, overlay.Figures, f.Org)
	return store.Orders{In: scope, Shop: f.Shop, Show: f.Show, State: f.State, Name: strings.TrimSpace(f.Name), From: f.From, Until: f.Until, Unmatched: f.Unmatched, Unallocated: f.Unallocated}, err
}

func (a *API) listOrders(ctx context.Context, in *struct {
	OrderFilter
	Paging
}) (*orderList, error) {
	q, err := a.orders(ctx, in.OrderFilter)
	if err != nil {
		return nil, err
	}
	all, err := a.as(ctx).ListOrders(ctx, q, in.Cursor, in.Limit+1)
	out := &orderList{}
	out.Body.Items, out.Body.Next = cut(all, in.Limit, func(o overlay.ListedOrder) string { return store.OrderCursor(o.Order) })
	return out, err
}

func (a *API) matchOrder(ctx context.Context, in *struct {
	InOrder
	Body struct {
		Show *string `json:"show" nullable:"true" doc:"null: from no show"`
	}
}) (*orderAnswer, error) {
	show := ""
	if in.Body.Show != nil {
		show = *in.Body.Show
	}
	o, err := a.as(ctx).MatchOrder(ctx, in.Order, show)
	return &orderAnswer{Body: o}, err
}

type erasedAnswer struct {
	Body struct {
		Orders int64 `json:"orders" doc:"How many orders were of this buyer"`
	}
}

func (a *API) eraseBuyer(ctx context.Context, in *InOrder) (*erasedAnswer, error) {
	out := &erasedAnswer{}
	var err error
	out.Body.Orders, err = a.as(ctx).EraseBuyer(ctx, in.Order)
	return out, err
}
