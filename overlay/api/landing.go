package api

import (
	"context"
	"encoding/json"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"mediad/overlay"
)

// landed is a landing or null.
type landed struct{ *overlay.Landing }

// MarshalJSON writes null for none.
func (l landed) MarshalJSON() ([]byte, error) { return json.Marshal(l.Landing) }

// Schema tells of the null.
func (landed) Schema(r huma.Registry) *huma.Schema {
	return &huma.Schema{OneOf: []*huma.Schema{r.Schema(reflect.TypeFor[overlay.Landing](), true, "Landing"), {Type: "null"}}}
}

// landing waits for the landing of an event, if its show is on air. After too long
// a wait it gives none.
func (a *API) landing(ctx context.Context, show, id string) (landed, error) {
	if !a.o.Feed.Attached(show) {
		return landed{}, nil
	}
	ctx, cancel := context.WithTimeout(ctx, a.o.Landing)
	defer cancel()
	l, ok, err := a.o.Feed.AwaitLanding(ctx, id)
	if err != nil || !ok {
		return landed{}, err
	}
	return landed{&l}, nil
}
