package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"mediad/overlay"
)

// actorKey finds in a context who asks.
type actorKey struct{}

func actor(ctx context.Context) string {
	name, _ := ctx.Value(actorKey{}).(string)
	return name
}

// authorise lets only owners pass: the one role of this version.
func (a *API) authorise(h huma.API) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		name, err := a.bearer(ctx.Context(), ctx.Header("Authorization"))
		if err == nil {
			next(huma.WithValue(ctx, actorKey{}, name))
			return
		}
		p := a.problem(ctx.Context(), err)
		if p.Status == http.StatusUnauthorized {
			ctx.SetHeader("WWW-Authenticate", `Bearer realm="mediad"`) // RFC 6750 3
		}
		ctx.SetHeader("Content-Type", "application/problem+json")
		ctx.SetStatus(p.Status)
		_ = h.Marshal(ctx.BodyWriter(), "application/json", p) // the client may have gone
	}
}

func (a *API) bearer(ctx context.Context, header string) (string, error) {
	scheme, token, _ := strings.Cut(header, " ")
	if token = strings.TrimSpace(token); !strings.EqualFold(scheme, "Bearer") || token == "" {
		return "", overlay.Errorf(overlay.Unauthorized, "send the header Authorization: Bearer TOKEN")
	}
	name, role, err := a.o.Store.CheckToken(ctx, token)
	if err != nil {
		return "", err
	}
	if role != overlay.Owner {
		return "", overlay.Errorf(overlay.Forbidden, "the role %s may not do this", role)
	}
	return name, nil
}
