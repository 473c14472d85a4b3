package api

import (
	"crypto/sha256"

	"mediad/overlay/store"
)

// Once is the part of a creating request that makes it repeatable.
type Once struct {
	Key string `header:"Idempotency-Key" maxLength:"255" doc:"A text of your choice: the same key with the same body is carried out once and answered alike, for 48 hours, whatever has changed since; with another body it is refused (422)"`
}

func (o Once) with(body []byte) store.Once {
	return store.Once{Key: o.Key, Body: sha256.Sum256(body)}
}
