package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"mediad/overlay"
)

// InHost is the path of a host.
type InHost struct {
	Host string `path:"host" doc:"The host's id"`
}

type hostAnswer struct {
	Location string `header:"Location"`
	Body     overlay.Presenter
}

type hostList struct {
	Body struct {
		Items []overlay.Presenter `json:"items" doc:"The oldest first"`
		Next  string              `json:"next,omitempty" doc:"The cursor of the next page; missing on the last"`
	}
}

type showHost struct {
	Body struct {
		Host *string `json:"host" nullable:"true" doc:"Id; null: nobody who gets a share"`
	}
}

type statementAsked struct {
	InHost
	Month    string `query:"month" doc:"As 2026-11; left out: the present one"`
	Timezone string `query:"timezone" doc:"Whose midnights it begins and ends at (IANA); left out: that of the organisation, or UTC"`
}

func (a *API) hosts(h huma.API) {
	tags := []string{"orders"}
	const path = "/api/v1/hosts"
	operation(a, h, huma.Operation{OperationID: "list-hosts", Method: http.MethodGet, Path: path, Tags: tags, Errors: []int{404},
		Summary: "List those who host shows and get a share of what they sell"}, a.listHosts)
	operation(a, h, huma.Operation{OperationID: "create-host", Method: http.MethodPost, Path: path, Tags: tags, DefaultStatus: http.StatusCreated, Errors: []int{404, 422, 503},
		Summary: "Add a host"}, a.createHost)
	operation(a, h, huma.Operation{OperationID: "change-host", Method: http.MethodPatch, Path: path + "/{host}", Tags: tags, Errors: []int{400, 404, 422, 503},
		Summary: "Change a host's name or share", Description: "Another share holds for orders that come after it. What is booked stays."}, a.changeHost)
	operation(a, h, huma.Operation{OperationID: "delete-host", Method: http.MethodDelete, Path: path + "/{host}", Tags: tags, DefaultStatus: http.StatusNoContent, Errors: []int{404, 503},
		Summary: "Take a host off the list", Description: "Orders that come later are nobody's. What is booked stays booked."}, func(ctx context.Context, in *InHost) (*struct{}, error) {
		return nil, a.as(ctx).DeletePresenter(ctx, in.Host)
	})
	const show = "/api/v1/shows/{show}/host"
	operation(a, h, huma.Operation{OperationID: "show-host", Method: http.MethodGet, Path: show, Tags: tags, Errors: []int{404},
		Summary: "Who hosts a show"}, a.showHost)
	operation(a, h, huma.Operation{OperationID: "set-show-host", Method: http.MethodPut, Path: show, Tags: tags, Errors: []int{404, 422, 503},
		Summary: "Say who hosts a show", Description: "Orders that come from now on are theirs, and earlier ones of which nobody has a share. With sold also those that another host has: these are taken back there, in lines of today."}, a.setShowHost)
	operation(a, h, huma.Operation{OperationID: "host-statement", Method: http.MethodGet, Path: path + "/{host}/statement", Tags: tags, Errors: []int{404, 409, 422},
		Summary: "A host's account of a month", Description: "Each order of a show that they hosted, with its share as it was at the sale. The share of an order is its net × the rate, rounded half away from zero. " +
			"What goes back later is a line of its own, in the month in which the shop tells of it: a month that is over does not change."}, func(ctx context.Context, in *statementAsked) (*struct{ Body overlay.Statement }, error) {
		s, err := a.as(ctx).Statement(ctx, in.Host, in.Month, in.Timezone, overlay.StatementLines)
		return &struct{ Body overlay.Statement }{s}, err
	})
	operation(a, h, huma.Operation{OperationID: "host-statement-csv", Method: http.MethodGet, Path: path + "/{host}/statement.csv", Tags: tags, Errors: []int{404, 409, 413, 422},
		Summary: "A host's account of a month, as a table for spreadsheets", Description: "With all of its lines. Amounts are in the currency's own unit: 99.80.",
		Responses: map[string]*huma.Response{"200": {Description: "OK", Content: map[string]*huma.MediaType{"text/csv": {Schema: &huma.Schema{Type: huma.TypeString}}},
			Headers: map[string]*huma.Param{"Content-Disposition": {Schema: &huma.Schema{Type: huma.TypeString}}}}}}, a.statementCSV)
}

func (a *API) listHosts(ctx context.Context, in *struct {
	Org string `query:"org" doc:"Those of this organisation; left out: of all that you own"`
	Paging
}) (*hostList, error) {
	scope, err := a.scopeOf(ctx, overlay.Own, in.Org)
	if err != nil {
		return nil, err
	}
	all, err := a.as(ctx).Presenters(ctx, scope, in.Cursor, in.Limit+1)
	out := &hostList{}
	out.Body.Items, out.Body.Next = cut(all, in.Limit, func(p overlay.Presenter) string { return p.ID })
	return out, err
}

func (a *API) createHost(ctx context.Context, in *struct {
	Once
	Body struct {
		Org        string `json:"org,omitempty" doc:"Your own organisation if left out"`
		Name       string `json:"name" doc:"At most 150 characters"`
		Commission int64  `json:"commission_bp" doc:"The share of sales, in hundredths of a percent: 1250 is 12.5 %"`
	}
	RawBody []byte
}) (*hostAnswer, error) {
	org, err := a.placeFor(ctx, overlay.Own, in.Body.Org)
	if err != nil {
		return nil, err
	}
	p, err := a.as(ctx).CreatePresenter(ctx, overlay.Presenter{Org: org, Name: in.Body.Name, Commission: in.Body.Commission}, in.with(in.RawBody))
	return &hostAnswer{Location: a.o.Base + "/api/v1/hosts/" + p.ID, Body: p}, err
}

func (a *API) changeHost(ctx context.Context, in *struct {
	InHost
	Body struct {
		Name       *string `json:"name,omitempty"`
		Commission *int64  `json:"commission_bp,omitempty"`
	}
	RawBody []byte
}) (*hostAnswer, error) {
	if err := cleared(in.RawBody, nil); err != nil {
		return nil, err
	}
	p, err := a.as(ctx).ChangePresenter(ctx, in.Host, overlay.PresenterChange{Name: in.Body.Name, Commission: in.Body.Commission})
	return &hostAnswer{Body: p}, err
}

func (a *API) showHost(ctx context.Context, in *InShow) (*showHost, error) {
	id, err := a.as(ctx).ShowPresenter(ctx, in.Show)
	out := &showHost{}
	if id != "" {
		out.Body.Host = &id
	}
	return out, err
}

func (a *API) setShowHost(ctx context.Context, in *struct {
	InShow
	Body struct {
		Host *string `json:"host" nullable:"true" doc:"Id; null: nobody who gets a share"`
		Sold bool    `json:"sold,omitempty" doc:"true: also of what was sold before, and is another host's"`
	}
}) (*showHost, error) {
	host := ""
	if in.Body.Host != nil {
		host = *in.Body.Host
	}
	if err := a.as(ctx).SetShowPresenter(ctx, in.Show, host, in.Body.Sold); err != nil {
		return nil, err
	}
	return a.showHost(ctx, &in.InShow)
}

func (a *API) statementCSV(ctx context.Context, in *statementAsked) (*reportFile, error) {
	s, err := a.as(ctx).Statement(ctx, in.Host, in.Month, in.Timezone, overlay.StatementTable)
	if err != nil {
		return nil, err
	}
	text, err := s.CSV()
	return &reportFile{"text/csv; charset=utf-8", `attachment; filename="commission-` + s.Month + `-` + s.Host.ID + `.csv"`, text}, err
}
