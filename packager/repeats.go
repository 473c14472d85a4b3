package packager

import (
	"slices"

	"mediad/ingest"
	"mediad/packager/align"
	"mediad/packager/cut"
	"mediad/packager/health"
	"mediad/packager/repeat"
)

// repeats are repeated pictures. They stand where pictures pause and sound goes on: a
// shared screen on which nothing moves, a phone in low light, one picture a second. Each
// part of a stream with pictures holds one, because video.js and Shaka end for good
// after a part of sound alone.
//
// PART-TARGET cannot grow under one URL (RFC 8216bis 6.2.1). A part that waited for a
// picture would be late by the whole pause. So a repeated picture opens the part where
// its first picture comes late. Package repeat writes it, in a few bytes, and no other
// picture refers to it. A repeated picture also stands half-way to the end of a part
// whose last picture is over long before. Players take the last picture of a part to
// last as long as the one before, and Chromium drops all pictures up to the next key
// frame where the next part's first lies more than twice that behind it. Shaka lost
// three parts of four where a screen stood still for 100 ms around a part's end.
//
// Some pictures cannot be repeated like that (fields, slice groups). Then the last key
// frame is shown again, and decoders forget all other pictures. Unless that key frame
// was the publisher's last picture, its pictures are left out until the next key frame,
// or for longestFreeze.
type repeats struct {
	maker  *repeat.Maker // nil: the track has no pictures
	said   int64         // PTS of the publisher's last picture, on the timeline but not changed for a repeated one
	last   int64         // PTS of the last repeated picture
	dts    int64         // of the last picture written, repeated or not
	step   int64         // how long the picture before that one lasted; 0: it was in another part
	onKey  bool          // the publisher's last picture is the key frame
	frozen bool          // its pictures are left out
	since  int64         // from this DTS on
}

// longestFreeze is how long pictures are left out at most, in ticks.
const longestFreeze = 10 * ingest.Clock

// repeated gives the picture that is on the screen once more, at dts or a tick after the
// last picture; not ok: there is none.
func (s *Session) repeated(dts int64) (u ingest.Unit, ok bool) {
	a := &s.repeats
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

// aboveClock is the least DTS that a picture may have beside the newest sound, as in
// align.Placement.
func (s *Session) aboveClock() int64 {
	newest := s.place.Last(1)
	if s.filler.track > 0 {
		newest = max(newest, s.place.Sound.Peek())
	}
	return newest - align.MaxSkew
}

// openWithRepeat opens a part with a repeated picture, before a picture at until; not
// done: there is none to repeat.
func (s *Session) openWithRepeat(until int64) (done bool, err error) {
	if s.repeats.maker == nil {
		return false, nil
	}
	u, ok := s.repeated(min(max(s.seg.Start(), s.aboveClock()), until-1))
	if !ok {
		return false, nil
	}
	s.repeats.dts, s.repeats.step = u.DTS, 0
	// The sound that waits may lie too far below the program clock of that picture.
	s.waiting = slices.DeleteFunc(s.waiting, func(l ingest.Unit) bool {
		if u.DTS-l.DTS <= align.MaxSkew {
			return false
		}
		s.count(func(c *health.Counts) { c.LateUnits++ })
		return true
	})
	if err := s.stream.show(u, s.delay); err != nil {
		return true, err
	}
	s.repeatFollowers(u)
	return true, nil
}

// openBefore opens a part with a repeated picture if the picture u comes long after the
// part's beginning. It gives u back, which may have moved.
func (s *Session) openBefore(u ingest.Unit) (ingest.Unit, error) {
	a := &s.repeats
	if a.maker == nil || s.stream.partOpen() {
		return u, nil
	}
	// A key frame, or where a decoder recovers, may begin a segment instead.
	far := !u.Key && !u.Recovers && a.far(u.DTS) && u.DTS-s.seg.Start() > ingest.Clock/1000 && !s.seg.Overdue(u.DTS)
	if !far && !s.seg.OpensLate(u.DTS) {
		return u, nil
	}
	_, err := s.openWithRepeat(u.DTS)
	return s.behindRepeat(u), err
}

// far tells whether a picture at dts, in the next part, would lie too far behind the last
// one of this part for players, as far as they can tell how long that one lasts.
func (a *repeats) far(dts int64) bool { return a.step > 0 && dts-a.dts > a.step*7/4 }

// filling gives a repeated picture if the open part, which ends at `at`, goes on long
// after its last picture.
func (s *Session) filling(at int64) (u ingest.Unit, ok bool) {
	if s == nil || s.repeats.maker == nil {
		return u, false
	}
	a := &s.repeats
	rest := at - a.dts
	if !a.far(at) && (a.step > 0 || rest <= cut.LongestForetold) {
		return u, false
	}
	dts := max(a.dts+rest/2, s.aboveClock())
	if dts >= at {
		return u, false // sound has leapt: what comes next lies in another part
	}
	if u, ok = s.repeated(dts); ok {
		a.dts = u.DTS
	}
	return u, ok
}

// behindRepeat moves a picture to right after a repeated one.
func (s *Session) behindRepeat(u ingest.Unit) ingest.Unit {
	if at := s.repeats.dts + 1; u.DTS < at && s.hasVideo() {
		u.DTS, u.PTS = at, max(u.PTS, at, s.repeats.last+1)
		s.place.Placed(u.Track, at)
	}
	return u
}

// frozen tells whether a picture is left out, because it refers to pictures that
// decoders have forgotten.
func (s *Session) frozen(u ingest.Unit) bool {
	a := &s.repeats
	if a.frozen = a.frozen && u.DTS-a.since < longestFreeze && !u.Recovers; !a.frozen || u.Key {
		return false
	}
	s.count(func(c *health.Counts) { c.LateUnits++ })
	return true
}

// note takes note of a picture that was written; opened tells that its part begins with it.
func (s *Session) note(u ingest.Unit, opened bool) {
	if s.repeats.step = u.DTS - s.repeats.dts; opened {
		s.repeats.step = 0
	}
	s.repeats.dts = u.DTS
	s.repeats.maker.Note(u.NALs, u.DTS, s.repeats.said)
	if s.repeats.onKey = u.Key; u.Key {
		s.repeats.frozen = false
		s.picture = kept(s.picture, u.NALs)
	}
}

// kept gives a copy of a key frame, in the memory of the one before. It may become the
// slate.
func kept(before, nals [][]byte) [][]byte {
	out := slices.Grow(before[:0], len(nals))[:len(nals)]
	for i, n := range nals {
		out[i] = append(out[i][:0], n...)
	}
	return out
}
