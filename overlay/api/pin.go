package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mediad/overlay"
)

type pinBody struct {
	ID      string        `json:"id"`
	Product PricedProduct `json:"product"`
	At      time.Time     `json:"at"`
}

type pinList struct {
	Body struct {
		Items []pinBody `json:"items" doc:"Oldest first"`
	}
}

func (a *API) pins(h huma.API) {
	tags := []string{"pins"}
	operation(a, h, huma.Operation{OperationID: "pin", Method: http.MethodPost, Path: "/api/v1/rooms/{room}/pins",
		Summary: "Pin a product over the picture", Tags: tags, DefaultStatus: http.StatusCreated, Errors: []int{404, 409, 422, 503},
		Responses: scheduledResponse(),
		Description: "Answers as create-cue does; the id is that of the cue and of the pin. Three are shown at once: one more takes down the oldest. " +
			"Set before air, it opens the show."}, a.pin)
	operation(a, h, huma.Operation{OperationID: "list-pins", Method: http.MethodGet, Path: "/api/v1/rooms/{room}/pins",
		Summary: "List what is pinned", Tags: tags, Errors: []int{404}}, a.listPins)
	operation(a, h, huma.Operation{OperationID: "unpin", Method: http.MethodDelete, Path: "/api/v1/rooms/{room}/pins/{id}",
		Summary: "Unpin a product, by the pin's or the product's id", Tags: tags, DefaultStatus: http.StatusCreated,
		Errors: []int{404, 409, 422, 503}, Responses: scheduledResponse(), Description: "Taking a product down makes a cue (product.unpin), so the answers are those of create-cue: now 201, later 202."}, a.unpin)
}

func (a *API) pin(ctx context.Context, in *struct {
	InRoom
	Once
	Body struct {
		Product string `json:"product" doc:"Id or SKU"`
		At      moment `json:"at,omitempty"`
	}
	RawBody []byte
}) (*cueAnswer, error) {
	at, err := in.Body.At.at()
	if err != nil {
		return nil, err
	}
	room, err := a.as(ctx).Room(ctx, in.Room)
	if err != nil {
		return nil, err
	}
	product, err := a.mineIn(ctx, room.Org, in.Body.Product)
	if err != nil {
		return nil, err
	}
	info, err := a.inTurn(ctx, in.Room, func() (overlay.CueInfo, error) { return a.as(ctx).Pin(ctx, in.Room, product, at, in.with(in.RawBody)) })
	if err != nil {
		return nil, err
	}
	return a.made(ctx, info)
}

func (a *API) unpin(ctx context.Context, in *struct {
	InRoomByID
	Body *struct {
		At moment `json:"at,omitempty"`
	}
}) (*cueAnswer, error) {
	var at overlay.At
	if in.Body != nil {
		var err error
		if at, err = in.Body.At.at(); err != nil {
			return nil, err
		}
	}
	id := in.ID
	if own, err := a.mine(ctx, id); err == nil {
		id = own // another organisation may have the same SKU
	}
	info, err := a.inTurn(ctx, in.Room, func() (overlay.CueInfo, error) { return a.as(ctx).Unpin(ctx, in.Room, id, at) })
	if err != nil {
		return nil, err
	}
	return a.made(ctx, info)
}

func (a *API) listPins(ctx context.Context, in *InRoom) (*pinList, error) {
	out := &pinList{}
	out.Body.Items = []pinBody{}
	show, err := a.as(ctx).OpenShow(ctx, in.Room)
	if err != nil || show == nil {
		return out, err
	}
	_, pins, err := a.as(ctx).ShowNow(ctx, show.ID)
	for _, p := range pins {
		out.Body.Items = append(out.Body.Items, pinBody{ID: p.ID, Product: priced(p.Product), At: p.At})
	}
	return out, err
}
