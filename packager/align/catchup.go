package align

import (
	"time"

	"mediad/ingest"
)

// longestCatchUp bounds how long a publisher may send faster than real time
// before that is taken for its way of publishing.
const longestCatchUp = 10 * time.Second

// KeyPatience is how long a key frame, or another picture to begin with, is waited for.
const KeyPatience = 4 * time.Second

// enough is how long units of a track must come no faster than they are to be shown.
// bunched is how much of them may come at once all the same.
const (
	enough  = 200 * time.Millisecond
	bunched = 100 * time.Millisecond
)

// CatchUp follows a publisher after a silence. It tells late media, which comes all at
// once, from media of now. Viewers have seen the slate in place of the late media. If it
// were played as well, they would stay behind by its length for good.
type CatchUp struct {
	first time.Time // arrival of the first unit after the silence
	paces [2]pace   // of each track, since it last came too fast
	now   bool      // what comes is of now
}

// pace begins with a unit that came at wall.
type pace struct {
	wall time.Time
	ts   int64
}

// Over tells whether a unit is of now: the units of its track, or of the other track,
// come no faster than they are to be shown. The first unit tells nothing.
func (c *CatchUp) Over(track int, ts int64, at time.Time) bool {
	if c.first.IsZero() {
		c.first = at
	}
	r := &c.paces[track]
	came, shown := at.Sub(r.wall), ingest.Duration(ts-r.ts)
	switch {
	case c.now:
	case at.Sub(c.first) > longestCatchUp:
		c.now = true
	case r.wall.IsZero() || shown > came*3/2+bunched:
		*r = pace{at, ts}
	default:
		c.now = came >= enough && shown <= came*3/2
	}
	return c.now
}

// Keyless tells whether any picture will do now, because no key frame came in time.
func (c *CatchUp) Keyless(at time.Time) bool { return at.Sub(c.first) >= KeyPatience }
