package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mediad/overlay"
	"mediad/overlay/store"
)

type orgAnswer struct {
	Location string `header:"Location"`
	Body     overlay.Org
}

// InOrg is the part of a request that names an organisation.
type InOrg struct {
	Org string `path:"org" doc:"The organisation's id; home is the first one"`
}

func (a *API) orgs(h huma.API) {
	tags := []string{"organisations"}
	operation(a, h, huma.Operation{OperationID: "list-orgs", Method: http.MethodGet, Path: "/api/v1/orgs",
		Summary: "List the organisations in which one has a role", Tags: tags}, a.listOrgs)
	operation(a, h, huma.Operation{OperationID: "create-org", Method: http.MethodPost, Path: "/api/v1/orgs",
		Summary: "Add an organisation", Tags: tags, DefaultStatus: http.StatusCreated, Errors: []int{409, 422, 503},
		Description: "Below another one, whose owners then own it too; or, for owners of the first organisation, beside all others: whoever makes it becomes its owner."}, a.createOrg)
	operation(a, h, huma.Operation{OperationID: "get-org", Method: http.MethodGet, Path: "/api/v1/orgs/{org}",
		Summary: "Read an organisation", Tags: tags, Errors: []int{404}}, func(ctx context.Context, in *InOrg) (*orgAnswer, error) {
		org, err := a.as(ctx).Org(ctx, in.Org)
		return &orgAnswer{Body: org}, err
	})
	operation(a, h, huma.Operation{OperationID: "change-org", Method: http.MethodPatch, Path: "/api/v1/orgs/{org}",
		Summary: "Change an organisation", Tags: tags, Errors: []int{400, 404, 409, 422, 503}}, a.changeOrg)
	operation(a, h, huma.Operation{OperationID: "list-audit", Method: http.MethodGet, Path: "/api/v1/audit",
		Summary: "List who did what, the latest first", Tags: tags, Errors: []int{422}}, a.listAudit)
}

type orgList struct {
	Body struct {
		Items []overlay.Org `json:"items"`
		Next  string        `json:"next,omitempty" doc:"The cursor of the next page; missing on the last"`
	}
}

func (a *API) listOrgs(ctx context.Context, in *struct{ Paging }) (*orgList, error) {
	out := &orgList{}
	orgs, err := a.as(ctx).Orgs(ctx, in.Cursor, in.Limit+1)
	if err != nil {
		return nil, err
	}
	out.Body.Items, out.Body.Next = cut(orgs, in.Limit, func(o overlay.Org) string { return o.ID })
	return out, nil
}

func (a *API) createOrg(ctx context.Context, in *struct {
	Once
	Body struct {
		Name     string          `json:"name" doc:"At most 150 characters of plain text"`
		Kind     overlay.OrgKind `json:"kind,omitempty" enum:"merchant,agency,organiser" doc:"merchant if left out"`
		Parent   string          `json:"parent,omitempty" doc:"The organisation that it is a part of; none if left out"`
		Region   string          `json:"region,omitempty"`
		Currency string          `json:"currency,omitempty" doc:"ISO 4217"`
		Timezone string          `json:"timezone,omitempty" doc:"A name of the IANA database, such as Asia/Shanghai"`

		Language overlay.Language `json:"language,omitempty" enum:"en,zh" doc:"Of letters that its people send; en if left out"`
	}
	RawBody []byte
}) (*orgAnswer, error) {
	b := in.Body
	org, err := a.as(ctx).CreateOrg(ctx, overlay.Org{Name: b.Name, Kind: b.Kind, Parent: b.Parent, Region: b.Region, Currency: b.Currency, Timezone: b.Timezone, Language: b.Language}, in.with(in.RawBody))
	return &orgAnswer{Location: a.o.Base + "/api/v1/orgs/" + org.ID, Body: org}, err
}

// mayStandBelow refuses a parent in which the actor may not add anything; "" is none.
func (a *API) changeOrg(ctx context.Context, in *struct {
	InOrg
	Body struct {
		Name     *string          `json:"name,omitempty"`
		Kind     *overlay.OrgKind `json:"kind,omitempty" nullable:"true" enum:"merchant,agency,organiser" doc:"null: merchant"`
		Parent   *string          `json:"parent,omitempty" nullable:"true" doc:"null: none"`
		Region   *string          `json:"region,omitempty" nullable:"true" doc:"null takes it away, as with the three below"`
		Currency *string          `json:"currency,omitempty" nullable:"true"`
		Timezone *string          `json:"timezone,omitempty" nullable:"true"`

		Language *overlay.Language `json:"language,omitempty" nullable:"true" enum:"en,zh"`
	}
	RawBody []byte
}) (*orgAnswer, error) {
	b := &in.Body
	err := cleared(in.RawBody, map[string]func(){
		"kind":     func() { b.Kind = new(overlay.OrgKind) },
		"parent":   func() { b.Parent = new(string) },
		"region":   func() { b.Region = new(string) },
		"currency": func() { b.Currency = new(string) },
		"timezone": func() { b.Timezone = new(string) },
		"language": func() { b.Language = new(overlay.Language) },
	})
	if err != nil {
		return nil, err
	}
	change := overlay.OrgChange{Name: b.Name, Kind: b.Kind, Parent: b.Parent, Region: b.Region, Currency: b.Currency, Timezone: b.Timezone, Language: b.Language}
	org, err := a.as(ctx).ChangeOrg(ctx, in.Org, change)
	return &orgAnswer{Body: org}, err
}

type auditList struct {
	Body struct {
		Items []overlay.Audited `json:"items" doc:"The latest first"`
		Next  string            `json:"next,omitempty" doc:"The cursor of the next page; missing on the last"`
	}
}

func (a *API) listAudit(ctx context.Context, in *struct {
	Paging
	Org   string    `query:"org" doc:"Of this organisation alone"`
	Actor string    `query:"actor" maxLength:"320" doc:"Done by this person (the address) or token (the name)" example:"li@shop.example"`
	Kind  []string  `query:"kind" maxItems:"20" doc:"Done to these kinds of things: what stands before the dot of the action" example:"room,stream_key"`
	From  time.Time `query:"from" doc:"RFC 3339; from the first if left out"`
	To    time.Time `query:"to" doc:"RFC 3339, before this; to the last if left out"`
}) (*auditList, error) {
	scope, err := a.scopeOf(ctx, overlay.People, in.Org)
	if err != nil {
		return nil, err
	}
	all, err := a.as(ctx).Audit(ctx, store.AuditQuery{In: scope, Actor: in.Actor, Kinds: in.Kind, From: in.From, To: in.To, Before: in.Cursor, Limit: in.Limit + 1})
	if err != nil {
		return nil, err
	}
	out := &auditList{}
	out.Body.Items, out.Body.Next = cut(all, in.Limit, func(e overlay.Audited) string { return e.ID })
	return out, nil
}

// scopeOf gives the scope of a list: of one organisation that is named, or of all in
// which the actor may do this.
func (a *API) scopeOf(ctx context.Context, do overlay.Action, named string) (overlay.Scope, error) {
	if named == "" {
		return who(ctx).OrgScope(do), nil
	}
	org, err := a.placeFor(ctx, do, named)
	return overlay.Scope{Orgs: []string{org}}, err
}
