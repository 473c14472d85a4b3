package api

import (
	"context"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"mediad/overlay"
)

// pastEvent is an event of a show as its list has it.
type pastEvent struct {
	ID string `json:"id" doc:"Its place in the show's log, as the id of the event when hosts follow the room"`
	EventBody
}

type pastList struct {
	Body struct {
		Items []pastEvent `json:"items" doc:"The latest first"`
		Next  string      `json:"next,omitempty" doc:"The cursor of the next page; missing on the last"`
	}
}

// past lists what happened in a show: who opens a dock, or comes back to one, reads what was
// done before.
func (a *API) past(h huma.API) {
	operation(a, h, huma.Operation{OperationID: "show-events", Method: http.MethodGet, Path: "/api/v1/shows/{show}/events",
		Summary: "List the events of a show that hosts may see", Tags: []string{"shows"}, Errors: []int{404, 422},
		Description: "Newest first, each as it was told to those who followed the room then, with `by`. Resume the room's events behind the greatest `id` and nothing is missing. What never enters a log is not here: `health`, `publisher`, `products`."}, a.pastEvents)
}

func (a *API) pastEvents(ctx context.Context, in *struct {
	InShow
	Paging
}) (*pastList, error) {
	before, _, err := lastID(in.Cursor, "")
	if err != nil {
		return nil, overlay.Errorf(overlay.Invalid, "cursor: is not valid; use the value next of the page before")
	}
	events, err := a.as(ctx).HostsBefore(ctx, in.Show, before, in.Limit+1)
	if err != nil {
		return nil, err
	}
	id := func(e overlay.Event) string { return strconv.FormatUint(e.Pos, 10) }
	out := &pastList{}
	events, out.Body.Next = cut(events, in.Limit, id)
	out.Body.Items = make([]pastEvent, len(events))
	for i, e := range events {
		out.Body.Items[i] = pastEvent{id(e), bodyOf(e)}
	}
	return out, nil
}
