package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mediad/overlay"
)

type rosterAnswer struct{ Body overlay.Roster }

// InTurn is the path of a host of a show.
type InTurn struct {
	InShow
	InHost
}

func (a *API) showHosts(h huma.API) {
	tags := []string{"orders"}
	const path = "/api/v1/shows/{show}/hosts"
	operation(a, h, huma.Operation{OperationID: "list-show-hosts", Method: http.MethodGet, Path: path, Tags: tags, Errors: []int{404},
		Summary: "Who presents a show, and when"}, func(ctx context.Context, in *InShow) (*rosterAnswer, error) {
		r, err := a.as(ctx).Roster(ctx, in.Show)
		return &rosterAnswer{r}, err
	})
	operation(a, h, huma.Operation{OperationID: "set-show-hosts", Method: http.MethodPut, Path: path, Tags: tags, Errors: []int{400, 404, 422, 503},
		Summary: "Say who may present a show, and correct who did when", Description: "With turns, what was sold follows them: an order is of the host who presented at the moment of the picture of its click. What another host has of it is taken back there, in lines of today, so statements of months that are over stay."}, a.setShowHosts)
	operation(a, h, huma.Operation{OperationID: "present-host", Method: http.MethodPost, Path: path + "/{host}/present", Tags: tags, DefaultStatus: http.StatusOK, Errors: []int{404, 409, 422, 503},
		Summary: "Hand a show over to a host of its roster", Description: "From this moment of the picture on they present. Before a show is on air it says who begins. For who presents already nothing changes."}, func(ctx context.Context, in *InTurn) (*rosterAnswer, error) {
		r, err := a.as(ctx).Present(ctx, in.Show, in.Host)
		return &rosterAnswer{r}, err
	})
	operation(a, h, huma.Operation{OperationID: "take-back-host", Method: http.MethodDelete, Path: path + "/{host}/present", Tags: tags, DefaultStatus: http.StatusOK, Errors: []int{404, 409, 503},
		Summary: "Take the last hand-over back", Description: "Within a minute of it. Later the times can be set."}, func(ctx context.Context, in *InTurn) (*rosterAnswer, error) {
		r, err := a.as(ctx).TakeBackTurn(ctx, in.Show, in.Host)
		return &rosterAnswer{r}, err
	})
}

func (a *API) setShowHosts(ctx context.Context, in *struct {
	InShow
	Body struct {
		Hosts []string `json:"hosts" maxItems:"50" doc:"Ids, in the order in which they take turns"`
		Turns *[]struct {
			Host string     `json:"host" doc:"Id; empty: nobody who gets a share"`
			From *time.Time `json:"from,omitempty" doc:"The moment of the picture; left out: from the show's beginning"`
		} `json:"turns,omitempty" doc:"Left out: they stay as they are"`
	}
	RawBody []byte
}) (*rosterAnswer, error) {
	if err := cleared(in.RawBody, nil); err != nil {
		return nil, err
	}
	var turns []overlay.TurnAt
	if in.Body.Turns != nil {
		turns = []overlay.TurnAt{}
		for _, t := range *in.Body.Turns {
			turn := overlay.TurnAt{Host: t.Host}
			if t.From != nil {
				turn.From = *t.From
			}
			turns = append(turns, turn)
		}
	}
	r, err := a.as(ctx).SetRoster(ctx, in.Show, in.Body.Hosts, turns)
	return &rosterAnswer{r}, err
}
