package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mediad/overlay"
)

type reportAnswer struct{ Body overlay.Report }

type minutesAnswer struct{ Body overlay.ShowMinutes }

type momentsAnswer struct{ Body overlay.ShowMoments }

type reportFile struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

func (a *API) reports(h huma.API) {
	tags := []string{"orders"}
	const path = "/api/v1/shows/{show}/report"
	operation(a, h, huma.Operation{OperationID: "show-report", Method: http.MethodGet, Path: path, Tags: tags,
		Summary: "Report what a show brought", Errors: []int{404, 409, 413},
		Description: "Who may see the figures of the show's room gets all of it. An organisation whose shop sold in somebody else's show gets what its own shops sold, without the audience. Amounts are in minor units of their currency. " +
			"A show is one, whatever broadcasts and midnights it has; rehearsals do not count.\n\n" + overlay.ReportText()}, a.showReport)
	operation(a, h, huma.Operation{OperationID: "show-report-csv", Method: http.MethodGet, Path: path + ".csv", Tags: tags,
		Summary: "Report what a show brought, as a table for spreadsheets", Errors: []int{404, 409, 413},
		Description: "The same figures, with their definitions. Amounts are in the currency's own unit: 99.80.",
		Responses:   csvResponse()}, a.showReportCSV)
}

func (a *API) minutes(h huma.API) {
	const path = "/api/v1/shows/{show}/minutes"
	operation(a, h, huma.Operation{OperationID: "show-minutes", Method: http.MethodGet, Path: path, Tags: []string{"orders"},
		Summary: "What viewers did and bought in each minute of a show", Errors: []int{404, 409},
		Description: "By the picture's time line: what viewers did stands in the minute that they watched, however late it reached them. Of a great audience the figures are estimates from a sample. A rehearsal has none."}, func(ctx context.Context, in *InShow) (*minutesAnswer, error) {
		m, _, err := a.as(ctx).Minutes(ctx, in.Show)
		return &minutesAnswer{m}, err
	})
	operation(a, h, huma.Operation{OperationID: "show-minutes-csv", Method: http.MethodGet, Path: path + ".csv", Tags: []string{"orders"},
		Summary: "The minutes of a show, as a table for spreadsheets", Errors: []int{404, 409},
		Description: "One row for each minute, and one more for each further currency of it. Amounts are in the currency's own unit: 99.80. at is the date of the picture, in UTC; of a replay the seconds from the recording's beginning.",
		Responses:   csvResponse()}, func(ctx context.Context, in *InShow) (*reportFile, error) {
		m, skus, err := a.as(ctx).Minutes(ctx, in.Show)
		if err != nil {
			return nil, err
		}
		text, err := m.CSV(skus)
		return &reportFile{"text/csv; charset=utf-8", `attachment; filename="minutes-` + m.Show + `.csv"`, text}, err
	})
}

func (a *API) moments(h huma.API) {
	const path = "/api/v1/shows/{show}/moments"
	operation(a, h, huma.Operation{OperationID: "show-moments", Method: http.MethodGet, Path: path, Tags: []string{"orders"},
		Summary: "Which pictures of a show sold what", Errors: []int{404, 409},
		Description: "An order belongs to the picture that its buyer saw at the click, in the show or in its recording. best is the minutes that sold the most, each with who presented, what was written, and from where the recording has the sentence: mediad writes down no speech. A rehearsal has none."}, func(ctx context.Context, in *InShow) (*momentsAnswer, error) {
		m, _, err := a.as(ctx).Moments(ctx, in.Show)
		if a.o.Replays == nil {
			return &momentsAnswer{m}, err
		}
		for i := range m.Best {
			var at time.Duration
			if err == nil {
				at, err = a.o.Replays.Place(ctx, in.Show, m.Best[i].Hear)
			}
			m.Best[i].Place = at.Truncate(time.Millisecond).Seconds()
		}
		return &momentsAnswer{m}, err
	})
	operation(a, h, huma.Operation{OperationID: "show-moments-csv", Method: http.MethodGet, Path: path + ".csv", Tags: []string{"orders"},
		Summary: "The same as a table for spreadsheets", Errors: []int{404, 409},
		Description: "The best moments, then each minute of each product, live and replay apart; one more row for each further currency. Amounts are in the currency's own unit: 99.80.",
		Responses:   csvResponse()}, func(ctx context.Context, in *InShow) (*reportFile, error) {
		m, skus, err := a.as(ctx).Moments(ctx, in.Show)
		if err != nil {
			return nil, err
		}
		text, err := m.CSV(skus)
		return &reportFile{"text/csv; charset=utf-8", `attachment; filename="moments-` + m.Show + `.csv"`, text}, err
	})
}

func csvResponse() map[string]*huma.Response {
	return map[string]*huma.Response{"200": {Description: "OK", Content: map[string]*huma.MediaType{"text/csv": {Schema: &huma.Schema{Type: huma.TypeString}}},
		Headers: map[string]*huma.Param{"Content-Disposition": {Schema: &huma.Schema{Type: huma.TypeString}}}}}
}

func (a *API) showReport(ctx context.Context, in *InShow) (*reportAnswer, error) {
	r, err := a.as(ctx).Report(ctx, in.Show)
	return &reportAnswer{r}, err
}

func (a *API) showReportCSV(ctx context.Context, in *InShow) (*reportFile, error) {
	r, err := a.as(ctx).Report(ctx, in.Show)
	if err != nil {
		return nil, err
	}
	text, err := r.CSV()
	return &reportFile{"text/csv; charset=utf-8", `attachment; filename="report-` + r.Show + `.csv"`, text}, err
}
