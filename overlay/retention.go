package overlay

import (
	"strings"
	"time"
)

// Retention is how long the recording of a show is kept after its end. The
// zero value leaves it to the next wider: the show's to the room's, the room's
// to the configuration's.
type Retention struct {
	Set bool
	For time.Duration // whole seconds; 0: for ever
}

// maxRetention keeps dates within what JSON and SQL can say.
const maxRetention = 100 * 365 * 24 * time.Hour

// The words for a Retention that is no duration.
const (
	retentionForever = "forever"
	retentionDefault = "default"
)

// ParseRetention reads a duration such as 720h of at least a minute, "forever"
// or "default".
func ParseRetention(text string) (Retention, error) {
	switch text {
	case retentionForever, "0":
		return Retention{Set: true}, nil
	case retentionDefault:
		return Retention{}, nil
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < time.Minute || d > maxRetention {
		return Retention{}, Errorf(Invalid, "retention: must be a duration of a minute to a hundred years like 720h, or forever, or default")
	}
	return Retention{Set: true, For: d.Truncate(time.Second)}, nil
}

// String is what ParseRetention reads: 720h, where Duration says 720h0m0s.
func (r Retention) String() string {
	switch {
	case !r.Set:
		return retentionDefault
	case r.For == 0:
		return retentionForever
	}
	text := strings.TrimSuffix(r.For.String(), "m0s")
	if text != r.For.String() {
		text += "m"
	}
	if hours, whole := strings.CutSuffix(text, "h0m"); whole {
		text = hours + "h"
	}
	return text
}

// Or gives the wider's where this one is not set.
func (r Retention) Or(wider Retention) Retention {
	if r.Set {
		return r
	}
	return wider
}

// Expiry is when what ended at a moment is to be deleted; the zero time: never,
// or not ended.
func (r Retention) Expiry(ended time.Time) time.Time {
	if r.For == 0 || ended.IsZero() {
		return time.Time{}
	}
	return ended.Add(r.For)
}
