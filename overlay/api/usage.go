package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"mediad/overlay"
)

// usageBody is what the rooms of organisations keep in the store.
type usageBody struct {
	Retention string       `json:"retention" doc:"How long shows are kept whose room and show say nothing"`
	Items     []StoredRoom `json:"items" doc:"By room. A room of which nothing is stored has zeros"`
	Next      string       `json:"next,omitempty" doc:"The cursor of the next page; missing on the last"`
}

func (a *API) usage(h huma.API) {
	if a.o.Media == nil {
		return
	}
	operation(a, h, huma.Operation{OperationID: "usage", Method: http.MethodGet, Path: "/api/v1/usage",
		Summary: "What is stored of each room", Tags: []string{"rooms"}, Errors: []int{404}}, a.listUsage)
}

func (a *API) listUsage(ctx context.Context, in *struct {
	Paging
	Org string `query:"org" doc:"Only rooms of this organisation and of those below it"`
}) (*struct{ Body usageBody }, error) {
	rooms, err := a.as(ctx).ListRooms(ctx, overlay.Figures, in.Org, "", in.Cursor, in.Limit+1)
	if err != nil {
		return nil, err
	}
	stored, err := a.o.Media.Rooms(ctx)
	if err != nil {
		return nil, err
	}
	by := map[string]StoredRoom{}
	for _, s := range stored {
		by[s.Room] = s
	}
	out := &struct{ Body usageBody }{usageBody{Retention: a.o.Media.Retention().String()}}
	rooms, out.Body.Next = cut(rooms, in.Limit, func(r overlay.Room) string { return r.Slug })
	out.Body.Items = make([]StoredRoom, len(rooms))
	for i, r := range rooms {
		out.Body.Items[i] = by[r.Slug]
		out.Body.Items[i].Room, out.Body.Items[i].Title = r.Slug, r.Title
	}
	return out, nil
}
