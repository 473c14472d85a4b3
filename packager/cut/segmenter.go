package cut

import (
	"time"

	"mediad/ingest"
)

// LongestForetold is how long a frame may last, in ticks, whose end is foretold: the
// sound beside it is still to come, and stands in the next part, that much behind.
const LongestForetold = ingest.Clock * 15 / 100

// Segmenter decides where the parts and segments of a publisher's media end. It sees
// the timestamps of the primary track (pictures, or sound where there are none) and,
// as a hint, those of the secondary track, if there is one.
//
// A part is an interval of output DTS. It normally ends where a frame begins. Where
// the next frame is late, the part ends PART-TARGET after its start all the same, and
// that frame belongs to a later part. So no part ever exceeds PART-TARGET, whatever
// the frame rate (RFC 8216bis 4.4.4.9).
type Segmenter struct {
	// Fixed for a playlist's life once known, in ticks; 0 before.
	PartTarget int64
	Target     int64 // TARGETDURATION, whole seconds

	part, segment int64 // what the configuration asks for, in ticks
	hasSecondary  bool  // a secondary track can tell that time passes

	cadence       cadence
	keys          keyFrames
	running       bool  // a segment is open
	segStart      int64 // of the open segment
	start         int64 // of the open part
	held          Cut   // a foretold end that waits for the key frame
	ahead         int64 // how far the secondary track runs ahead of the primary one
	lastSecondary int64 // last timestamp of the secondary track
	secondarySeen bool
}

// New gives a Segmenter for parts and segments of these durations.
func New(part, segment time.Duration) Segmenter {
	return Segmenter{part: ingest.Ticks(part), segment: ingest.Ticks(segment)}
}

// Tracks says how many tracks there are from now on.
func (s *Segmenter) Tracks(n int) { s.hasSecondary = n > 1 }

// Before is asked before a unit of the primary track is written. empty tells
// that nothing was written since the last cut.
func (s *Segmenter) Before(dts int64, key, empty bool) Cut {
	s.held = Cut{}
	s.note(dts, key)
	if !s.running {
		s.running, s.segStart, s.start = true, ingest.Whole(dts), ingest.Whole(dts)
		return Cut{}
	}
	c := s.decide(dts, key, empty)
	s.apply(c, dts)
	return c
}

func (s *Segmenter) decide(dts int64, key, empty bool) Cut {
	limit := s.limit()
	end := s.start + limit // the open part must not reach beyond
	late := dts - end
	at := min(ingest.Whole(dts), end)
	if empty {
		at = s.start
	}
	// A part ends at most PART-TARGET after its start: this unit must lie in
	// the open part or in the next.
	if (empty && late >= 0) || late >= s.fit()-s.fit()/10 {
		return Cut{Kind: Break, At: at}
	}
	// Sound may have opened the part before a picture that lies at its start, or
	// before: what ended there would be nothing. The next key frame will do.
	if key && s.wantsSegment(dts) && (empty || at > s.start) {
		return Cut{Kind: Segment, At: at}
	}
	if empty {
		return Cut{}
	}
	f, steady := s.cadence.interval()
	full := late > 0 || (!steady && dts-s.start >= limit-limit/10)
	// One frame more would not fit: the foretold end was missed.
	full = full || (steady && dts+f > end && dts-s.start >= limit-limit/10)
	if !full {
		return Cut{}
	}
	return s.partOrSegment(at)
}

// After is asked once a unit of the primary track is written: with a steady
// frame rate the part can end on the expected start of the next frame, without
// waiting for it, which saves a frame of latency.
func (s *Segmenter) After(dts int64) Cut {
	f, steady := s.cadence.interval()
	if !steady || !s.running || s.hasSecondary && f > LongestForetold {
		return Cut{}
	}
	if s.PartTarget == 0 && dts+f-s.start < s.part*3/4 {
		return Cut{} // nothing is due yet, and a few more frames tell the rate better
	}
	limit := s.limit()
	if dts+2*f-s.start <= limit {
		return Cut{}
	}
	at := min(ingest.Whole(dts+f), s.start+limit)
	if at-s.start < limit*85/100 && limit == s.PartTarget {
		return Cut{} // too short to be legal (RFC 8216bis 4.4.4.9)
	}
	c := s.partOrSegment(at)
	c.Foretold = true
	if c.Kind == Part && s.keyDue(at, f) {
		s.held = c
		return Cut{}
	}
	s.apply(c, at)
	return c
}

// soundFrame is about how exactly the secondary track's clock tells the time, in ticks.
const soundFrame = 25 * ingest.Millisecond

// Held tells whether a part waits for a key frame that is overdue, so long after the
// last unit.
func (s *Segmenter) Held(silent time.Duration) bool {
	return s.held.Kind != None && silent > ingest.Duration(s.cadence.mean()*3/2)
}

// Release ends the part that waits for a key frame which did not come.
func (s *Segmenter) Release() Cut {
	c := s.held
	s.held = Cut{}
	s.apply(c, c.At)
	return c
}

// BeforeSecondary is asked before a unit of the secondary track is written: when its clock
// says that a unit of the primary track is overdue, the part ends on time. If
// that part is empty, all media paused, and a break follows. So it does where the unit
// leaps far beyond the part.
func (s *Segmenter) BeforeSecondary(dts int64, empty bool) Cut {
	s.lastSecondary, s.secondarySeen = dts, true
	late := int64(jitter)
	if s.keyDue(s.start+s.limit(), soundFrame) {
		late += soundFrame
	}
	if !s.Overdue(dts - s.ahead - late) {
		return Cut{}
	}
	c := s.partOrSegment(s.start + s.limit())
	switch {
	case empty:
		c = Cut{Kind: Break, At: s.start}
	case s.SecondaryLeaps(dts):
		c = Cut{Kind: Break, At: c.At}
	}
	s.held = Cut{}
	s.apply(c, dts-s.ahead)
	return c
}

// Stop ends what is open, when the publisher leaves: at the expected end of
// the last unit.
func (s *Segmenter) Stop(empty bool) Cut {
	if !s.running {
		return Cut{}
	}
	f, _ := s.cadence.interval()
	end := s.cadence.last + f
	if s.secondarySeen && s.lastSecondary-s.ahead > end {
		end = s.lastSecondary - s.ahead
	}
	at := min(max(ingest.Whole(end), s.start+ingest.Millisecond), s.start+s.limit())
	if empty {
		at = s.start
	}
	s.FixTargets(at - s.segStart)
	s.held, s.keys.alike, s.keys.have = Cut{}, 0, false
	s.running, s.secondarySeen, s.ahead = false, false, 0
	s.cadence = cadence{}
	return Cut{Kind: Segment, At: at}
}

// partOrSegment ends the open part at `at`, and the segment with it if what is
// left of it could not hold another half part.
func (s *Segmenter) partOrSegment(at int64) Cut {
	if s.segStart+s.longest()-at < s.fit()/2 {
		return Cut{Kind: Segment, At: at, Forced: true}
	}
	return Cut{Kind: Part, At: at}
}

func (s *Segmenter) note(dts int64, key bool) {
	s.cadence.add(dts)
	if key {
		f, _ := s.cadence.interval()
		s.keys.add(dts, f)
	}
	if s.secondarySeen {
		// The distance falls slowly and rises at once.
		s.ahead = max(s.lastSecondary-dts, s.ahead-ingest.Millisecond)
	}
}

// apply moves the open part and segment on.
func (s *Segmenter) apply(c Cut, dts int64) {
	switch c.Kind {
	case None:
		return
	case Segment:
		s.FixTargets(c.At - s.segStart)
		s.segStart = c.At
	case Break:
		s.FixTargets(c.At - s.segStart)
		s.segStart, s.start = ingest.Whole(dts), ingest.Whole(dts)
		return
	}
	if s.PartTarget == 0 {
		s.PartTarget = s.fit()
	}
	s.start = c.At
}
