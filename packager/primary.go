package packager

import (
	"slices"

	"mediad/ingest"
	"mediad/packager/align"
	"mediad/packager/health"
)

// maxWaiting is how many units of the secondary track wait for a part to open, at most; the
// oldest is left out.
const maxWaiting = 256

// longestWaiting is how long the oldest of them waits, in ticks, at most. Sound that is written after a
// picture that came later than that would lie below the program clock, which is 700 ms
// behind the pictures (ISO/IEC 13818-1 2.4.2.6). It could happen with parts of a second
// and a picture a second.
const longestWaiting = ingest.Clock * 45 / 100

// primary writes a unit of the track that decides where parts end.
func (s *Session) primary(u ingest.Unit) error {
	st := s.stream
	if s.frozen(u) {
		return nil
	}
	if !s.seen {
		s.seen, s.delay = true, u.PTS-u.DTS
		s.place.Begin(u.DTS)
		// Sound from before the first picture would lie before the segment.
		s.waiting = slices.DeleteFunc(s.waiting, func(l ingest.Unit) bool { return l.DTS < u.DTS })
	}
	if s.seg.Overdue(u.DTS) || len(s.waiting) > 0 && u.DTS-s.waiting[0].DTS > align.MaxSkew {
		if err := s.openWithWaiting(u.DTS); err != nil {
			return err
		}
		u = s.behindRepeat(u)
	}
	if err := s.fillBefore(u.DTS); err != nil {
		return err
	}
	u, err := s.openBefore(u)
	if err != nil {
		return err
	}
	if err := st.cut(s.seg.Before(u.DTS, u.Key || u.Recovers, !st.partOpen())); err != nil {
		return err
	}
	u = s.behindRepeat(u)
	if !u.Key {
		if u, err = s.openBefore(u); err != nil {
			return err
		}
	}
	opened := !st.partOpen()
	if err := st.show(u, s.delay); err != nil {
		return err
	}
	s.showFollowers(u)
	if err := s.flush(); err != nil {
		return err
	}
	if s.tracks[u.Track].Codec.Video() {
		s.note(u, opened)
	}
	if err := s.fillAfter(u.DTS); err != nil {
		return err
	}
	return st.cut(s.seg.After(u.DTS))
}

// secondary writes a unit of the secondary track. Between two parts the unit waits until the
// primary track opens the next one. If it opened one itself, a key frame right after it
// would end a very short part.
func (s *Session) secondary(u ingest.Unit) error {
	st := s.stream
	if err := s.begin(u.DTS); err != nil {
		return err
	}
	if s.seg.SecondaryOverdue(u.DTS) {
		until := int64(never)
		if n := len(s.waiting); n > 0 && s.seg.SecondaryLeaps(u.DTS) {
			until = min(s.waiting[n-1].DTS, s.seg.Latest()) // what waits lies before the leap
		}
		if err := s.openWithWaiting(until); err != nil {
			return err
		}
	}
	if err := st.cut(s.seg.BeforeSecondary(u.DTS, !st.partOpen())); err != nil {
		return err
	}
	if !st.partOpen() && s.seen && len(s.waiting) > 0 && u.DTS-s.waiting[0].DTS > longestWaiting {
		if err := s.openWithWaiting(never); err != nil {
			return err
		}
	}
	if st.partOpen() {
		return st.write(u)
	}
	if len(s.waiting) == maxWaiting {
		s.count(func(c *health.Counts) { c.LateUnits++ })
		s.waiting = s.waiting[1:]
	}
	s.waiting = append(s.waiting, copied(u))
	return nil
}

// openWithWaiting opens a part for the units that wait, because the primary track does not
// open it in time. until is where its next unit lies.
func (s *Session) openWithWaiting(until int64) error {
	if s.stream.partOpen() || len(s.waiting) == 0 {
		return nil
	}
	if done, err := s.openWithRepeat(until); err != nil {
		return err
	} else if !done {
		if err := s.stream.openPart(s.waiting[0], s.delay); err != nil {
			return err
		}
	}
	return s.flush()
}

// flush writes the units that waited for a part to open.
func (s *Session) flush() error {
	for _, u := range s.waiting {
		if err := s.stream.write(u); err != nil {
			return err
		}
	}
	clear(s.waiting)
	s.waiting = s.waiting[:0]
	return nil
}

// copied gives a unit whose bytes outlive the call.
func copied(u ingest.Unit) ingest.Unit {
	nals := make([][]byte, len(u.NALs))
	for i, n := range u.NALs {
		nals[i] = append([]byte(nil), n...)
	}
	u.NALs = nals
	return u
}
