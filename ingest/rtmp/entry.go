package rtmp

// keyless is how long, in milliseconds of the publisher's clock, pictures wait for
// a key frame, or another from which a decoder recovers. Encoders with intra refresh
// or an endless GOP send none: then the next picture has to do.
const keyless = 4000

// entry decides from which picture on pictures are passed on. The zero value waits
// for none.
type entry struct {
	waits bool
	begun bool  // a picture came, at
	since int64 // in milliseconds
}

// wait is told that what comes next does not follow what came before.
func (e *entry) wait() {
	if !e.waits {
		*e = entry{waits: true}
	}
}

// admits tells whether a picture is passed on.
func (e *entry) admits(fit bool, ms int64) bool {
	switch {
	case !e.waits:
		return true
	case !e.begun || ms < e.since:
		e.begun, e.since = true, ms
	}
	if fit || ms-e.since >= keyless {
		e.waits = false
	}
	return !e.waits
}
