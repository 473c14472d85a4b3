package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"mediad/overlay"
)

// newToken is a token with the token itself. It is exported within, because huma leaves
// out the embedded fields of types that are not.
type newToken struct {
	overlay.Token
	Secret string `json:"token" doc:"The token itself; it is shown only this once"`
}

func (a *API) tokens(h huma.API) {
	tags := []string{"tokens"}
	operation(a, h, huma.Operation{OperationID: "list-tokens", Method: http.MethodGet, Path: "/api/v1/tokens",
		Summary: "List the tokens of one's organisations", Tags: tags, Errors: []int{422}}, a.listTokens)
	operation(a, h, huma.Operation{OperationID: "create-token", Method: http.MethodPost, Path: "/api/v1/tokens",
		Summary: "Make a token for a machine or a dock; it is shown once", Tags: tags, DefaultStatus: http.StatusCreated, Errors: []int{404, 409, 422, 503}}, a.createToken)
	operation(a, h, huma.Operation{OperationID: "revoke-token", Method: http.MethodDelete, Path: "/api/v1/tokens/{token}",
		Summary: "Revoke a token: within a second nobody can use it, and its event streams end", Tags: tags, DefaultStatus: http.StatusNoContent, Errors: []int{404, 409, 503}},
		func(ctx context.Context, in *struct {
			Token string `path:"token" doc:"The token's id"`
		}) (*struct{}, error) {
			return nil, a.as(ctx).RevokeToken(ctx, in.Token)
		})
}

type tokenList struct {
	Body struct {
		Items []overlay.Token `json:"items"`
		Next  string          `json:"next,omitempty" doc:"The cursor of the next page; missing on the last"`
	}
}

func (a *API) listTokens(ctx context.Context, in *struct {
	Paging
	Org string `query:"org" doc:"Of this organisation alone"`
}) (*tokenList, error) {
	scope, err := a.scopeOf(ctx, overlay.People, in.Org)
	if err != nil {
		return nil, err
	}
	all, err := a.as(ctx).Tokens(ctx, scope, in.Cursor, in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := &tokenList{}
	out.Body.Items, out.Body.Next = cut(all, in.Limit, func(t overlay.Token) string { return t.ID })
	return out, nil
}

func (a *API) createToken(ctx context.Context, in *struct {
	Once
	Body struct {
		Name  string       `json:"name" doc:"At most 100 characters; unique in the organisation"`
		Role  overlay.Role `json:"role" enum:"owner,host,assistant,moderator,organiser,analyst"`
		Org   string       `json:"org,omitempty" doc:"Your own organisation if left out"`
		Rooms []string     `json:"rooms,omitempty" doc:"Slugs of the rooms that it is for; all of the organisation if left out"`
	}
	RawBody []byte
}) (*struct {
	CacheControl string `header:"Cache-Control"`
	Body         newToken
}, error) {
	org, err := a.placeFor(ctx, overlay.People, in.Body.Org)
	if err != nil {
		return nil, err
	}
	made, token, err := a.as(ctx).CreateToken(ctx, overlay.Token{Name: in.Body.Name, Role: in.Body.Role, Org: org, Rooms: in.Body.Rooms}, in.with(in.RawBody))
	return &struct {
		CacheControl string `header:"Cache-Control"`
		Body         newToken
	}{"no-store", newToken{made, token}}, err
}
