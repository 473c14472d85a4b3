package packager

import (
	"mediad/ingest"
	"mediad/packager/health"
)

// Composition offsets beyond these, in ticks, are an encoder's mistake: the
// picture is shown as near to where it says as they allow. Eight pictures
// reordered at 24 fps are a third of a second; more than half a second would
// bring pictures behind the PCR of their sound, and more than a second their
// cues out of the parts that hold them.
const (
	maxShift  = ingest.Clock / 2
	maxOffset = ingest.Clock
)

// onLine puts a unit's times onto the broadcast's line, or says that there is
// no room for it. DTS stays what the publisher said, but for a constant where
// negative composition offsets would leave PTS below DTS, for another where
// sound and picture are too far apart, for as much as one late picture needs, and
// for a tick where two units claim the same moment. What was moved stands in the
// room's health.
func (s *Session) onLine(u ingest.Unit) (out ingest.Unit, ok bool) {
	line := &s.stream.line
	u.DTS, u.PTS = line.out(u.DTS), line.out(u.PTS)
	if s.tracks[u.Track].Codec.Video() {
		return s.pictureOnLine(u), true
	}
	return s.soundOnLine(u)
}

func (s *Session) pictureOnLine(u ingest.Unit) ingest.Unit {
	if early := u.DTS - u.PTS; early > s.shift && early <= maxShift {
		s.shift = early
		s.count(func(c *health.Counts) { c.Shifts++ })
	}
	u.DTS += s.lifted - s.shift
	u.PTS += s.lifted
	if excess := s.behind[u.Track].add(s.stream.arrived, below(s.said, u.Track, u.DTS)); excess > 0 {
		// What was listed cannot be taken back: sound waits for nobody, and were it
		// to step back, nothing could be listed until it had caught up.
		s.lifted += excess
		u.DTS, u.PTS = u.DTS+excess, u.PTS+excess
		s.count(func(c *health.Counts) { c.Moves++ })
	}
	s.said[u.Track] = u.DTS
	if late := below(s.last, u.Track, u.DTS); late > maxApart {
		u.DTS, u.PTS = u.DTS+late-maxApart, u.PTS+late-maxApart
		s.count(func(c *health.Counts) { c.LateUnits++ })
	}
	least := s.last[u.Track] + 1
	if u.DTS < least || u.PTS > u.DTS+maxOffset {
		s.count(func(c *health.Counts) { c.Clamped++ })
	}
	u.DTS = max(u.DTS, least)
	s.again.said = max(u.PTS, u.DTS)
	// A repetition on the screen is older than whatever comes next.
	u.PTS = min(max(u.PTS, u.DTS, s.again.last+1), u.DTS+maxOffset)
	s.last[u.Track] = u.DTS
	return u
}

func (s *Session) soundOnLine(u ingest.Unit) (out ingest.Unit, ok bool) {
	u.PTS += s.moved
	if excess := s.behind[u.Track].add(s.stream.arrived, below(s.said, u.Track, u.PTS)); excess > 0 {
		s.moved += excess
		u.PTS += excess
		s.count(func(c *health.Counts) { c.Moves++ })
	}
	s.said[u.Track] = u.PTS
	if below(s.last, u.Track, u.PTS) > maxApart {
		s.count(func(c *health.Counts) { c.LateUnits++ })
		return u, false
	}
	s.mute.on = false // before the sample clock is asked: silence must not run on ahead of it
	var f fit
	u.PTS, f = s.clock.next(u.PTS)
	switch f {
	case gap:
		s.count(func(c *health.Counts) { c.AudioGaps++ })
	case extra:
		s.count(func(c *health.Counts) { c.AudioExtra++ })
		return u, false
	}
	if s.seen && u.PTS < s.first {
		return u, false // it would lie before the segment, where silence may be
	}
	u.PTS = max(u.PTS, s.last[u.Track]+1)
	u.DTS, u.Key = u.PTS, true
	s.last[u.Track] = u.DTS
	return u, true
}

// below tells how far a moment of a track lies below the newest of the other.
func below(newest []int64, track int, at int64) int64 {
	if len(newest) < 2 || newest[1-track] < 0 {
		return 0
	}
	return newest[1-track] - at
}
