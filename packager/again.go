package packager

import (
	"slices"

	"mediad/ingest"
	"mediad/packager/align"
	"mediad/packager/cut"
	"mediad/packager/health"
	"mediad/packager/repeat"
)

// again is what stands where pictures pause and sound goes on: a shared screen on
// which nothing moves, a phone in low light, one picture a second. Each part of a
// stream with pictures holds one: behind a part of sound alone, video.js and Shaka
// end for good.
//
// PART-TARGET cannot grow under one URL (RFC 8216bis 6.2.1), and a part that waits
// for a picture would be late by as long as it pauses. So where the first picture of
// a part comes late, the part is opened by the last one, said again in a few bytes
// that no other refers to (package repeat); and where its last one is over long
// before the part is, it is said again half-way to the end: VHS takes the last
// picture of a part to last as long as the one before, and stalls in the hole.
//
// Where that cannot be said (fields, slice groups), the last key frame is shown
// again. Decoders forget all others then; unless nothing came behind it, the
// publisher's pictures are left out until the next key frame, or for longestFreeze.
type again struct {
	maker  *repeat.Maker // nil: the track has no pictures
	said   int64         // PTS of the publisher's last picture, as it has it
	last   int64         // PTS of the last repetition
	dts    int64         // of the last picture written, a repetition or not
	step   int64         // how long the picture before that one lasted, in its part; 0: it was another's
	onKey  bool          // the publisher's last picture is the key frame
	frozen bool          // its pictures are left out
	since  int64         // from this DTS on
}

// longestFreeze is for how long, in ticks, at most.
const longestFreeze = 10 * ingest.Clock

// lastPicture gives the picture that is on the screen once more, at dts or right
// behind it; not ok: there is none.
func (s *Session) lastPicture(dts int64) (u ingest.Unit, ok bool) {
	a := &s.again
	if a.maker == nil || !s.seen {
		return u, false
	}
	dts = max(dts, a.dts+1)
	u = ingest.Unit{DTS: dts, PTS: max(dts+s.delay, a.last+1)}
	if nal, pts := a.maker.Make(dts); nal != nil && !a.frozen {
		u.PTS, u.NALs = min(pts, dts+align.MaxOffset), [][]byte{nal}
	} else if s.picture == nil {
		return u, false
	} else {
		if !a.onKey && !a.frozen {
			a.frozen, a.since = true, dts
		}
		u.Key, u.NALs = true, s.picture
	}
	a.last = u.PTS
	s.place.Placed(0, dts)
	s.stream.noteRepeat()
	return u, true
}

// aboveClock is the least DTS that a picture may have beside the newest sound, as
// where one comes late.
func (s *Session) aboveClock() int64 {
	newest := s.place.Last(1)
	if s.mute.track > 0 {
		newest = max(newest, s.place.Sound.Peek())
	}
	return newest - align.MaxSkew
}

// openAgain opens a part with the last picture, before one at until; not done: there
// is none.
func (s *Session) openAgain(until int64) (done bool, err error) {
	if s.again.maker == nil {
		return false, nil
	}
	u, ok := s.lastPicture(min(max(s.seg.Start(), s.aboveClock()), until-1))
	if !ok {
		return false, nil
	}
	s.again.dts, s.again.step = u.DTS, 0
	// Sound that waits may lie too far below the clock of that picture.
	s.late = slices.DeleteFunc(s.late, func(l ingest.Unit) bool {
		if u.DTS-l.DTS <= align.MaxSkew {
			return false
		}
		s.count(func(c *health.Counts) { c.LateUnits++ })
		return true
	})
	return true, s.stream.show(u, s.delay)
}

// openBefore opens a part with the last picture where the next comes long after its
// beginning, and gives that one, which may have to make room.
func (s *Session) openBefore(u ingest.Unit) (ingest.Unit, error) {
	if s.again.maker == nil || s.stream.partOpen() || !s.seg.OpensLate(u.DTS) {
		return u, nil
	}
	_, err := s.openAgain(u.DTS)
	return s.behindAgain(u), err
}

// filling gives the last picture once more where the open part, that ends at `at`, goes
// on long after it.
func (s *Session) filling(at int64) (u ingest.Unit, ok bool) {
	if s == nil || s.again.maker == nil {
		return u, false
	}
	a := &s.again
	rest := at - a.dts
	if rest <= max(cut.LongestForetold, a.step*3/2) {
		return u, false
	}
	if u, ok = s.lastPicture(max(a.dts+rest/2, s.aboveClock())); ok {
		a.dts = u.DTS
	}
	return u, ok
}

// behindAgain moves a picture right behind the one that is shown again.
func (s *Session) behindAgain(u ingest.Unit) ingest.Unit {
	if at := s.again.dts + 1; u.DTS < at && s.hasVideo() {
		u.DTS, u.PTS = at, max(u.PTS, at, s.again.last+1)
		s.place.Placed(u.Track, at)
	}
	return u
}

// frozen tells whether a picture is left out, because it refers to others that
// decoders have forgotten.
func (s *Session) frozen(u ingest.Unit) bool {
	a := &s.again
	if a.frozen = a.frozen && u.DTS-a.since < longestFreeze && !u.Recovers; !a.frozen || u.Key {
		return false
	}
	s.count(func(c *health.Counts) { c.LateUnits++ })
	return true
}

// note hears of a picture that is written; opened tells that its part begins with it.
func (s *Session) note(u ingest.Unit, opened bool) {
	if s.again.step = u.DTS - s.again.dts; opened {
		s.again.step = 0
	}
	s.again.dts = u.DTS
	s.again.maker.Note(u.NALs, u.DTS, s.again.said)
	if s.again.onKey = u.Key; u.Key {
		s.again.frozen = false
		s.keep(u.NALs)
	}
}

// keep takes a copy of a key frame, in the space of the one before: it may be
// all that viewers see for a while.
func (s *Session) keep(nals [][]byte) {
	s.picture = slices.Grow(s.picture[:0], len(nals))[:len(nals)]
	for i, n := range nals {
		s.picture[i] = append(s.picture[i][:0], n...)
	}
}
