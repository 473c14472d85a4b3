package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mediad/overlay"
	"mediad/overlay/store"
)

// linkBody is an invitation with its link, which is shown this once.
type linkBody struct {
	ID      string       `json:"id"`
	Email   string       `json:"email"`
	Role    overlay.Role `json:"role,omitempty"`
	Link    string       `json:"link" doc:"Path on this server of the address to send to the person; it works once, and is never shown again"`
	Expires time.Time    `json:"expires" doc:"Until when the link works"`

	Posted *overlay.Posted `json:"posted,omitempty" doc:"How the letter goes that brings the link; missing: none was asked for"`
}

type linkAnswer struct {
	CacheControl string `header:"Cache-Control"`
	Body         linkBody
}

// InMember is the part of a request that names a member.
type InMember struct {
	InOrg
	Member string `path:"member" doc:"The id of the person, or of the invitation"`
}

func (a *API) members(h huma.API) {
	tags := []string{"organisations"}
	const path = "/api/v1/orgs/{org}/members"
	operation(a, h, huma.Operation{OperationID: "list-members", Method: http.MethodGet, Path: path,
		Summary: "List the people of an organisation, and its invitations", Tags: tags, Errors: []int{404, 422},
		Description: "Those who have a role in an organisation above this one are listed there."}, a.listMembers)
	operation(a, h, huma.Operation{OperationID: "invite-member", Method: http.MethodPost, Path: path,
		Summary: "Invite somebody by a link", Tags: tags, DefaultStatus: http.StatusCreated, Errors: []int{404, 409, 422, 501, 503},
		Description: "The link holds for 7 days. A second invitation of the same address takes the place of the first. Whoever is a member already gets the new role in place of the old one."}, a.inviteMember)
	operation(a, h, huma.Operation{OperationID: "set-role", Method: http.MethodPut, Path: path + "/{member}/role",
		Summary: "Give a member another role, at once", Tags: tags, Errors: []int{400, 404, 409, 422, 503},
		Description: "The last owner stays one. An invitation is changed by inviting once more."}, a.setRole)
	operation(a, h, huma.Operation{OperationID: "remove-member", Method: http.MethodDelete, Path: path + "/{member}",
		Summary: "Remove somebody, or take an invitation back", Tags: tags, DefaultStatus: http.StatusNoContent, Errors: []int{404, 409, 503}},
		func(ctx context.Context, in *InMember) (*struct{}, error) {
			return nil, a.as(ctx).RemoveMember(ctx, in.Org, in.Member)
		})
	operation(a, h, huma.Operation{OperationID: "allow-reset", Method: http.MethodPost, Path: path + "/{member}/reset",
		Summary: "Make a link with which a member sets a new password", Tags: tags, DefaultStatus: http.StatusCreated, Errors: []int{404, 501, 503},
		Description: "The link holds for a day. The audit notes who made it."}, a.allowReset)
}

type memberList struct {
	Body struct {
		Items []overlay.Member `json:"items" doc:"People by address, then invitations by address"`
		Next  string           `json:"next,omitempty" doc:"The cursor of the next page; missing on the last"`
	}
}

func (a *API) listMembers(ctx context.Context, in *struct {
	InOrg
	Paging
}) (*memberList, error) {
	all, err := a.as(ctx).Members(ctx, in.Org, in.Cursor, in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := &memberList{}
	out.Body.Items, out.Body.Next = cut(all, in.Limit, store.MemberCursor)
	return out, nil
}

func (a *API) inviteMember(ctx context.Context, in *struct {
	InOrg
	Once
	Body struct {
		Email string       `json:"email"`
		Role  overlay.Role `json:"role" enum:"owner,host,assistant,moderator,organiser,analyst"`
		Mail  bool         `json:"mail,omitempty" doc:"The server sends the link by mail, too; only where it is set up for mail (501 elsewhere)"`

		Language overlay.Language `json:"language,omitempty" enum:"en,zh" doc:"Of the letter; that of the organisation if left out"`
	}
	RawBody []byte
}) (*linkAnswer, error) {
	how, err := a.sending(in.Body.Mail, in.Body.Language)
	if err != nil {
		return nil, err
	}
	made, link, err := a.as(ctx).Invite(ctx, in.Org, in.Body.Email, in.Body.Role, how, in.with(in.RawBody))
	a.posted(made)
	return a.linked(made, link, "invitation"), err
}

type memberAnswer struct{ Body overlay.Member }

func (a *API) setRole(ctx context.Context, in *struct {
	InMember
	Body struct {
		Role overlay.Role `json:"role" enum:"owner,host,assistant,moderator,organiser,analyst"`
	}
}) (*memberAnswer, error) {
	m, err := a.as(ctx).ChangeRole(ctx, in.Org, in.Member, in.Body.Role)
	return &memberAnswer{Body: m}, err
}

func (a *API) allowReset(ctx context.Context, in *struct {
	InMember
	Once
	Mail bool `query:"mail" doc:"The server sends the link by mail, too"`
}) (*linkAnswer, error) {
	how, err := a.sending(in.Mail, "")
	if err != nil {
		return nil, err
	}
	made, link, err := a.as(ctx).AllowReset(ctx, in.Org, in.Member, how, in.with(strconv.AppendBool(nil, in.Mail)))
	a.posted(made)
	return a.linked(made, link, "password"), err
}

// linked gives an invitation with its link. The secret stands behind the #, which
// browsers send to no server, so that it is in no log.
func (a *API) linked(i store.Invitation, link, what string) *linkAnswer {
	return &linkAnswer{CacheControl: "no-store", Body: linkBody{ID: i.ID, Email: i.Email, Role: i.Role, Link: a.o.Base + "/studio#" + what + "=" + link, Expires: i.Expires, Posted: i.Posted}}
}
