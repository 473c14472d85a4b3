package packager

import "mediad/ingest"

// cutKind says what ends.
type cutKind uint8

const (
	noCut cutKind = iota
	cutPart
	cutSegment
	// cutBreak ends the segment and the timeline with it: the pause before
	// this unit is longer than parts can bridge.
	cutBreak
)

// cut is the segmenter's answer. At is where the part (and segment) ends on
// the DTS timeline; the next one begins there.
type cut struct {
	kind cutKind
	at   int64
	// foretold: the end is the expected start of the next frame, which was not
	// waited for.
	foretold bool
	// forced: a segment ends without a key frame after it, because the GOP is
	// longer than TARGETDURATION allows.
	forced bool
}

// longestGOP bounds how long the first segment waits for its second key frame,
// in ticks. Players give up on a playlist after some ten seconds.
const longestGOP = 12 * ingest.Clock

// longestForetold is how long a frame may last, in ticks, whose end is foretold: the
// sound beside it is still to come, and stands in the next part, that much behind.
const longestForetold = ingest.Clock * 15 / 100

// segmenter decides where parts and segments end. It is a value without bytes
// and without a clock: it sees the timestamps of the leading track (video, or
// audio where there is none) and, as a hint, those of the other.
//
// A part is an interval on the DTS timeline. It normally ends where a frame
// begins; where the next frame is late it ends PART-TARGET after its start all
// the same, and that frame belongs to a later part. So no part ever exceeds
// PART-TARGET, whatever the frame rate (RFC 8216bis 4.4.4.9).
type segmenter struct {
	// Set once, in ticks.
	part, segment int64 // what the configuration asks for
	audioFollows  bool  // another track can tell that time passes

	// Fixed for a playlist's life once known, in ticks; 0 before.
	partTarget int64
	target     int64 // TARGETDURATION, whole seconds

	cadence  cadence
	running  bool  // a segment is open
	segStart int64 // of the open segment
	start    int64 // of the open part
	lastKey  int64
	gop      int64 // length of the last whole GOP
	alike    int   // GOPs before it of that length, a frame more or less
	held     cut   // a foretold end that waits for the key frame
	haveKey  bool
	lead     int64 // how far the other track runs ahead of the leading one
	lastSide int64 // last timestamp of the other track
	haveSide bool
}

// before is asked before a unit of the leading track is written. empty tells
// that nothing was written since the last cut.
func (s *segmenter) before(dts int64, key, empty bool) cut {
	s.held = cut{}
	s.note(dts, key)
	if !s.running {
		s.running, s.segStart, s.start = true, whole(dts), whole(dts)
		return cut{}
	}
	c := s.decide(dts, key, empty)
	s.apply(c, dts)
	return c
}

func (s *segmenter) decide(dts int64, key, empty bool) cut {
	limit := s.limit()
	end := s.start + limit // the open part must not reach beyond
	late := dts - end
	at := min(whole(dts), end)
	if empty {
		at = s.start
	}
	// A part ends at most PART-TARGET after its start: this unit must lie in
	// the open part or in the next.
	if (empty && late >= 0) || late >= s.fit()-s.fit()/10 {
		return cut{kind: cutBreak, at: at}
	}
	// Sound may have opened the part before a picture that lies at its start, or
	// before: what ended there would be nothing. The next key frame will do.
	if key && s.wantsSegment(dts) && (empty || at > s.start) {
		return cut{kind: cutSegment, at: at}
	}
	if empty {
		return cut{}
	}
	f, steady := s.cadence.interval()
	full := late > 0 || (!steady && dts-s.start >= limit-limit/10)
	// One frame more would not fit: the foretold end was missed.
	full = full || (steady && dts+f > end && dts-s.start >= limit-limit/10)
	if !full {
		return cut{}
	}
	return s.partOrSegment(at)
}

// after is asked once a unit of the leading track is written: with a steady
// frame rate the part can end on the expected start of the next frame, without
// waiting for it, which saves a frame of latency.
func (s *segmenter) after(dts int64) cut {
	f, steady := s.cadence.interval()
	if !steady || !s.running || s.audioFollows && f > longestForetold {
		return cut{}
	}
	if s.partTarget == 0 && dts+f-s.start < s.part*3/4 {
		return cut{} // nothing is due yet, and a few more frames tell the rate better
	}
	limit := s.limit()
	if dts+2*f-s.start <= limit {
		return cut{}
	}
	at := min(whole(dts+f), s.start+limit)
	if at-s.start < limit*85/100 && limit == s.partTarget {
		return cut{} // too short to be legal (RFC 8216bis 4.4.4.9)
	}
	c := s.partOrSegment(at)
	c.foretold = true
	if c.kind == cutPart && s.keyDue(at, f) {
		s.held = c
		return cut{}
	}
	s.apply(c, at)
	return c
}

// steadyGOPs is how many GOPs in a row must be of one length for the next key frame
// to be foretold.
const steadyGOPs = 3

// keyDue tells whether a key frame that ends the segment is expected within a frame
// of at. A part that ends there waits for it, by a frame at most, so that it is listed
// with the end of its segment: were it listed before, the hint beside it would stand
// for one more part of the segment, and Media3 loads again what it was given as such
// (HlsChunkSource.getChunkPublicationState), a quarter of all bytes.
func (s *segmenter) keyDue(at, f int64) bool {
	due := s.lastKey + s.gop
	return s.alike >= steadyGOPs-1 && due-at <= f && at-due <= f && s.wantsSegment(due)
}

// soundFrame is about how exactly the other track's clock tells the time, in ticks.
const soundFrame = 25 * millisecond

// release ends the part that waits for a key frame which did not come.
func (s *segmenter) release() cut {
	c := s.held
	s.held = cut{}
	s.apply(c, c.at)
	return c
}

// beside is asked before a unit of the other track is written: when its clock
// says that a unit of the leading track is overdue, the part ends on time. If
// that part is empty, all media paused, and the timeline breaks.
func (s *segmenter) beside(dts int64, empty bool) cut {
	s.lastSide, s.haveSide = dts, true
	late := int64(jitter)
	if s.keyDue(s.start+s.limit(), soundFrame) {
		late += soundFrame
	}
	if !s.overdue(dts - s.lead - late) {
		return cut{}
	}
	c := s.partOrSegment(s.start + s.limit())
	if empty {
		c = cut{kind: cutBreak, at: s.start}
	}
	s.held = cut{}
	s.apply(c, dts-s.lead)
	return c
}

// overdue tells whether a unit of the leading track at dts lies beyond the
// open part. Units of the other track that wait for a part must be written
// first then, so that the part is not empty.
func (s *segmenter) overdue(dts int64) bool {
	return s.running && dts >= s.start+s.limit()
}

// stop ends what is open, when the publisher leaves: at the expected end of
// the last unit.
func (s *segmenter) stop(empty bool) cut {
	if !s.running {
		return cut{}
	}
	f, _ := s.cadence.interval()
	end := s.cadence.last + f
	if s.haveSide && s.lastSide-s.lead > end {
		end = s.lastSide - s.lead
	}
	at := min(max(whole(end), s.start+millisecond), s.start+s.limit())
	if empty {
		at = s.start
	}
	s.fixTarget(at - s.segStart)
	c := cut{kind: cutSegment, at: at}
	s.held, s.alike = cut{}, 0
	s.running, s.haveKey, s.haveSide, s.lead = false, false, false, 0
	s.cadence = cadence{}
	return c
}

// fit gives PART-TARGET, choosing it at first need.
func (s *segmenter) fit() int64 {
	if s.partTarget != 0 {
		return s.partTarget
	}
	f, steady := s.cadence.interval()
	switch {
	case steady && (f <= s.part || !s.audioFollows):
		return fitPartTarget(s.part, s.segment, f)
	case !s.audioFollows && f > s.part:
		return fitPartTarget(s.part, s.segment, f)
	}
	return s.part
}

// limit is how long the open part may become: PART-TARGET, or less where the
// segment has reached what TARGETDURATION allows.
func (s *segmenter) limit() int64 {
	return min(s.fit(), s.segStart+s.longest()-s.start)
}

// longest is how long a segment may become: EXTINF rounds to at most
// TARGETDURATION (RFC 8216bis 4.4.3.1).
func (s *segmenter) longest() int64 {
	if s.target == 0 {
		return longestGOP
	}
	return s.target + ingest.Clock/2 - millisecond
}

// wantsSegment says whether a segment should end before the key frame at dts.
func (s *segmenter) wantsSegment(dts int64) bool {
	long := dts - s.segStart
	if s.target == 0 {
		// The first segment is the first GOP, so that players start early; its
		// length fixes TARGETDURATION.
		return long >= s.fit()-s.fit()/10
	}
	if long >= s.segment-s.part/4 {
		return true
	}
	// The next key frame would come too late for this segment.
	return s.gop > 0 && long+s.gop > s.longest() && long >= s.part/2
}

// partOrSegment ends the open part at `at`, and the segment with it if what is
// left of it could not hold another half part.
func (s *segmenter) partOrSegment(at int64) cut {
	if s.segStart+s.longest()-at < s.fit()/2 {
		return cut{kind: cutSegment, at: at, forced: true}
	}
	return cut{kind: cutPart, at: at}
}

func (s *segmenter) note(dts int64, key bool) {
	s.cadence.add(dts)
	if key {
		if s.haveKey {
			s.noteGOP(dts - s.lastKey)
		}
		s.lastKey, s.haveKey = dts, true
	}
	if s.haveSide {
		// The lead falls slowly and rises at once.
		s.lead = max(s.lastSide-dts, s.lead-millisecond)
	}
}

func (s *segmenter) noteGOP(length int64) {
	f, _ := s.cadence.interval()
	s.alike++
	if d := length - s.gop; d > f || d < -f {
		s.alike = 0
	}
	s.gop = length
}

// apply moves the open part and segment on.
func (s *segmenter) apply(c cut, dts int64) {
	switch c.kind {
	case noCut:
		return
	case cutSegment:
		s.fixTarget(c.at - s.segStart)
		s.segStart = c.at
	case cutBreak:
		s.fixTarget(c.at - s.segStart)
		s.segStart, s.start = whole(dts), whole(dts)
		return
	}
	if s.partTarget == 0 {
		s.partTarget = s.fit()
	}
	s.start = c.at
}

// fixTarget fixes TARGETDURATION when the first segment closes: the configured
// segment or the first GOP, rounded up; a tenth of a second above a whole
// second (a GOP of 2.002 s at 29.97 fps) is still rounded away by EXTINF.
func (s *segmenter) fixTarget(first int64) {
	if s.partTarget == 0 {
		s.partTarget = s.fit()
	}
	if s.target != 0 {
		return
	}
	up := func(t int64) int64 { return (t + ingest.Clock - 1) / ingest.Clock * ingest.Clock }
	s.target = max(up(s.segment), up(first-ingest.Clock/10), up(s.partTarget-ingest.Clock/10))
}

// whole rounds to whole milliseconds. All cuts lie on them, so that durations
// in a playlist are exact and the parts of a segment sum to it.
func whole(t int64) int64 { return (t + millisecond/2) / millisecond * millisecond }
