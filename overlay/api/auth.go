package api

import (
	"cmp"
	"context"
	"crypto/subtle"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"mediad/overlay"
	"mediad/overlay/store"
)

// sessionCookie holds the session of a person. Another site's page can make a browser
// send it, but not csrfHeader.
const (
	sessionCookie = "mediad_session"
	csrfHeader    = "X-Mediad-CSRF"
	pageHeader    = "X-Mediad-Page" // a page's name for itself, in the events that it causes
)

// pass is who asks, and how to look whether that still holds.
type pass struct {
	actor  overlay.Actor
	cookie string                                       // of the session; "": it is a token
	again  func(context.Context) (overlay.Actor, error) // reads the roles anew
	still  func(context.Context) bool                   // tells whether the operation is still allowed
}

// passKey finds the pass in a context.
type passKey struct{}

func passOf(ctx context.Context) *pass {
	p, _ := ctx.Value(passKey{}).(*pass)
	if p == nil {
		return &pass{}
	}
	return p
}

// who gives the actor of a request.
func who(ctx context.Context) overlay.Actor { return passOf(ctx).actor }

// as gives the store as whoever sent the request may use it.
func (a *API) as(ctx context.Context) store.Acting { return a.o.Store.As(who(ctx)) }

// actor gives the actor's name, for the audit.
func actor(ctx context.Context) string { return who(ctx).Name }

// still gives the function that tells whether a long answer may go on.
func still(ctx context.Context) func(context.Context) bool {
	if p := passOf(ctx); p.still != nil {
		return p.still
	}
	return func(context.Context) bool { return true }
}

// authorise lets those pass whom the table of rights names for the operation.
func (a *API) authorise(h huma.API) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		r, _ := humago.Unwrap(ctx)
		p, err := a.asking(r)
		if err == nil {
			need, known := a.rights[ctx.Operation().OperationID]
			if !known {
				need = right{overlay.Operate, everywhere} // until the table says more
			}
			p.still = func(ctx context.Context) bool {
				now, err := p.again(ctx)
				if err == nil {
					err = a.allowed(ctx, now, need, r)
				}
				code := overlay.CodeOf(err)
				return code != overlay.Unauthorized && code != overlay.Forbidden && code != overlay.NotFound
			}
			by, bad := p.by(r)
			if err = cmp.Or(bad, a.allowed(ctx.Context(), p.actor, need, r)); err == nil {
				next(huma.WithContext(ctx, store.Signed(context.WithValue(ctx.Context(), passKey{}, p), by)))
				return
			}
		}
		a.refuse(h, ctx, err)
	}
}

// by gives who asks as hosts are told of it.
func (p *pass) by(r *http.Request) (overlay.By, error) {
	page := r.Header.Get(pageHeader)
	return p.actor.By(page), overlay.CheckPage(page)
}

// refuse answers with an error before the request is read.
func (a *API) refuse(h huma.API, ctx huma.Context, err error) {
	p := a.problem(ctx.Context(), err)
	challenge(err, ctx.SetHeader)
	ctx.SetHeader("Content-Type", "application/problem+json")
	ctx.SetStatus(p.Status)
	_ = h.Marshal(ctx.BodyWriter(), "application/json", p) // the client may have gone
}

// asking finds who sends a request: a token in its header, or else a session.
func (a *API) asking(r *http.Request) (*pass, error) {
	ctx := r.Context()
	cookie, err := r.Cookie(sessionCookie)
	if r.Header.Get("Authorization") != "" || err != nil || cookie.Value == "" {
		token, err := a.bearer(r.RemoteAddr, r.Header.Get("Authorization"))
		if err != nil {
			return nil, err
		}
		again := func(ctx context.Context) (overlay.Actor, error) { return a.door.CheckToken(ctx, token) }
		found, err := again(ctx)
		if overlay.CodeOf(err) == overlay.Unauthorized {
			a.wrong(r.RemoteAddr, token)
		}
		return &pass{actor: found, again: again}, err
	}
	if err := a.banned(r.RemoteAddr); err != nil {
		return nil, err
	}
	again := func(ctx context.Context) (overlay.Actor, error) {
		return a.door.CheckSession(ctx, cookie.Value)
	}
	found, err := again(ctx)
	if err != nil {
		if overlay.CodeOf(err) == overlay.Unauthorized {
			a.wrong(r.RemoteAddr, cookie.Value)
		}
		return nil, err
	}
	changes := r.Method != http.MethodGet && r.Method != http.MethodHead && r.Method != http.MethodOptions
	if changes && subtle.ConstantTimeCompare([]byte(r.Header.Get(csrfHeader)), []byte(a.door.CSRF(cookie.Value))) != 1 {
		return nil, overlay.Errorf(overlay.Forbidden, "send the header %s with the value csrf of /api/v1/me: without it, another site could make your browser send this request", csrfHeader)
	}
	return &pass{actor: found, cookie: cookie.Value, again: again}, nil
}

// MayRead returns an error for a request from somebody who may not read a room.
func (a *API) MayRead(r *http.Request, slug string) error {
	p, err := a.asking(r)
	if err != nil {
		return err
	}
	_, err = a.o.Store.As(p.actor).Room(r.Context(), slug)
	return err
}

// Guesses keeps networks out that try one wrong token after the other. remote is HOST:PORT.
type Guesses interface {
	// Left is how long remote still stays out; 0: it is not kept out.
	Left(remote string) time.Duration
	// Wrong notes a wrong token.
	Wrong(remote, token string)
}

// challenge adds the headers that an answer to a wrong token has.
func challenge(err error, set func(name, value string)) {
	var late *bannedError
	switch {
	case errors.As(err, &late):
		set("Retry-After", strconv.Itoa(int(late.left/time.Second)+1))
	case overlay.CodeOf(err) == overlay.Unauthorized:
		set("WWW-Authenticate", `Bearer realm="mediad"`) // RFC 6750 3
	}
}

// bannedError refuses a network, also with a right token: an answer to that one
// would tell which of the guesses was right.
type bannedError struct {
	left time.Duration
	what string // there were too many of these
}

func (e *bannedError) Error() string { return e.Unwrap().Error() }

func (e *bannedError) Unwrap() error {
	return overlay.Errorf(overlay.TooMany, "too many wrong %s; it may try again in %v", e.what, e.left.Round(time.Second))
}

// banned refuses a network that has guessed too often.
func (a *API) banned(remote string) error {
	if a.o.Guesses == nil {
		return nil
	}
	if left := a.o.Guesses.Left(remote); left > 0 {
		return &bannedError{left, "tokens came from your address"}
	}
	return nil
}

// wrong notes a wrong token, password or link.
func (a *API) wrong(remote, guess string) {
	if a.o.Guesses != nil {
		a.o.Guesses.Wrong(remote, guess)
	}
}

// bearer gives the token of a request. remote is its address.
func (a *API) bearer(remote, header string) (string, error) {
	scheme, token, _ := strings.Cut(header, " ")
	if token = strings.TrimSpace(token); !strings.EqualFold(scheme, "Bearer") || token == "" {
		return "", overlay.Errorf(overlay.Unauthorized, "send the header Authorization: Bearer TOKEN")
	}
	return token, a.banned(remote)
}
