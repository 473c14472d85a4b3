package api

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mediad/overlay"
)

// actorKey finds the name of the token in a context.
type actorKey struct{}

func actor(ctx context.Context) string {
	name, _ := ctx.Value(actorKey{}).(string)
	return name
}

// authorise lets only owners pass: the one role of this version.
func (a *API) authorise(h huma.API) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		name, err := a.bearer(ctx.Context(), ctx.RemoteAddr(), ctx.Header("Authorization"))
		if err == nil {
			next(huma.WithValue(ctx, actorKey{}, name))
			return
		}
		p := a.problem(ctx.Context(), err)
		challenge(err, ctx.SetHeader)
		ctx.SetHeader("Content-Type", "application/problem+json")
		ctx.SetStatus(p.Status)
		_ = h.Marshal(ctx.BodyWriter(), "application/json", p) // the client may have gone
	}
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
	var banned *bannedError
	switch {
	case errors.As(err, &banned):
		set("Retry-After", strconv.Itoa(int(banned.left/time.Second)+1))
	case overlay.CodeOf(err) == overlay.Unauthorized:
		set("WWW-Authenticate", `Bearer realm="mediad"`) // RFC 6750 3
	}
}

// bannedError refuses a network, also with a right token: an answer to that one
// would tell which of the guesses was right.
type bannedError struct{ left time.Duration }

func (e *bannedError) Error() string { return e.Unwrap().Error() }

func (e *bannedError) Unwrap() error {
	return overlay.Errorf(overlay.TooMany, "too many wrong tokens came from your address; it may try again in %v", e.left.Round(time.Second))
}

// bearer gives the name and the role of the token of a request. remote is its address.
func (a *API) bearer(ctx context.Context, remote, header string) (string, error) {
	scheme, token, _ := strings.Cut(header, " ")
	if token = strings.TrimSpace(token); !strings.EqualFold(scheme, "Bearer") || token == "" {
		return "", overlay.Errorf(overlay.Unauthorized, "send the header Authorization: Bearer TOKEN")
	}
	if a.o.Guesses != nil {
		if left := a.o.Guesses.Left(remote); left > 0 {
			return "", &bannedError{left}
		}
	}
	name, role, err := a.o.Store.CheckToken(ctx, token)
	if err != nil {
		if a.o.Guesses != nil && overlay.CodeOf(err) == overlay.Unauthorized {
			a.o.Guesses.Wrong(remote, token)
		}
		return "", err
	}
	if role != overlay.Owner {
		return "", overlay.Errorf(overlay.Forbidden, "the role %s may not do this", role)
	}
	return name, nil
}
