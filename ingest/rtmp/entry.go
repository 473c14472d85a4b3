package rtmp

// keyFrameWait is how long, in milliseconds of the publisher's clock, pictures are dropped
// while there is no key frame and no recovery point. Encoders with intra refresh or an
// endless GOP may send neither; after this time any picture is passed on.
const keyFrameWait = 4000

// entry decides which picture is the first that is passed on. The zero value passes
// every picture on.
type entry struct {
	waits bool
	begun bool  // a picture has come since the wait began
	since int64 // the first one's time, in milliseconds
}

// wait begins the wait for such a picture: what comes next does not continue what
// came before.
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
	if fit || ms-e.since >= keyFrameWait {
		e.waits = false
	}
	return !e.waits
}
