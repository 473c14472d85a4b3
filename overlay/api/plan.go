package api

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mediad/overlay"
	"mediad/overlay/store"
)

// plans adds the routes of shows that are planned ahead.
func (a *API) plans(h huma.API) {
	tags := []string{"shows"}
	operation(a, h, huma.Operation{OperationID: "plan-show", Method: http.MethodPost, Path: "/api/v1/shows",
		Summary: "Plan a show ahead", Tags: tags, DefaultStatus: http.StatusCreated, Errors: []int{404, 409, 422, 503},
		Description: fmt.Sprintf("A room may have several planned shows. A broadcast that begins continues the show that is on air or paused. Otherwise it takes the planned show whose time is nearest, "+
			"if the broadcast begins from %d hours before that time to %d hours after it; else the first show that was planned without a time; else it begins a new one. "+
			"Pins and cues set before air go to the show that a broadcast would take at that moment.", int(overlay.PlannedEarly.Hours()), int(overlay.PlannedLate.Hours()))}, a.planShow)
	operation(a, h, huma.Operation{OperationID: "find-shows", Method: http.MethodGet, Path: "/api/v1/shows",
		Summary: "List the shows of a room or of all, newest first", Tags: tags, Errors: []int{404, 422}}, a.findShows)
}

type planAnswer struct {
	Location string `header:"Location"`
	Body     storedShow
}

func (a *API) planShow(ctx context.Context, in *struct {
	Once
	Body struct {
		Room      string    `json:"room" doc:"The room's name in addresses"`
		Title     string    `json:"title,omitempty" doc:"At most 150 characters of plain text; that of the room if left out"`
		Starts    time.Time `json:"starts_at,omitempty" doc:"When it is to begin"`
		Timezone  string    `json:"timezone,omitempty" doc:"The time zone in which that is told to people: an IANA name" example:"Asia/Shanghai"`
		Picture   string    `json:"picture,omitempty" doc:"http or https address, or a path on this server"`
		Rehearsal bool      `json:"rehearsal,omitempty" doc:"It is private, and its figures do not count"`
	}
	RawBody []byte
}) (*planAnswer, error) {
	b := &in.Body
	if err := a.mayInRoom(ctx, overlay.Run, b.Room); err != nil {
		return nil, err
	}
	plan := overlay.Plan{Title: b.Title, Starts: &b.Starts, Timezone: &b.Timezone, Picture: &b.Picture, Rehearsal: &b.Rehearsal}
	show, err := a.as(ctx).PlanShow(ctx, b.Room, plan, in.with(in.RawBody))
	out, err := a.answerShow(ctx, show, err)
	if err != nil {
		return nil, err
	}
	return &planAnswer{a.o.Base + "/api/v1/shows/" + show.ID, out.Body}, nil
}

func (a *API) findShows(ctx context.Context, in *struct {
	Room  string            `query:"room" doc:"Only those of this room"`
	Org   string            `query:"org" doc:"Only those of this organisation and of those below it"`
	State overlay.ShowState `query:"state" enum:"planned,live,paused,ended" doc:"Only those in this state"`
	Paging
}) (*showList, error) {
	if in.Room != "" {
		if err := a.mayInRoom(ctx, overlay.Read, in.Room); err != nil {
			return nil, err
		}
	}
	shows, err := a.as(ctx).FindShows(ctx, store.Shows{Room: in.Room, Org: in.Org, State: in.State}, in.Cursor, in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := &showList{}
	shows, out.Body.Next = cut(shows, in.Limit, func(s overlay.Show) string { return s.ID })
	out.Body.Items = make([]storedShow, len(shows))
	rooms := map[string]overlay.Room{}
	for i, show := range shows {
		room, known := rooms[show.Room]
		if !known {
			if room, err = a.as(ctx).Room(ctx, show.Room); err != nil {
				return nil, err
			}
			rooms[show.Room] = room
		}
		if out.Body.Items[i], err = a.storedShow(ctx, room, show); err != nil {
			return nil, err
		}
	}
	return out, nil
}
