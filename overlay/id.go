package overlay

import "github.com/oklog/ulid/v2"

// ValidID tells whether s has the form of an id: a ULID in Crockford's
// alphabet. Ids are made elsewhere, from a function that is handed in.
func ValidID(s string) bool {
	_, err := ulid.ParseStrict(s)
	return err == nil
}
