package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"mediad/overlay"
)

// InFeed is the path of a feed.
type InFeed struct {
	Feed string `path:"feed" doc:"The feed's id"`
}

type feedAnswer struct {
	Location string `header:"Location"`
	Body     overlay.Feed
}

type feedList struct {
	Body struct {
		Items []overlay.Feed `json:"items"`
		Next  string         `json:"next,omitempty" doc:"The cursor of the next page; missing on the last"`
	}
}

func (a *API) productFeeds(h huma.API) {
	if a.o.Imports == nil {
		return
	}
	tags := []string{"products"}
	const path = "/api/v1/feeds"
	operation(a, h, huma.Operation{OperationID: "list-feeds", Method: http.MethodGet, Path: path,
		Summary: "List the feeds of products", Tags: tags, Errors: []int{404, 422}}, a.listFeeds)
	operation(a, h, huma.Operation{OperationID: "create-feed", Method: http.MethodPost, Path: path,
		Summary: "Let the server fetch a file of products again and again", Tags: tags, DefaultStatus: http.StatusCreated, Errors: []int{404, 409, 422, 503},
		Description: "It is fetched at once, and then as often as you say; each time it is an import, which is applied unless it has warnings."}, a.createFeed)
	operation(a, h, huma.Operation{OperationID: "get-feed", Method: http.MethodGet, Path: path + "/{feed}",
		Summary: "Read a feed, with its last import", Tags: tags, Errors: []int{404}}, func(ctx context.Context, in *InFeed) (*feedAnswer, error) {
		f, err := a.as(ctx).Feed(ctx, in.Feed)
		return &feedAnswer{Body: f}, err
	})
	operation(a, h, huma.Operation{OperationID: "change-feed", Method: http.MethodPatch, Path: path + "/{feed}",
		Summary: "Change a feed, let it pause, or fetch it now", Tags: tags, Errors: []int{400, 404, 409, 422, 503}}, a.changeFeed)
	operation(a, h, huma.Operation{OperationID: "delete-feed", Method: http.MethodDelete, Path: path + "/{feed}",
		Summary: "Delete a feed; its products stay", Tags: tags, DefaultStatus: http.StatusNoContent, Errors: []int{404, 503}}, func(ctx context.Context, in *InFeed) (*struct{}, error) {
		return nil, a.as(ctx).DeleteFeed(ctx, in.Feed)
	})
}

func (a *API) listFeeds(ctx context.Context, in *struct {
	Org string `query:"org" doc:"Of this organisation alone"`
	Paging
}) (*feedList, error) {
	scope, err := a.scopeOf(ctx, overlay.Goods, in.Org)
	if err != nil {
		return nil, err
	}
	all, err := a.as(ctx).Feeds(ctx, scope, in.Cursor, in.Limit+1)
	out := &feedList{}
	out.Body.Items, out.Body.Next = cut(all, in.Limit, func(f overlay.Feed) string { return f.ID })
	return out, err
}

func (a *API) createFeed(ctx context.Context, in *struct {
	Once
	Body struct {
		URL      string `json:"url" doc:"Where the file is: http or https, on the public internet"`
		Org      string `json:"org,omitempty" doc:"Your own organisation if left out"`
		Hours    int64  `json:"every_hours,omitempty" doc:"From 1 to 168; 24 if left out"`
		Currency string `json:"currency,omitempty" doc:"The currency of prices that name none" example:"EUR"`
		Paused   bool   `json:"paused,omitempty" doc:"true: it is not fetched until this is false"`
	}
	RawBody []byte
}) (*feedAnswer, error) {
	org, err := a.placeFor(ctx, overlay.Goods, in.Body.Org)
	if err != nil {
		return nil, err
	}
	b := in.Body
	f, err := a.as(ctx).CreateFeed(ctx, overlay.Feed{Org: org, URL: b.URL, Hours: b.Hours, Currency: strings.ToUpper(b.Currency), Paused: b.Paused}, in.with(in.RawBody))
	if err == nil {
		a.o.Imports.Wake()
	}
	return &feedAnswer{Location: a.o.Base + "/api/v1/feeds/" + f.ID, Body: f}, err
}

func (a *API) changeFeed(ctx context.Context, in *struct {
	InFeed
	Body struct {
		Hours    *int64  `json:"every_hours,omitempty" doc:"From 1 to 168"`
		Currency *string `json:"currency,omitempty" nullable:"true"`
		Paused   *bool   `json:"paused,omitempty" doc:"true: it is not fetched until this is false again"`
		Now      bool    `json:"now,omitempty" doc:"true: fetch it at once"`
	}
	RawBody []byte
}) (*feedAnswer, error) {
	b := &in.Body
	if err := cleared(in.RawBody, map[string]func(){"currency": func() { b.Currency = new(string) }}); err != nil {
		return nil, err
	}
	if b.Currency != nil {
		upper := strings.ToUpper(*b.Currency)
		b.Currency = &upper
	}
	f, err := a.as(ctx).ChangeFeed(ctx, in.Feed, overlay.FeedChange{Hours: b.Hours, Currency: b.Currency, Paused: b.Paused, Now: b.Now})
	if err == nil {
		a.o.Imports.Wake()
	}
	return &feedAnswer{Body: f}, err
}
