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
			"Where the product has a line in the show's line-up, that is the present one from then on: next goes on from there. " +
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
		Product string  `json:"product" doc:"Id or SKU"`
		At      moment  `json:"at,omitempty"`
		Line    *string `json:"line,omitempty" doc:"The product of the line that is the present one from then on, an empty text for none. It undoes a mistake of now, so it goes without at. Left out: the pinned product's own line, if it has one"`
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
	if err := lineOnlyNow(at, in.Body.Line); err != nil {
		return nil, err
	}
	info, err := a.inTurn(ctx, in.Room, func() (overlay.CueInfo, error) {
		if in.Body.Line != nil {
			return a.as(ctx).Repin(ctx, in.Room, product, *in.Body.Line, in.with(in.RawBody))
		}
		return a.as(ctx).Pin(ctx, in.Room, product, at, in.with(in.RawBody))
	})
	if err != nil {
		return nil, err
	}
	return a.made(ctx, info)
}

func (a *API) unpin(ctx context.Context, in *struct {
	InRoomByID
	Body *struct {
		At   moment  `json:"at,omitempty"`
		Line *string `json:"line,omitempty" doc:"The product of the line that is the present one from then on, an empty text for none; it goes without at. Left out: the line stays"`
	}
}) (*cueAnswer, error) {
	var at overlay.At
	var line *string
	if in.Body != nil {
		var err error
		if at, err = in.Body.At.at(); err != nil {
			return nil, err
		}
		if line = in.Body.Line; lineOnlyNow(at, line) != nil {
			return nil, lineOnlyNow(at, line)
		}
	}
	id := in.ID
	if own, err := a.mine(ctx, id); err == nil {
		id = own // another organisation may have the same SKU
	}
	info, err := a.inTurn(ctx, in.Room, func() (overlay.CueInfo, error) {
		if line != nil {
			return a.as(ctx).TakeBack(ctx, in.Room, id, *line)
		}
		return a.as(ctx).Unpin(ctx, in.Room, id, at)
	})
	if err != nil {
		return nil, err
	}
	return a.made(ctx, info)
}

// lineOnlyNow refuses a line together with a moment: what takes a mistake back does not wait.
func lineOnlyNow(at overlay.At, line *string) error {
	if line != nil && at.Form != overlay.AtNow {
		return overlay.Errorf(overlay.Invalid, "line: cannot be sent together with at")
	}
	return nil
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
