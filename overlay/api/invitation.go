package api

import (
	"context"
	"time"

	"mediad/overlay"
)

// invitedBody is what stands behind a link, for the page on which it is used.
type invitedBody struct {
	Email   string       `json:"email" doc:"Of the person whom the link is for"`
	Org     string       `json:"organisation,omitempty" doc:"The name of the organisation that invites; missing: the link sets a new password"`
	Role    overlay.Role `json:"role,omitempty" enum:"owner,host,assistant,moderator,organiser,analyst"`
	By      string       `json:"by" doc:"Who made the link"`
	Known   bool         `json:"known" doc:"The person has an account already, and accepts with its present password"`
	Expires time.Time    `json:"expires"`
}

func (a *API) readInvitation(ctx context.Context, in *struct {
	Body struct {
		Token string `json:"token" doc:"What stands behind the = of the link"`
	}
}) (*struct {
	CacheControl string `header:"Cache-Control"`
	Body         invitedBody
}, error) {
	found, err := a.linkOf(ctx, in.Body.Token)
	if err != nil {
		return nil, err
	}
	b := invitedBody{Email: found.Email, Org: found.OrgName, Role: found.Role, By: found.By, Expires: found.Expires}
	if b.Known, err = a.hasAccount(ctx, found.Email); err != nil {
		return nil, err
	}
	return &struct {
		CacheControl string `header:"Cache-Control"`
		Body         invitedBody
	}{"no-store", b}, nil
}

func (a *API) hasAccount(ctx context.Context, email string) (bool, error) {
	_, err := a.door.AccountByEmail(ctx, email)
	if overlay.CodeOf(err) == overlay.NotFound {
		return false, nil
	}
	return err == nil, err
}
