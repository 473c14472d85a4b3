package api

import (
	"crypto/sha256"

	"mediad/overlay/store"
)

// Once is the part of a creating request that makes it repeatable.
type Once struct {
	Key string `header:"Idempotency-Key" maxLength:"255" doc:"A text of your choice, remembered for 48 hours. A request with the same key and the same body is carried out once, and gets the first answer again. The same key with another body is refused (422)"`
}

func (o Once) with(body []byte) store.Once {
	return store.Once{Key: o.Key, Body: sha256.Sum256(body)}
}
