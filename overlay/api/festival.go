package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mediad/overlay"
)

// InFestival is the path of a festival.
type InFestival struct {
	Festival string `path:"festival" doc:"The festival's slug"`
}

type festivalAnswer struct {
	Location string `header:"Location"`
	Body     overlay.Festival
}

type festivalList struct {
	Body struct {
		Items []overlay.Festival `json:"items" doc:"By slug"`
		Next  string             `json:"next,omitempty" doc:"The cursor of the next page; missing on the last"`
	}
}

func (a *API) festivals(h huma.API) {
	tags := []string{"festivals"}
	const path = "/api/v1/festivals"
	operation(a, h, huma.Operation{OperationID: "list-festivals", Method: http.MethodGet, Path: path, Tags: tags, Errors: []int{404},
		Summary: "List the festivals that your organisations hold"}, a.listFestivals)
	operation(a, h, huma.Operation{OperationID: "create-festival", Method: http.MethodPost, Path: path, Tags: tags, DefaultStatus: http.StatusCreated, Errors: []int{404, 409, 422, 503},
		Summary:     "Hold a festival: an event of many rooms, over days or weeks",
		Description: "Its page is /festival/FESTIVAL. Who holds it reads the figures of the shows that rooms of its merchants hold in it, and changes nothing of theirs."}, a.createFestival)
	operation(a, h, huma.Operation{OperationID: "get-festival", Method: http.MethodGet, Path: path + "/{festival}", Tags: tags, Errors: []int{404},
		Summary: "Read a festival"}, func(ctx context.Context, in *InFestival) (*festivalAnswer, error) {
		f, err := a.as(ctx).Festival(ctx, in.Festival)
		return &festivalAnswer{Body: f}, err
	})
	operation(a, h, huma.Operation{OperationID: "change-festival", Method: http.MethodPatch, Path: path + "/{festival}", Tags: tags, Errors: []int{400, 404, 422, 503},
		Summary: "Change a festival's title, times, words, picture or time zone"}, a.changeFestival)
	operation(a, h, huma.Operation{OperationID: "delete-festival", Method: http.MethodDelete, Path: path + "/{festival}", Tags: tags, DefaultStatus: http.StatusNoContent, Errors: []int{404, 503},
		Summary: "Delete a festival", Description: "Rooms, shows and figures of its merchants stay theirs."}, func(ctx context.Context, in *InFestival) (*struct{}, error) {
		return nil, a.as(ctx).DeleteFestival(ctx, in.Festival)
	})
	operation(a, h, huma.Operation{OperationID: "festival-report", Method: http.MethodGet, Path: path + "/{festival}/report", Tags: tags, Errors: []int{404, 409, 413, 422},
		Summary: "Sum up what the shows of a festival brought",
		Description: "Of shows that began in it, in rooms that took part: all, with the audience; nothing of any other show. By region a province has what its counties did in below. " +
			"Amounts are in minor units of their currency.\n\n" + overlay.SummaryText()}, a.festivalReport)
	operation(a, h, huma.Operation{OperationID: "festival-report-csv", Method: http.MethodGet, Path: path + "/{festival}/report.csv", Tags: tags, Errors: []int{404, 409, 413, 422},
		Summary: "Sum up what the shows of a festival brought, as a table for spreadsheets", Description: "The same figures, with their definitions. Amounts are in the currency's own unit: 99.80.",
		Responses: map[string]*huma.Response{"200": {Description: "OK", Content: map[string]*huma.MediaType{"text/csv": {Schema: &huma.Schema{Type: huma.TypeString}}},
			Headers: map[string]*huma.Param{"Content-Disposition": {Schema: &huma.Schema{Type: huma.TypeString}}}}}}, a.festivalReportCSV)
	operation(a, h, huma.Operation{OperationID: "festival-incidents", Method: http.MethodGet, Path: path + "/{festival}/incidents", Tags: tags, Errors: []int{404},
		Summary: "How each room of a festival is now, and what is wrong, the worst first"}, a.festivalIncidents)
	a.participants(h, path+"/{festival}/rooms")
	a.participations(h)
}

func (a *API) listFestivals(ctx context.Context, in *struct {
	Org string `query:"org" doc:"Those of this organisation; left out: of all whose figures you may see"`
	Paging
}) (*festivalList, error) {
	scope, err := a.scopeOf(ctx, overlay.Figures, in.Org)
	if err != nil {
		return nil, err
	}
	all, err := a.as(ctx).Festivals(ctx, scope, in.Cursor, in.Limit+1)
	out := &festivalList{}
	out.Body.Items, out.Body.Next = cut(all, in.Limit, func(f overlay.Festival) string { return f.Slug })
	return out, err
}

func (a *API) createFestival(ctx context.Context, in *struct {
	Once
	Body struct {
		Org         string    `json:"org,omitempty" doc:"The organisation that holds it; your own if left out"`
		Slug        string    `json:"slug" doc:"Its name in addresses: a-z, 0-9 and inner hyphens. It never changes"`
		Title       string    `json:"title" doc:"At most 150 characters of plain text"`
		Description string    `json:"description,omitempty" doc:"At most 1,000 characters of plain text"`
		Picture     string    `json:"picture,omitempty" doc:"An http(s) address, or a path on this server"`
		Starts      time.Time `json:"starts_at" doc:"RFC 3339"`
		Ends        time.Time `json:"ends_at" doc:"RFC 3339; at most 366 days later"`
		Timezone    string    `json:"timezone,omitempty" doc:"Whose days its schedule and its report have (IANA); UTC if left out"`
	}
	RawBody []byte
}) (*festivalAnswer, error) {
	b := in.Body
	org, err := a.placeFor(ctx, overlay.Own, b.Org)
	if err != nil {
		return nil, err
	}
	f, err := a.as(ctx).CreateFestival(ctx, overlay.Festival{Org: org, Slug: b.Slug, Title: b.Title, Description: b.Description, Picture: b.Picture, Starts: b.Starts, Ends: b.Ends, Timezone: b.Timezone}, in.with(in.RawBody))
	return &festivalAnswer{Location: a.o.Base + "/api/v1/festivals/" + f.Slug, Body: f}, err
}

func (a *API) changeFestival(ctx context.Context, in *struct {
	InFestival
	Body struct {
		Title       *string    `json:"title,omitempty"`
		Description *string    `json:"description,omitempty" nullable:"true" doc:"null takes it away, as with the two below"`
		Picture     *string    `json:"picture,omitempty" nullable:"true"`
		Timezone    *string    `json:"timezone,omitempty" nullable:"true"`
		Starts      *time.Time `json:"starts_at,omitempty"`
		Ends        *time.Time `json:"ends_at,omitempty"`
	}
	RawBody []byte
}) (*festivalAnswer, error) {
	b := &in.Body
	err := cleared(in.RawBody, map[string]func(){
		"description": func() { b.Description = new(string) },
		"picture":     func() { b.Picture = new(string) },
		"timezone":    func() { b.Timezone = new(string) },
	})
	if err != nil {
		return nil, err
	}
	f, err := a.as(ctx).ChangeFestival(ctx, in.Festival, overlay.FestivalChange{Title: b.Title, Description: b.Description, Picture: b.Picture, Timezone: b.Timezone, Starts: b.Starts, Ends: b.Ends})
	return &festivalAnswer{Body: f}, err
}

// festivalAsked is what is asked of a festival's report.
type festivalAsked struct {
	InFestival
	By overlay.SummaryBy `query:"by" enum:"room,region,host,org,show,product" default:"room" doc:"What has a row: each room, each region, each host (the organisation whose show it was), each seller (the organisation whose shop sold), each show, or each product"`
}

func (a *API) festivalReport(ctx context.Context, in *festivalAsked) (*struct{ Body overlay.Summary }, error) {
	s, err := a.as(ctx).FestivalReport(ctx, in.Festival, in.By)
	return &struct{ Body overlay.Summary }{s}, err
}

func (a *API) festivalReportCSV(ctx context.Context, in *festivalAsked) (*reportFile, error) {
	s, err := a.as(ctx).FestivalReport(ctx, in.Festival, in.By)
	if err != nil {
		return nil, err
	}
	text, err := s.CSV()
	return &reportFile{"text/csv; charset=utf-8", `attachment; filename="` + in.Festival + `-` + string(in.By) + `.csv"`, text}, err
}
