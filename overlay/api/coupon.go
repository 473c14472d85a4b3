package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mediad/overlay"
	"mediad/overlay/clicks"
)

// InCoupon is the part of a request that names a coupon.
type InCoupon struct {
	InShow
	Coupon string `path:"coupon" doc:"The coupon's id"`
}

type couponAnswer struct {
	Location string `header:"Location"`
	Body     overlay.Coupon
}

type couponList struct {
	Body struct {
		Items []overlay.Coupon `json:"items" doc:"Oldest first"`
		Next  string           `json:"next,omitempty" doc:"The cursor of the next page; missing on the last"`
	}
}

// takenCoupon is what a buyer gets.
type takenCoupon struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		ID    string    `json:"id"`
		Label string    `json:"label"`
		Code  string    `json:"code" doc:"To be typed at the checkout; a way to the shop with coupon=ID takes it along"`
		Ends  time.Time `json:"ends_at,omitzero" doc:"Missing: with the show"`
	}
}

func (a *API) coupons(h huma.API) {
	tags := []string{"orders"}
	const path = "/api/v1/shows/{show}/coupons"
	operation(a, h, huma.Operation{OperationID: "list-coupons", Method: http.MethodGet, Path: path,
		Summary: "List the coupons of a show", Tags: tags, Errors: []int{404, 422}}, func(ctx context.Context, in *struct {
		InShow
		Paging
	}) (*couponList, error) {
		all, err := a.as(ctx).Coupons(ctx, in.Show, in.Cursor, in.Limit+1)
		out := &couponList{}
		out.Body.Items, out.Body.Next = cut(all, in.Limit, func(c overlay.Coupon) string { return c.ID })
		return out, err
	})
	operation(a, h, huma.Operation{OperationID: "create-coupon", Method: http.MethodPost, Path: path,
		Summary: "Make a coupon: a code of a shop that viewers get by a click", Tags: tags, DefaultStatus: http.StatusCreated, Errors: []int{404, 409, 422, 429, 503},
		Description: "The picture tells viewers its id and its label (`coupon.show`), never its code. Who gets it is counted, each buyer once, and takes the code along to the shop. " +
			"It is refused where the shop has no place for a code. What the code takes off, and how often one buyer may use it, is for the shop to know."}, a.createCoupon)
	operation(a, h, huma.Operation{OperationID: "get-coupon", Method: http.MethodGet, Path: path + "/{coupon}",
		Summary: "Read a coupon", Tags: tags, Errors: []int{404}}, func(ctx context.Context, in *InCoupon) (*couponAnswer, error) {
		found, err := a.as(ctx).Coupon(ctx, in.Show, in.Coupon)
		return &couponAnswer{Body: found}, err
	})
	turn := func(id, deed, summary string, shown bool) {
		operation(a, h, huma.Operation{OperationID: id, Method: http.MethodPost, Path: path + "/{coupon}/" + deed,
			Summary: summary, Tags: tags, DefaultStatus: http.StatusOK, Errors: []int{404, 409, 429, 503}}, func(ctx context.Context, in *InCoupon) (*couponAnswer, error) {
			after, err := a.as(ctx).ShowCoupon(ctx, in.Show, in.Coupon, shown)
			return &couponAnswer{Body: after}, err
		})
	}
	turn("show-coupon", "show", "Show a coupon to viewers", true)
	turn("hide-coupon", "hide", "Hide a coupon from viewers; who has it keeps it", false)
	operation(a, h, huma.Operation{OperationID: "end-coupon", Method: http.MethodDelete, Path: path + "/{coupon}",
		Summary: "End a coupon: nobody gets it any more", Tags: tags, DefaultStatus: http.StatusNoContent, Errors: []int{404, 409, 503},
		Description: "It stays in the list. The shop goes on to take its code until you end it there, too."}, func(ctx context.Context, in *InCoupon) (*struct{}, error) {
		return nil, a.as(ctx).EndCoupon(ctx, in.Show, in.Coupon)
	})
	register(a, h, huma.Operation{OperationID: "take-coupon", Method: http.MethodPost, Path: "/c/{show}/coupons/{coupon}", Tags: []string{"viewers"}, DefaultStatus: http.StatusOK,
		Summary: "Get a coupon: its code", Errors: []int{404, 409, 503}, Middlewares: huma.Middlewares{withRemote, withViewer},
		Description: "Each buyer counts once, however often they ask. 409 with the type limit: all are taken. No body is needed."}, a.takeCoupon)
}

func (a *API) createCoupon(ctx context.Context, in *struct {
	InShow
	Once
	Body struct {
		Label  string    `json:"label" doc:"What viewers read, 1 to 40 characters: 10 % off"`
		Code   string    `json:"code" doc:"A code that the shop knows"`
		Shop   string    `json:"shop,omitempty" doc:"Id of a shop of the show's organisation; left out: the oldest that takes a code"`
		Starts time.Time `json:"starts_at,omitzero" doc:"RFC 3339: buyers do not get it before; left out: at once"`
		Ends   time.Time `json:"ends_at,omitzero" doc:"RFC 3339: buyers do not get it any more; left out: at the end of the show"`
		Total  int64     `json:"limit_total,omitempty" doc:"How many buyers get it; left out: no limit"`
		Shown  bool      `json:"shown,omitempty" doc:"true: viewers see it at once"`
	}
	RawBody []byte
}) (*couponAnswer, error) {
	b := in.Body
	made, err := a.as(ctx).CreateCoupon(ctx, overlay.Coupon{Show: in.Show, Label: b.Label, Code: b.Code, Shop: b.Shop, Starts: b.Starts, Ends: b.Ends, Total: b.Total, Shown: b.Shown}, in.with(in.RawBody))
	return &couponAnswer{Location: a.o.Base + "/api/v1/shows/" + in.Show + "/coupons/" + made.ID, Body: made}, err
}

func (a *API) takeCoupon(ctx context.Context, in *struct {
	Show   string `path:"show"`
	Coupon string `path:"coupon"`
}) (*takenCoupon, error) {
	if err := a.forViewers(ctx, in.Show); err != nil {
		return nil, err
	}
	who, _ := ctx.Value(viewerKey{}).(clicks.Viewer)
	got, err := a.viewers.TakeCoupon(ctx, in.Show, in.Coupon, a.buyerOf(in.Show, who))
	if err != nil {
		return nil, err
	}
	return answerCoupon(got), nil
}

func answerCoupon(got overlay.Coupon) *takenCoupon {
	out := &takenCoupon{CacheControl: "no-store"}
	out.Body.ID, out.Body.Label, out.Body.Code, out.Body.Ends = got.ID, got.Label, got.Code, got.Ends
	return out
}

// couponOf gives the coupon with which a buyer goes to the shop. One that is not to be had
// keeps nobody from buying: the shop asks for its usual price then.
func (a *API) couponOf(r *http.Request, show string) overlay.Coupon {
	id := ""
	if r.URL.RawQuery != "" {
		id = r.URL.Query().Get("coupon")
	}
	if id == "" || onlyLooks(r) || a.forViewers(r.Context(), show) != nil {
		return overlay.Coupon{}
	}
	got, err := a.viewers.TakeCoupon(r.Context(), show, id, a.buyerOf(show, viewer(r)))
	if err != nil {
		return overlay.Coupon{}
	}
	return got
}
