package overlay

import (
	"time"

	"github.com/oklog/ulid/v2"
)

// ValidID tells whether s has the form of an id: a ULID in Crockford's
// alphabet. Ids are made elsewhere, from a function that is handed in.
func ValidID(s string) bool {
	_, err := ulid.ParseStrict(s)
	return err == nil
}

// IDTime gives the moment that an id was made at, in whole milliseconds; ok is
// false for what is no id.
func IDTime(s string) (at time.Time, ok bool) {
	id, err := ulid.ParseStrict(s)
	if err != nil {
		return time.Time{}, false
	}
	return id.Timestamp().UTC(), true
}
