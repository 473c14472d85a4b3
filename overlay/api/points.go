package api

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mediad/overlay"
	"mediad/overlay/clicks"
	"mediad/overlay/store"
)

// Tickets: a network gets so many at once, and one more each ticketEvery.
const (
	ticketsAtOnce = 120
	ticketEvery   = 2 * time.Second
	maxPointBody  = 1024
)

// InReward is the part of a request that names a reward.
type InReward struct {
	InShow
	Reward string `path:"reward" doc:"The reward's id"`
}

type rewardAnswer struct {
	Location string `header:"Location"`
	Body     overlay.Reward
}

type rewardList struct {
	Body struct {
		Items []overlay.Reward `json:"items" doc:"Oldest first"`
		Next  string           `json:"next,omitempty" doc:"The cursor of the next page; missing on the last"`
	}
}

type ratesAnswer struct {
	Body overlay.PointRates
}

// pointsBody is what a viewer's player asks with.
type pointsBody struct {
	Viewer string `json:"viewer"`
	Ticket string `json:"ticket"`
	Ref    string `json:"ref"`
}

type pointsAnswer struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		Ticket string `json:"ticket" doc:"When the viewer came, signed; it is sent with each further request"`
		Code   string `json:"code" doc:"For the viewer's shared links: ?ref=CODE"`
		overlay.Points
	}
}

func (a *API) points(h huma.API) {
	tags := []string{"orders"}
	const path = "/api/v1/shows/{show}/rewards"
	operation(a, h, huma.Operation{OperationID: "list-rewards", Method: http.MethodGet, Path: path,
		Summary: "List the rewards of a show", Tags: tags, Errors: []int{404, 422}}, func(ctx context.Context, in *struct {
		InShow
		Paging
	}) (*rewardList, error) {
		all, err := a.as(ctx).Rewards(ctx, in.Show, in.Cursor, in.Limit+1)
		out := &rewardList{}
		out.Body.Items, out.Body.Next = cut(all, in.Limit, func(w overlay.Reward) string { return w.ID })
		return out, err
	})
	operation(a, h, huma.Operation{OperationID: "create-reward", Method: http.MethodPost, Path: path,
		Summary: "Let viewers turn points into a coupon of the show", Tags: tags, DefaultStatus: http.StatusCreated, Errors: []int{404, 409, 422, 503},
		Description: "Viewers get points for watching, for comments and for friends who come by their shared links. Points are no money: they are of one viewer in one show, and cannot be bought or passed on. " +
			"Nothing is kept of viewers but who got a coupon, and that somebody came by a shared link. The coupon need not be shown: one that is shown is free for everybody."}, a.createReward)
	operation(a, h, huma.Operation{OperationID: "get-reward", Method: http.MethodGet, Path: path + "/{reward}",
		Summary: "Read a reward", Tags: tags, Errors: []int{404}}, func(ctx context.Context, in *InReward) (*rewardAnswer, error) {
		found, err := a.as(ctx).Reward(ctx, in.Show, in.Reward)
		return &rewardAnswer{Body: found}, err
	})
	operation(a, h, huma.Operation{OperationID: "end-reward", Method: http.MethodDelete, Path: path + "/{reward}",
		Summary: "End a reward; who has its coupon keeps it", Tags: tags, DefaultStatus: http.StatusNoContent, Errors: []int{404, 409, 503}}, func(ctx context.Context, in *InReward) (*struct{}, error) {
		return nil, a.as(ctx).EndReward(ctx, in.Show, in.Reward)
	})
	const rates = "/api/v1/shows/{show}/points"
	operation(a, h, huma.Operation{OperationID: "get-point-rates", Method: http.MethodGet, Path: rates,
		Summary: "How many points there are for what, in the room of a show", Tags: tags, Errors: []int{404}}, func(ctx context.Context, in *InShow) (*ratesAnswer, error) {
		r, err := a.as(ctx).PointRates(ctx, in.Show)
		return &ratesAnswer{r}, err
	})
	operation(a, h, huma.Operation{OperationID: "set-point-rates", Method: http.MethodPut, Path: rates,
		Summary: "Set how many points there are for what, in the room of a show", Tags: tags, Errors: []int{404, 422},
		Description: "The rates hold for all shows of the room, and at once: the points of those who watch are counted anew with them. What was spent stays spent."}, func(ctx context.Context, in *struct {
		InShow
		Body overlay.PointRates
	}) (*ratesAnswer, error) {
		return &ratesAnswer{in.Body}, a.as(ctx).SetPointRates(ctx, in.Show, in.Body)
	})
	register(a, h, huma.Operation{OperationID: "points", Method: http.MethodPost, Path: "/c/{show}/points", Tags: []string{"viewers"}, DefaultStatus: http.StatusOK,
		Summary: "A viewer's points", Errors: []int{404, 413, 422, 429, 503}, MaxBodyBytes: maxPointBody, Middlewares: huma.Middlewares{withRemote, withViewer},
		Description: "The body is JSON, sent as text/plain, so that pages of other sites need no preflight request: `{\"viewer\":\"8f3a61c07be4d215\",\"ref\":\"k3x9m2ab\",\"ticket\":\"…\"}`. " +
			"Without a ticket, or with one that does not hold, there is a new one, and minutes count from now; ref is then the code of the link by which the viewer came. A player may reckon its points by itself, and ask again when the viewer wants to see them."}, a.viewerPoints)
	register(a, h, huma.Operation{OperationID: "take-reward", Method: http.MethodPost, Path: "/c/{show}/rewards/{reward}", Tags: []string{"viewers"}, DefaultStatus: http.StatusOK,
		Summary: "Turn points into a coupon: its code", Errors: []int{404, 409, 413, 422, 503}, MaxBodyBytes: maxPointBody, Middlewares: huma.Middlewares{withRemote, withViewer},
		Description: "The body is that of points, with the ticket. Each viewer gets a reward once; who asks again gets the same answer. 409 with the type limit: all are taken."}, a.takeReward)
}

func (a *API) createReward(ctx context.Context, in *struct {
	InShow
	Once
	Body struct {
		Coupon string `json:"coupon" doc:"Id of a coupon of the show"`
		Points int64  `json:"points" doc:"How many points it takes, 1 to 100,000"`
		Total  int64  `json:"limit_total,omitempty" doc:"How many viewers get it; left out: as many as the coupon has"`
	}
	RawBody []byte
}) (*rewardAnswer, error) {
	made, err := a.as(ctx).CreateReward(ctx, overlay.Reward{Show: in.Show, Coupon: in.Body.Coupon, Points: in.Body.Points, Total: in.Body.Total}, in.with(in.RawBody))
	return &rewardAnswer{Location: a.o.Base + "/api/v1/shows/" + in.Show + "/rewards/" + made.ID, Body: made}, err
}

// parsePoints reads who asks for points: a viewer, in a show that viewers see.
func (a *API) parsePoints(ctx context.Context, show string, raw []byte) (b pointsBody, err error) {
	if json.Unmarshal(raw, &b) != nil {
		return b, overlay.Errorf(overlay.Invalid, `the body must be JSON like {"viewer":"8f3a61c07be4d215"}`)
	}
	if err := overlay.CheckViewer(b.Viewer); err != nil {
		return b, err
	}
	return b, a.forViewers(ctx, show)
}

func (a *API) viewerPoints(ctx context.Context, in *struct {
	Show    string `path:"show"`
	RawBody []byte `contentType:"text/plain"`
}) (*pointsAnswer, error) {
	b, err := a.parsePoints(ctx, in.Show, in.RawBody)
	if err != nil {
		return nil, err
	}
	since, ok := a.viewers.TicketTime(in.Show, b.Viewer, b.Ticket)
	if !ok {
		if err := a.mayHaveTicket(ctx); err != nil {
			return nil, err
		}
		who, _ := ctx.Value(viewerKey{}).(clicks.Viewer)
		if err := a.viewers.PointFriend(ctx, in.Show, b.Viewer, b.Ref, a.buyerOf(in.Show, who)); err != nil {
			return nil, err
		}
		b.Ticket = a.viewers.PointTicket(in.Show, b.Viewer)
		since, _ = a.viewers.TicketTime(in.Show, b.Viewer, b.Ticket)
	}
	out := &pointsAnswer{CacheControl: "no-store"}
	out.Body.Ticket, out.Body.Code = b.Ticket, a.viewers.PointCode(in.Show, b.Viewer)
	out.Body.Points, err = a.viewers.Points(ctx, in.Show, b.Viewer, since)
	return out, err
}

// mayHaveTicket bounds the tickets of a network.
func (a *API) mayHaveTicket(ctx context.Context) error {
	network, own := networkOf(comingFrom(ctx).remote)
	if left := a.tickets.left(network, time.Now()); left > 0 {
		return overlay.Errorf(overlay.TooMany, "too many viewers of one network ask for points; try again in %v", max(left.Round(time.Second), time.Second))
	}
	if !own { // not for a proxy on the same machine, behind which everybody is
		a.tickets.wrong(network, time.Now())
	}
	return nil
}

func (a *API) takeReward(ctx context.Context, in *struct {
	Show    string `path:"show"`
	Reward  string `path:"reward"`
	RawBody []byte `contentType:"text/plain"`
}) (*takenCoupon, error) {
	b, err := a.parsePoints(ctx, in.Show, in.RawBody)
	if err != nil {
		return nil, err
	}
	since, ok := a.viewers.TicketTime(in.Show, b.Viewer, b.Ticket)
	if !ok {
		return nil, overlay.Errorf(overlay.Invalid, "ticket: is not one of this viewer in this show")
	}
	who, _ := ctx.Value(viewerKey{}).(clicks.Viewer)
	got, err := a.viewers.TakeReward(ctx, store.RewardWish{Show: in.Show, Reward: in.Reward, Viewer: b.Viewer, Buyer: a.buyerOf(in.Show, who), Since: since})
	if err != nil {
		return nil, err
	}
	return answerCoupon(got), nil
}
