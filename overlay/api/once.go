package api

import (
	"cmp"
	"crypto/sha256"

	"github.com/danielgtaylor/huma/v2"

	"mediad/overlay"
	"mediad/overlay/store"
)

// Once is the part of a creating request that makes it repeatable.
type Once struct {
	Key string `header:"Idempotency-Key" maxLength:"255" doc:"A text of your choice, remembered for 48 hours. A request with the same key and the same body is carried out once, and gets the first answer again. The same key with another body is refused (422)"`
	who string // whose key it is
}

// Resolve notes whose key it is: two that choose the same key never get each other's
// answers.
func (o *Once) Resolve(ctx huma.Context) []error {
	if a := who(ctx.Context()); !a.Everywhere(overlay.Operate) {
		o.who = cmp.Or(a.Person, a.Token)
	}
	return nil
}

func (o Once) with(body []byte) store.Once {
	if o.Key != "" && o.who != "" {
		o.Key = o.who + " " + o.Key
	}
	return store.Once{Key: o.Key, Body: sha256.Sum256(body)}
}
