package packager

import (
	"time"

	"mediad/ingest"
)

// leftOut tells whether a unit after a silence is left out. Sound goes on as soon as the
// publisher has caught up, over the last key frame. Pictures go on with the next picture
// that needs none before it.
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
