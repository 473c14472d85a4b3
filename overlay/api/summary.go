package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"mediad/overlay"
)

// summaryAsked is what is asked of a summary.
type summaryAsked struct {
	By       overlay.SummaryBy `query:"by" enum:"show,host,org,product" default:"show" doc:"What has a row: each show, each host (the organisation whose show it was), each seller (the organisation whose shop sold), or each product"`
	From     string            `query:"from" doc:"The first day, as 2026-11-01; left out: thirty days up to the last one"`
	To       string            `query:"to" doc:"The last day; left out: today"`
	Timezone string            `query:"timezone" doc:"Whose midnights the days begin and end at (IANA); left out: that of the organisation, or UTC"`
	Org      string            `query:"org" doc:"As this organisation and all below it see it; left out: all in which you may see figures"`
}

func (a *API) summaries(h huma.API) {
	tags := []string{"orders"}
	const path = "/api/v1/reports"
	operation(a, h, huma.Operation{OperationID: "reports", Method: http.MethodGet, Path: path, Tags: tags,
		Summary: "Sum up what the shows of some days brought", Errors: []int{404, 409, 413, 422},
		Description: "By show, host, seller or product; 366 days at most. Of shows of your rooms it has all, with the audience; of shows of others what your own shops sold in them. Amounts are in minor units of their currency.\n\n" + overlay.SummaryText()}, a.summary)
	operation(a, h, huma.Operation{OperationID: "reports-csv", Method: http.MethodGet, Path: path + ".csv", Tags: tags,
		Summary: "Sum up what the shows of some days brought, as a table for spreadsheets", Errors: []int{404, 409, 413, 422},
		Description: "The same figures, with their definitions. Amounts are in the currency's own unit: 99.80.",
		Responses: map[string]*huma.Response{"200": {Description: "OK", Content: map[string]*huma.MediaType{"text/csv": {Schema: &huma.Schema{Type: huma.TypeString}}},
			Headers: map[string]*huma.Param{"Content-Disposition": {Schema: &huma.Schema{Type: huma.TypeString}}}}}}, a.summaryCSV)
}

func (a *API) summed(ctx context.Context, in summaryAsked) (overlay.Summary, error) {
	return a.as(ctx).Summary(ctx, in.By, in.Org, in.From, in.To, in.Timezone)
}

func (a *API) summary(ctx context.Context, in *summaryAsked) (*struct{ Body overlay.Summary }, error) {
	s, err := a.summed(ctx, *in)
	return &struct{ Body overlay.Summary }{s}, err
}

func (a *API) summaryCSV(ctx context.Context, in *summaryAsked) (*reportFile, error) {
	s, err := a.summed(ctx, *in)
	if err != nil {
		return nil, err
	}
	text, err := s.CSV()
	return &reportFile{"text/csv; charset=utf-8", `attachment; filename="report-` + string(s.By) + `-` + s.From + `-` + s.To + `.csv"`, text}, err
}
