package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"mediad/overlay"
)

type signInBody struct {
	Email    string `json:"email" doc:"E-mail address"`
	Password string `json:"password"`
	Token    string `json:"token,omitempty" doc:"The admin token of the first start: sets up the owner with this address and password. It works once"`
	Name     string `json:"name,omitempty" doc:"Of the owner who is set up"`
	Shop     string `json:"shop,omitempty" doc:"What the first organisation is called from then on, where the owner is set up: at most 150 characters of plain text; left out, its name stays"`
}

type meBody struct {
	Name   string    `json:"name" doc:"The address of a person, or the name of a token"`
	Person string    `json:"person,omitempty" doc:"The id of the person who is signed in; missing for a token"`
	Token  string    `json:"token,omitempty" doc:"The id of the token that was sent; missing for a person"`
	CSRF   string    `json:"csrf,omitempty" doc:"For the header X-Mediad-CSRF of requests that change something; missing for a token, which needs none"`
	Roles  []granted `json:"roles" doc:"One for each organisation, those below another included"`
}

// granted is a role with what it allows, so that pages need no table of roles.
type granted struct {
	overlay.Grant
	May []overlay.Action `json:"may" enum:"read,figures,sell,moderate,goods,run,key,own,people,operate" doc:"What the role allows there; operate counts in the organisation home alone, or everywhere"`
}

// signedIn is an answer that sets the cookie, or takes it away.
type signedIn struct {
	SetCookie    http.Cookie `header:"Set-Cookie"`
	CacheControl string      `header:"Cache-Control"`
	Body         meBody
}

func (a *API) sessions(h huma.API) {
	tags := []string{"sign-in"}
	open(a, h, huma.Operation{OperationID: "sign-in", Method: http.MethodPost, Path: "/api/v1/session",
		Summary: "Sign in with address and password", Tags: tags, Errors: []int{401, 409, 422, 429, 503},
		Description: "Sets the cookie mediad_session, which other sites' scripts cannot read. It holds for 30 days, and ends sooner after 7 days without use. " +
			"Ten wrong passwords for an account, from wherever they come, and the next is refused for a minute (429)."}, a.signIn)
	operation(a, h, huma.Operation{OperationID: "sign-out", Method: http.MethodDelete, Path: "/api/v1/session",
		Summary: "Sign out, here or everywhere", Tags: tags, DefaultStatus: http.StatusNoContent, Errors: []int{503}}, a.signOut)
	operation(a, h, huma.Operation{OperationID: "me", Method: http.MethodGet, Path: "/api/v1/me",
		Summary: "Who one is, and with which roles", Tags: tags}, func(ctx context.Context, _ *struct{}) (*struct {
		CacheControl string `header:"Cache-Control"`
		Body         meBody
	}, error) {
		p := passOf(ctx)
		return &struct {
			CacheControl string `header:"Cache-Control"`
			Body         meBody
		}{"no-store", a.me(p.actor, p.cookie)}, nil
	})
}

// open is a route that asks for nothing.
func open[I, O any](a *API, h huma.API, op huma.Operation, f func(context.Context, *I) (*O, error)) {
	op.MaxBodyBytes = maxBody
	op.Middlewares = append(op.Middlewares, a.ownPages(h), withRemote, onlyKnown(h), readWell)
	register(a, h, op, f)
}

// ownPages refuses what a page of another site makes a browser send: it could sign
// somebody in as somebody else.
func (a *API) ownPages(h huma.API) func(huma.Context, func(huma.Context)) {
	cross := http.NewCrossOriginProtection()
	return func(ctx huma.Context, next func(huma.Context)) {
		if r, _ := humago.Unwrap(ctx); cross.Check(r) != nil {
			a.refuse(h, ctx, overlay.Errorf(overlay.Forbidden, "pages of other sites sign nobody in"))
			return
		}
		next(ctx)
	}
}

// comingKey finds the request's address, and whether it came over TLS, in a context.
type comingKey struct{}

type coming struct {
	remote, host string
	secure       bool
}

func withRemote(ctx huma.Context, next func(huma.Context)) {
	r, _ := humago.Unwrap(ctx)
	next(huma.WithValue(ctx, comingKey{}, comingIn(r)))
}

func comingIn(r *http.Request) coming {
	// A proxy in front may say that it was asked over TLS. Whoever says so wrongly only
	// keeps the own browser from sending the cookie.
	return coming{r.RemoteAddr, r.Host, r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https"}
}

func comingFrom(ctx context.Context) coming {
	c, _ := ctx.Value(comingKey{}).(coming)
	return c
}

func (a *API) me(who overlay.Actor, cookie string) meBody {
	b := meBody{Name: who.Name, Person: who.Person, Token: who.Token, Roles: make([]granted, len(who.Grants))}
	if cookie != "" {
		b.CSRF = a.door.CSRF(cookie)
	}
	for i, g := range who.Grants {
		b.Roles[i] = granted{g, g.Actions()}
	}
	return b
}

func (a *API) signIn(ctx context.Context, in *struct{ Body signInBody }) (*signedIn, error) {
	email, err := overlay.CheckEmail(in.Body.Email)
	if err != nil {
		return nil, err
	}
	if in.Body.Token != "" {
		return a.setUp(ctx, email, in.Body)
	}
	person, err := a.checkPassword(ctx, email, in.Body.Password)
	if err != nil {
		return nil, err
	}
	cookie, err := a.door.OpenSession(ctx, person.ID)
	if err != nil {
		return nil, err
	}
	return a.welcome(ctx, cookie)
}

// setUp makes the first owner, for whoever has a token of the whole server.
func (a *API) setUp(ctx context.Context, email string, in signInBody) (*signedIn, error) {
	from := comingFrom(ctx)
	if err := a.banned(from.remote); err != nil {
		return nil, err
	}
	by, err := a.door.CheckToken(ctx, in.Token)
	if err != nil {
		if overlay.CodeOf(err) == overlay.Unauthorized {
			a.wrong(from.remote, in.Token)
		}
		return nil, err
	}
	if !by.Everywhere(overlay.Operate) {
		return nil, overlay.Errorf(overlay.Forbidden, "token: only the admin token sets up the owner")
	}
	name, err := overlay.CheckPersonName(in.Name)
	if err != nil {
		return nil, err
	}
	shop, err := overlay.CheckShopName(in.Shop)
	if err != nil {
		return nil, err
	}
	hash, err := a.hash(ctx, in.Password)
	if err != nil {
		return nil, err
	}
	_, cookie, err := a.door.SetUpOwner(ctx, overlay.Person{Email: email, Name: name}, hash, shop, by)
	if err != nil {
		return nil, err
	}
	a.o.Logger.InfoContext(ctx, "the owner is set up", "actor", by.Name)
	return a.welcome(ctx, cookie)
}

// welcome answers with the cookie of a new session.
func (a *API) welcome(ctx context.Context, cookie string) (*signedIn, error) {
	found, err := a.door.CheckSession(ctx, cookie)
	if err != nil {
		return nil, err
	}
	return &signedIn{SetCookie: a.cookie(cookie, comingFrom(ctx).secure, int(overlay.SessionLife/time.Second)), CacheControl: "no-store", Body: a.me(found, cookie)}, nil
}

func (a *API) cookie(value string, secure bool, age int) http.Cookie {
	return http.Cookie{Name: sessionCookie, Value: value, Path: a.o.Base + "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: secure, MaxAge: age}
}

func (a *API) signOut(ctx context.Context, in *struct {
	Everywhere bool `query:"everywhere" doc:"Also on all other devices"`
}) (*struct {
	SetCookie http.Cookie `header:"Set-Cookie"`
}, error) {
	p := passOf(ctx)
	if p.cookie == "" {
		return nil, overlay.Errorf(overlay.Forbidden, "a token does not sign out; revoke it instead")
	}
	if err := a.door.CloseSession(ctx, p.cookie, in.Everywhere); err != nil {
		return nil, err
	}
	return &struct {
		SetCookie http.Cookie `header:"Set-Cookie"`
	}{a.cookie("", false, -1)}, nil
}
