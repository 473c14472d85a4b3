package api

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"mediad/overlay"
	"mediad/overlay/clicks"
	"mediad/overlay/store"
)

// How many votes come from one network: all viewers of a town may share an address, and
// they vote at the same moment.
const (
	votesAtOnce = 300
	voteEvery   = 10 * time.Millisecond
)

// InPoll is the part of a request that names a poll.
type InPoll struct {
	InShow
	Poll string `path:"poll" doc:"The poll's id"`
}

type pollAnswer struct {
	Location string `header:"Location"`
	Body     overlay.Poll
}

type pollList struct {
	Body struct {
		Items []overlay.Poll `json:"items" doc:"In the order in which they were prepared"`
		Next  string         `json:"next,omitempty" doc:"The cursor of the next page; missing on the last"`
	}
}

type voteAnswer struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		overlay.PollCard
		Option int `json:"option" doc:"What the viewer chose"`
	}
}

func (a *API) polls(h huma.API) {
	tags := []string{"polls"}
	const path = "/api/v1/shows/{show}/polls"
	operation(a, h, huma.Operation{OperationID: "list-polls", Method: http.MethodGet, Path: path, Summary: "List the polls of a show", Tags: tags, Errors: []int{404, 422}}, func(ctx context.Context, in *struct {
		InShow
		Paging
	}) (*pollList, error) {
		all, err := a.as(ctx).Polls(ctx, in.Show, in.Cursor, in.Limit+1)
		out := &pollList{}
		out.Body.Items, out.Body.Next = cut(all, in.Limit, func(p overlay.Poll) string { return p.ID })
		return out, err
	})
	operation(a, h, huma.Operation{OperationID: "create-poll", Method: http.MethodPost, Path: path, Summary: "Prepare a poll, or open one at once", Tags: tags, DefaultStatus: http.StatusCreated, Errors: []int{404, 409, 422, 429, 503},
		Description: "One poll of a show is open at a time. A show has 50 polls at most."}, a.createPoll)
	operation(a, h, huma.Operation{OperationID: "get-poll", Method: http.MethodGet, Path: path + "/{poll}", Summary: "Read a poll, with its votes so far", Tags: tags, Errors: []int{404}}, func(ctx context.Context, in *InPoll) (*pollAnswer, error) {
		found, err := a.as(ctx).Poll(ctx, in.Show, in.Poll)
		return &pollAnswer{Body: found}, err
	})
	operation(a, h, huma.Operation{OperationID: "change-poll", Method: http.MethodPatch, Path: path + "/{poll}", Summary: "Change a poll that was not opened yet", Tags: tags, Errors: []int{400, 404, 409, 422, 503}}, a.changePoll)
	turn := func(id, deed, summary, description string, do func(s store.Acting, ctx context.Context, in *InPoll) (overlay.Poll, error)) {
		operation(a, h, huma.Operation{OperationID: id, Method: http.MethodPost, Path: path + "/{poll}/" + deed, Summary: summary, Description: description, Tags: tags, DefaultStatus: http.StatusOK, Errors: []int{404, 409, 429, 503}},
			func(ctx context.Context, in *InPoll) (*pollAnswer, error) {
				after, err := do(a.as(ctx), ctx, in)
				return &pollAnswer{Body: after}, err
			})
	}
	turn("open-poll", "open", "Open a poll: viewers vote", "One that was closed goes on with the votes that it has, as long as the show has not ended.", func(s store.Acting, ctx context.Context, in *InPoll) (overlay.Poll, error) {
		return s.OpenPoll(ctx, in.Show, in.Poll)
	})
	turn("close-poll", "close", "Close a poll: viewers see its result", "It also closes by itself at ends_at, and with the show.", func(s store.Acting, ctx context.Context, in *InPoll) (overlay.Poll, error) {
		return s.ClosePoll(ctx, in.Show, in.Poll)
	})
	operation(a, h, huma.Operation{OperationID: "delete-poll", Method: http.MethodDelete, Path: path + "/{poll}", Summary: "Delete a poll that is not open", Tags: tags, DefaultStatus: http.StatusNoContent, Errors: []int{404, 409, 503},
		Description: "It leaves lists and reports. What the picture told of it stays in the recording."}, func(ctx context.Context, in *InPoll) (*struct{}, error) {
		return nil, a.as(ctx).DeletePoll(ctx, in.Show, in.Poll)
	})
	operation(a, h, huma.Operation{OperationID: "export-polls", Method: http.MethodGet, Path: path + ".csv", Tags: tags, Errors: []int{404},
		Summary: "Download the polls as a table (CSV)", Description: "In UTF-8 with a byte order mark; a row for each option. Times are in UTC. A cell that a spreadsheet would take for a formula begins with an apostrophe.",
		Responses: map[string]*huma.Response{"200": {Description: "The table", Content: map[string]*huma.MediaType{"text/csv": {Schema: &huma.Schema{Type: huma.TypeString}}}}}}, a.exportPolls)
	register(a, h, huma.Operation{OperationID: "vote", Method: http.MethodPost, Path: "/c/{show}/polls/{poll}", Tags: []string{"viewers"}, DefaultStatus: http.StatusOK,
		Errors: []int{404, 409, 413, 422, 429, 503}, MaxBodyBytes: overlay.MaxVoteBody, Middlewares: huma.Middlewares{withRemote, withViewer},
		Summary: "Vote in the open poll of a show",
		Description: "The body is JSON, and may be sent as text/plain, so that pages of other sites need no preflight request: `{\"viewer\":\"8f3a61c07be4d215\",\"option\":1}`. viewer is the number that the page drew for its beacons, option the place of what was chosen, from 0. " +
			"Each viewer counts once, and may choose anew while the poll is open. The answer is there when the vote is on the disk. 409: the poll is closed."}, a.vote)
}

func (a *API) createPoll(ctx context.Context, in *struct {
	InShow
	Once
	Body struct {
		Question string   `json:"question" doc:"What viewers read, 1 to 120 characters"`
		Options  []string `json:"options" doc:"From 2 to 4, each of 1 to 40 characters"`
		Seconds  int      `json:"seconds,omitempty" doc:"For how long it is open, 10 to 3600; left out: until it is closed"`
		Hidden   bool     `json:"hidden,omitempty" doc:"true: viewers see the result when the poll is closed; left out: after their own vote"`
		Open     bool     `json:"open,omitempty" doc:"true: viewers vote at once"`
	}
	RawBody []byte
}) (*pollAnswer, error) {
	b := in.Body
	made, err := a.as(ctx).CreatePoll(ctx, overlay.Poll{Show: in.Show, Question: b.Question, Options: b.Options, Seconds: b.Seconds, Hidden: b.Hidden}, b.Open, in.with(in.RawBody))
	return &pollAnswer{Location: a.o.Base + "/api/v1/shows/" + in.Show + "/polls/" + made.ID, Body: made}, err
}

func (a *API) changePoll(ctx context.Context, in *struct {
	InPoll
	Body struct {
		Question *string   `json:"question,omitempty"`
		Options  *[]string `json:"options,omitempty"`
		Seconds  *int      `json:"seconds,omitempty" nullable:"true" doc:"null: until it is closed"`
		Hidden   *bool     `json:"hidden,omitempty"`
	}
	RawBody []byte
}) (*pollAnswer, error) {
	b := in.Body
	if err := cleared(in.RawBody, map[string]func(){"seconds": func() { b.Seconds = new(int) }}); err != nil {
		return nil, err
	}
	after, err := a.as(ctx).ChangePoll(ctx, in.Show, in.Poll, store.PollChange{Question: b.Question, Options: b.Options, Seconds: b.Seconds, Hidden: b.Hidden})
	return &pollAnswer{Body: after}, err
}

func (a *API) vote(ctx context.Context, in *struct {
	Show    string `path:"show"`
	Poll    string `path:"poll"`
	RawBody []byte `contentType:"text/plain"`
}) (*voteAnswer, error) {
	v, err := overlay.ParseVote(in.RawBody)
	if err != nil {
		return nil, err
	}
	if err := a.forViewers(ctx, in.Show); err != nil {
		return nil, err
	}
	if from, _ := ctx.Value(viewerKey{}).(clicks.Viewer); overlay.PublicAddress(from.Address) {
		network, now := overlay.Network(from.Address).String(), time.Now()
		if a.voters.left(network, now) > 0 {
			return nil, overlay.Errorf(overlay.TooMany, "too many votes come from your network; try again in a moment")
		}
		a.voters.wrong(network, now)
	}
	card, err := a.viewers.Vote(ctx, in.Show, in.Poll, v)
	if err != nil {
		return nil, err
	}
	out := &voteAnswer{CacheControl: "no-store"}
	out.Body.PollCard, out.Body.Option = card, v.Option
	return out, nil
}

// publicPolls are the polls of a show that viewers have seen.
type publicPolls struct {
	Show  string             `json:"show"`
	Polls []overlay.PollCard `json:"polls" doc:"In the order in which they were opened"`
}

func (a *API) publicPolls(ctx context.Context, show string) (*publicPolls, error) {
	all, err := a.viewers.PollsTold(ctx, show)
	return &publicPolls{show, all}, err
}

func (a *API) exportPolls(ctx context.Context, in *InShow) (*huma.StreamResponse, error) {
	all, err := a.as(ctx).Polls(ctx, in.Show, "", overlay.MaxPolls)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		_, w := humago.Unwrap(hc)
		w.Header().Set("Content-Type", "text/csv; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="polls-%s.csv"`, in.Show))
		if err := writePolls(w, all); err != nil {
			if ctx.Err() == nil {
				a.o.Logger.ErrorContext(ctx, "an export of polls broke off", "err", err)
			}
			panic(http.ErrAbortHandler) // so that nobody takes the part for the whole
		}
	}}, nil
}

func writePolls(w http.ResponseWriter, all []overlay.Poll) error {
	t, err := overlay.NewSheet(w, "poll", "question", "state", "opened_at", "closed_at", "option", "votes", "total")
	if err != nil {
		return err
	}
	stamp := func(at time.Time) string {
		if at.IsZero() {
			return ""
		}
		return at.UTC().Format(time.DateTime)
	}
	for _, p := range all {
		for i, o := range p.Options {
			if err := t.Row(p.ID, p.Question, string(p.State), stamp(p.Opened), stamp(p.Closed), o, strconv.FormatInt(p.Votes[i], 10), strconv.FormatInt(p.Total, 10)); err != nil {
				return err
			}
		}
	}
	t.Flush()
	return t.Error()
}
