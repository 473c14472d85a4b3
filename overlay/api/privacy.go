package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mediad/overlay"
	"mediad/overlay/store"
)

// How often an actor may ask for a person's data: many at once, since a request may come with
// many handles, and then slowly, so that nobody tries all.
const (
	asksAtOnce = 30
	askEvery   = 10 * time.Second
)

// keptBody is a kind of what is kept about people, with for how long.
type keptBody struct {
	overlay.Personal
	Days   int64 `json:"days,omitempty" doc:"For how many days it is kept in this organisation; missing: see until"`
	Chosen bool  `json:"chosen" doc:"true: the organisation chose the days; false: they are the server's"`
	Least  int64 `json:"least_days,omitempty" doc:"The least that an organisation may choose; missing: it cannot choose"`
	Most   int64 `json:"most_days,omitempty" doc:"The most: an organisation never keeps longer than the server"`
}

type retentionAnswer struct {
	Body struct {
		Items   []keptBody `json:"items" doc:"All that is kept about people"`
		Contact string     `json:"contact,omitempty" doc:"Whom viewers ask about what is kept of them; no page of viewers shows it yet"`
	}
}

type personAnswer struct {
	CacheControl string `header:"Cache-Control"`
	Body         overlay.PersonData
}

type erasedPersonAnswer struct{ Body overlay.ErasedPerson }

func (a *API) privacy(h huma.API) {
	tags := []string{"privacy"}
	const path, person = "/api/v1/orgs/{org}/retention", "/api/v1/orgs/{org}/person"
	operation(a, h, huma.Operation{OperationID: "get-retention", Method: http.MethodGet, Path: path, Tags: tags, Errors: []int{404},
		Summary: "What an organisation keeps about people, and for how long"}, func(ctx context.Context, in *InOrg) (*retentionAnswer, error) {
		return a.retention(a.as(ctx).Retentions(ctx, in.Org))
	})
	operation(a, h, huma.Operation{OperationID: "set-retention", Method: http.MethodPut, Path: path, Tags: tags, Errors: []int{404, 409, 422, 503},
		Summary: "Say for how many days an organisation keeps what is kept about people, and whom viewers ask", Description: "Never longer than the server does. What is older is erased within the hour; sums and money stay."}, func(ctx context.Context, in *struct {
		InOrg
		Body struct {
			Days    map[overlay.PersonalKind]int64 `json:"days,omitempty" doc:"By kind; 0: as the server has it. A kind that is left out stays as it is"`
			Contact *string                        `json:"contact,omitempty" doc:"A mail address or a web address (https); empty: none. Left out: as it is"`
		}
	}) (*retentionAnswer, error) {
		return a.retention(a.as(ctx).SetRetentions(ctx, in.Org, a.o.People, in.Body.Days, in.Body.Contact))
	})
	const told = "The body has one handle. It is not in the address, which proxies and logs keep."
	operation(a, h, huma.Operation{OperationID: "find-person", Method: http.MethodPost, Path: person, Tags: tags, DefaultStatus: http.StatusOK, Errors: []int{404, 422, 429},
		Summary: "Read all that an organisation keeps of one person", Description: told + " At most 20,000 rows of a kind."}, func(ctx context.Context, in *struct {
		InOrg
		Body overlay.Handle
	}) (*personAnswer, error) {
		if err := a.mayAskFor(ctx); err != nil {
			return nil, err
		}
		found, err := a.as(ctx).PersonData(ctx, in.Org, in.Body)
		return &personAnswer{"no-store", found}, err
	})
	operation(a, h, huma.Operation{OperationID: "erase-person", Method: http.MethodPost, Path: person + "/erase", Tags: tags, DefaultStatus: http.StatusOK, Errors: []int{404, 409, 422, 429, 503},
		Summary: "Erase all that an organisation keeps of one person", Description: told + " It cannot be taken back. Counts and money stay: a comment, a view, an order is of nobody then. The audit has who erased, when, and a proof in place of the handle."}, func(ctx context.Context, in *struct {
		InOrg
		Body overlay.Handle
	}) (*erasedPersonAnswer, error) {
		if err := a.mayAskFor(ctx); err != nil {
			return nil, err
		}
		done, said, err := a.as(ctx).ErasePerson(ctx, in.Org, in.Body)
		for show, ids := range said {
			if err == nil {
				err = a.moderated(ctx, show, ids...)
			}
		}
		return &erasedPersonAnswer{done}, err
	})
}

func (a *API) retention(r store.Retentions, err error) (*retentionAnswer, error) {
	if err != nil {
		return nil, err
	}
	out := &retentionAnswer{}
	out.Body.Contact = r.Contact
	for _, p := range overlay.PersonalKinds() {
		b := keptBody{Personal: p}
		if keep, ok := a.o.People.Of(p.Kind); ok {
			b.Days = int64(keep / (24 * time.Hour))
		}
		if most := a.o.People.MostDays(p.Kind); p.Least > 0 && most >= p.Least {
			b.Least, b.Most = p.Least, most
			if own := r.Days[p.Kind]; own > 0 && (b.Days == 0 || own <= b.Days) {
				b.Days, b.Chosen = own, true
			}
		}
		out.Body.Items = append(out.Body.Items, b)
	}
	return out, nil
}

// mayAskFor bounds how often an actor asks for somebody's data.
func (a *API) mayAskFor(ctx context.Context) error {
	name := who(ctx).Name
	if left := a.askers.left(name, time.Now()); left > 0 {
		return overlay.Errorf(overlay.TooMany, "too many people are asked for; try again in %v", max(left.Round(time.Second), time.Second))
	}
	a.askers.wrong(name, time.Now())
	return nil
}
