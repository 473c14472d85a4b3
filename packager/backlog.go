package packager

import (
	"time"

	"mediad/ingest"
)

// longestBacklog bounds how long a publisher may send faster than real time
// before that is taken for its way of publishing.
const longestBacklog = 10 * time.Second

// keyless is how long a key frame, or another picture to begin with, is waited for.
const keyless = 4 * time.Second

// enough is for how long units of a track have to come no faster than they are to be
// shown, and bunched how much of them may come at once all the same.
const (
	enough  = 200 * time.Millisecond
	bunched = 100 * time.Millisecond
)

// backlog tells what a publisher that was silent sends late, all at once, from
// what it sends now. Viewers have seen a still in place of the late media; were
// it played to them after all, they would be that much later for good. It is a
// value without a clock.
type backlog struct {
	first time.Time // arrival of the first unit after the silence
	paces [2]pace   // of each track, since it last came too fast
	now   bool      // what comes is of now
}

// pace begins with a unit that came at wall.
type pace struct {
	wall time.Time
	ts   int64
}

// over tells at a unit whether it is of now: the units of its track, or of the
// other, come no faster than they are to be shown. Before the first there is
// nothing to go by.
func (b *backlog) over(track int, ts int64, at time.Time) bool {
	if b.first.IsZero() {
		b.first = at
	}
	r := &b.paces[track]
	came, shown := at.Sub(r.wall), ingest.Duration(ts-r.ts)
	switch {
	case b.now:
	case at.Sub(b.first) > longestBacklog:
		b.now = true
	case r.wall.IsZero() || shown > came*3/2+bunched:
		*r = pace{at, ts}
	default:
		b.now = came >= enough && shown <= came*3/2
	}
	return b.now
}

// overdue tells whether the next picture has to do, since none came to begin with.
func (b *backlog) overdue(at time.Time) bool { return at.Sub(b.first) >= keyless }

// leftOut tells whether a unit behind a silence is left out. Sound goes on with what is
// of now, over the last key frame. Pictures go on with the next one that needs none
// before it.
func (s *Session) leftOut(u ingest.Unit, now time.Time) bool {
	b := s.backlog
	if !b.over(u.Track, u.DTS, now) {
		return true
	}
	switch {
	case s.tracks[u.Track].Codec.Video() != s.hasVideo():
		return s.picture == nil
	case s.hasVideo() && !u.Key && !u.Recovers && !b.overdue(now):
		return true
	}
	s.backlog = nil
	return false
}
