package api

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mediad/overlay"
	"mediad/overlay/store"
)

// maxLineup bounds the body of a line-up: 500 lines with notes.
const maxLineup = 2 << 20

// line is a line as it is sent. A zero price is a price; none is none.
type line struct {
	Product     string    `json:"product" doc:"Id or SKU; a product stands in a line-up once"`
	Price       *int64    `json:"price,omitempty" nullable:"true" doc:"In this show, in minor units of the product's currency; left out: as in the catalogue"`
	MaxPerOrder int64     `json:"max_per_order,omitempty" doc:"The most that one buyer gets; 0: no limit"`
	ButtonLabel string    `json:"button_label,omitempty" doc:"At most 30 characters of plain text"`
	Note        string    `json:"note,omitempty" doc:"For the host: at most 1,000 characters"`
	Reveal      time.Time `json:"reveal_at,omitzero" doc:"From when on viewers may know of it; left out: from its first pin on"`
}

// LineBody is a line as it is read.
type LineBody struct {
	Product     string        `json:"product" doc:"The product's id"`
	Price       *int64        `json:"price,omitempty"`
	MaxPerOrder int64         `json:"max_per_order,omitempty"`
	ButtonLabel string        `json:"button_label,omitempty"`
	Note        string        `json:"note,omitempty"`
	Reveal      time.Time     `json:"reveal_at,omitzero"`
	Goods       PricedProduct `json:"goods" doc:"The product as the show has it, at its price in the show"`
	Catalogue   inCatalogue   `json:"catalogue" doc:"What the catalogue says by now"`
	Seller      string        `json:"seller,omitempty" doc:"Who sells it, where that is another organisation than the show's"`
}

// inCatalogue is what a host compares a line with.
type inCatalogue struct {
	Rev   int64 `json:"rev"`
	Price int64 `json:"price"`
}

type lineupAnswer struct {
	ETag string `header:"ETag"`
	Body struct {
		Show  string     `json:"show"`
		Rev   int64      `json:"rev" doc:"Counts the changes of the line-up"`
		Line  string     `json:"line,omitempty" doc:"The product that next or previous pinned last"`
		By    overlay.By `json:"by,omitzero" doc:"Who changed it last"`
		At    time.Time  `json:"changed_at,omitzero" doc:"When that was"`
		Items []LineBody `json:"items"`
	}
}

type lineAnswer struct {
	ETag string `header:"ETag"`
	Body struct {
		Rev int64 `json:"rev" doc:"Of the line-up"`
		LineBody
	}
}

func (a *API) lineups(h huma.API) {
	tags := []string{"line-ups"}
	operation(a, h, huma.Operation{OperationID: "get-lineup", Method: http.MethodGet, Path: "/api/v1/shows/{show}/lineup",
		Summary: "Read the line-up of a show", Tags: tags, Errors: []int{404}}, a.getLineup)
	operation(a, h, huma.Operation{OperationID: "set-lineup", Method: http.MethodPut, Path: "/api/v1/shows/{show}/lineup", MaxBodyBytes: maxLineup,
		Summary: "Set the line-up of a show", Tags: tags, Errors: []int{404, 409, 413, 422, 503},
		Description: "The products of a show in their order, at most 500. Send the rev that the line-up was read at (in the body, or as If-Match): if another host has changed it since, the answer is 409 and nothing changes. " +
			"With copy_from it becomes that of another show, without the times in reveal_at. Hosts who follow the room get the event lineup.changed."}, a.setLineup)
	operation(a, h, huma.Operation{OperationID: "get-line", Method: http.MethodGet, Path: "/api/v1/shows/{show}/lineup/{product}",
		Summary: "Read a line of the line-up", Tags: tags, Errors: []int{404}}, a.getLine)
	operation(a, h, huma.Operation{OperationID: "change-line", Method: http.MethodPatch, Path: "/api/v1/shows/{show}/lineup/{product}",
		Summary: "Change a line of the line-up", Tags: tags, Errors: []int{400, 404, 409, 422, 503},
		Description: "This is how a host changes a price in mid-show: viewers see it at once. When a show begins it keeps its products as they are then: a refresh of the catalogue changes no price in it, " +
			"only stock and links. A change of one product (change-product) is meant for the shows that have it, too, but the price of a line stays."}, a.changeLine)
	for _, step := range []struct{ name, summary string }{{"next", "Pin the next line of the line-up"}, {"previous", "Pin the line before"}} {
		operation(a, h, huma.Operation{OperationID: step.name, Method: http.MethodPost, Path: "/api/v1/rooms/{room}/" + step.name,
			Summary: step.summary, Tags: tags, DefaultStatus: http.StatusCreated, Errors: []int{404, 409, 422, 503},
			Description: "Of the room's present or next show. What the present line has pinned is taken down; what else is pinned stays, as long as there is room for it. " +
				"Answers as pin does. At the end of the line-up: 409."}, a.step(step.name == "previous"))
	}
}

func (a *API) getLineup(ctx context.Context, in *InShow) (*lineupAnswer, error) {
	l, err := a.as(ctx).GetLineup(ctx, in.Show)
	return lineupOf(l), err
}

func (a *API) setLineup(ctx context.Context, in *struct {
	InShow
	IfMatch string `header:"If-Match" doc:"As rev"`
	Body    struct {
		Rev      *int64 `json:"rev,omitempty" doc:"The revision that the change was made on; with any other the answer is 409"`
		Items    []line `json:"items,omitempty" nullable:"false"`
		CopyFrom string `json:"copy_from,omitempty" doc:"The id of the show whose line-up it becomes, instead of items"`
	}
}) (*lineupAnswer, error) {
	n := overlay.NewLineup{Rev: in.Body.Rev, CopyFrom: in.Body.CopyFrom}
	if err := ifMatch("line-up", in.IfMatch, &n.Rev); err != nil {
		return nil, err
	}
	if in.Body.Items == nil && in.Body.CopyFrom == "" {
		return nil, overlay.Errorf(overlay.Invalid, "send items or copy_from; an empty list of items empties the line-up")
	}
	if in.Body.Items != nil {
		n.Lines = []overlay.Line{}
	}
	if err := a.mayHave(ctx, in.Show, in.Body.CopyFrom, in.Body.Items); err != nil {
		return nil, err
	}
	for _, i := range in.Body.Items {
		n.Lines = append(n.Lines, overlay.Line{Product: i.Product, Price: i.Price, MaxPerOrder: i.MaxPerOrder, ButtonLabel: i.ButtonLabel, Note: i.Note, Reveal: i.Reveal})
	}
	l, err := a.as(ctx).SetLineup(ctx, in.Show, n)
	return lineupOf(l), err
}

func (a *API) getLine(ctx context.Context, in *struct {
	InShow
	Product string `path:"product" doc:"Id or SKU"`
}) (*lineAnswer, error) {
	l, err := a.as(ctx).GetLineup(ctx, in.Show)
	return lineIn(l, in.Product, err)
}

func (a *API) changeLine(ctx context.Context, in *struct {
	InShow
	Product string `path:"product" doc:"Id or SKU"`
	IfMatch string `header:"If-Match" doc:"As rev"`
	Body    struct {
		Rev         *int64     `json:"rev,omitempty" doc:"The revision of the line-up that the change was made on; with any other the answer is 409"`
		Price       *int64     `json:"price,omitempty" nullable:"true" doc:"In minor units; null: as in the catalogue"`
		MaxPerOrder *int64     `json:"max_per_order,omitempty" nullable:"true" doc:"null or 0: no limit"`
		ButtonLabel *string    `json:"button_label,omitempty" nullable:"true" doc:"null takes it away, as with the two below"`
		Note        *string    `json:"note,omitempty" nullable:"true"`
		Reveal      *time.Time `json:"reveal_at,omitempty" nullable:"true"`
	}
	RawBody []byte
}) (*lineAnswer, error) {
	b := &in.Body
	c := overlay.LineChange{Rev: b.Rev, Price: b.Price, MaxPerOrder: b.MaxPerOrder, ButtonLabel: b.ButtonLabel, Note: b.Note, Reveal: b.Reveal}
	err := cleared(in.RawBody, map[string]func(){
		"price": func() { c.NoPrice = true }, "max_per_order": func() { c.MaxPerOrder = new(int64) }, "button_label": func() { c.ButtonLabel = new(string) },
		"note": func() { c.Note = new(string) }, "reveal_at": func() { c.Reveal = new(time.Time) },
	})
	if err != nil {
		return nil, err
	}
	if err := ifMatch("line-up", in.IfMatch, &c.Rev); err != nil {
		return nil, err
	}
	l, err := a.as(ctx).ChangeLine(ctx, in.Show, in.Product, c)
	return lineIn(l, in.Product, err)
}

func lineIn(l overlay.Lineup, product string, err error) (*lineAnswer, error) {
	if err != nil {
		return nil, err
	}
	at := l.At(product)
	if at < 0 {
		return nil, overlay.Errorf(overlay.NotFound, "the product is not in the line-up")
	}
	all := lineupOf(l)
	out := &lineAnswer{ETag: all.ETag}
	out.Body.Rev, out.Body.LineBody = l.Rev, all.Body.Items[at]
	return out, nil
}

// ifMatch reads the revision of something in a header; "": none.
func ifMatch(of, header string, rev **int64) error {
	if header == "" {
		return nil
	}
	n, err := strconv.ParseInt(strings.Trim(header, `"`), 10, 64)
	if err != nil {
		return overlay.Errorf(overlay.Invalid, "If-Match: must be the rev of the %s", of)
	}
	*rev = &n
	return nil
}

// mayHave refuses products that a show may not have, and a show to copy that the actor may
// not see or that has such products. It puts the ids of products in place of their SKUs,
// which another organisation may have too.
func (a *API) mayHave(ctx context.Context, show, from string, items []line) error {
	if who(ctx).Everywhere(overlay.Read) {
		return nil
	}
	if len(items) > overlay.MaxLines { // each costs a query here
		return overlay.Errorf(overlay.Invalid, "items: has %d lines, at most %d are allowed", len(items), overlay.MaxLines)
	}
	of, err := a.as(ctx).GetShow(ctx, show)
	if err != nil {
		return err
	}
	if from != "" {
		copied, err := a.as(ctx).GetShow(ctx, from)
		if err != nil {
			return err
		}
		if copied.Org != of.Org {
			if err := a.mayTake(ctx, of.Org, from); err != nil {
				return err
			}
		}
	}
	for i := range items {
		id, err := a.mineIn(ctx, of.Org, items[i].Product)
		if overlay.CodeOf(err) == overlay.NotFound {
			return overlay.Errorf(overlay.NotFound, "line %d: there is no product %q, or it is another organisation's and not granted to yours", i+1, overlay.Plain(items[i].Product, 60))
		}
		if err != nil {
			return err
		}
		items[i].Product = id
	}
	return nil
}

// mayTake refuses a line-up whose products an organisation may not show.
func (a *API) mayTake(ctx context.Context, org, from string) error {
	l, err := a.as(ctx).GetLineup(ctx, from)
	if err != nil {
		return err
	}
	for i, line := range l.Lines {
		_, err := a.mineIn(ctx, org, line.Product)
		if overlay.CodeOf(err) == overlay.NotFound {
			return overlay.Errorf(overlay.NotFound, "line %d: the product belongs to another organisation, and is not granted to the one of this show", i+1)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func lineupOf(l overlay.Lineup) *lineupAnswer {
	out := &lineupAnswer{ETag: `"` + strconv.FormatInt(l.Rev, 10) + `"`}
	out.Body.Show, out.Body.Rev, out.Body.Line, out.Body.Items = l.Show, l.Rev, l.Line, []LineBody{}
	out.Body.By, out.Body.At = l.By, l.Changed
	for _, i := range l.Lines {
		out.Body.Items = append(out.Body.Items, LineBody{i.Product, i.Price, i.MaxPerOrder, i.ButtonLabel, i.Note, i.Reveal, priced(i.Goods), inCatalogue{i.Catalogue.Rev, i.Catalogue.Price}, i.Seller})
	}
	return out
}

type stepRequest struct {
	InRoom
	Once
	Body *struct {
		From *string `json:"from,omitempty" doc:"The product of the line that you take for the present one (line of the line-up; an empty text for none). If another host was faster, the answer is 409"`
	}
}

func (a *API) step(back bool) func(context.Context, *stepRequest) (*cueAnswer, error) {
	return func(ctx context.Context, in *stepRequest) (*cueAnswer, error) {
		step, asked := store.Step{Back: back}, strconv.FormatBool(back)
		if in.Body != nil && in.Body.From != nil {
			step.From = in.Body.From
			asked += " from " + *step.From
		}
		info, err := a.inTurn(ctx, in.Room, func() (overlay.CueInfo, error) { return a.as(ctx).Step(ctx, in.Room, step, in.with([]byte(asked))) })
		if err != nil {
			return nil, err
		}
		return a.made(ctx, info)
	}
}
