package packager

import (
	"time"

	"mediad/ingest"
)

// leftOut tells whether a unit behind a silence is left out. Sound goes on with what is
// of now, over the last key frame. Pictures go on with the next one that needs none
// before it.
func (s *Session) leftOut(u ingest.Unit, now time.Time) bool {
	c := s.catchUp
	if !c.Over(u.Track, u.DTS, now) {
		return true
	}
	switch {
	case s.tracks[u.Track].Codec.Video() != s.hasVideo():
		return s.picture == nil
	case s.hasVideo() && !u.Key && !u.Recovers && !c.Keyless(now):
		return true
	}
	s.catchUp = nil
	return false
}
