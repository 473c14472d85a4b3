package cut

import "mediad/ingest"

// longestGOP bounds how long the first segment waits for its second key frame,
// in ticks. Players give up on a playlist after some ten seconds.
const longestGOP = 12 * ingest.Clock

// fit gives PART-TARGET, choosing it at first need.
func (s *Segmenter) fit() int64 {
	if s.PartTarget != 0 {
		return s.PartTarget
	}
	f, steady := s.cadence.interval()
	switch {
	case steady && (f <= s.part || !s.hasSecondary):
		return FitPartTarget(s.part, s.segment, f)
	case !s.hasSecondary && f > s.part:
		return FitPartTarget(s.part, s.segment, f)
	}
	return s.part
}

// limit is how long the open part may become: PART-TARGET, or less where the
// segment has reached what TARGETDURATION allows.
func (s *Segmenter) limit() int64 {
	return min(s.fit(), s.segStart+s.longest()-s.start)
}

// longest is how long a segment may become: EXTINF rounds to at most
// TARGETDURATION (RFC 8216bis 4.4.3.1).
func (s *Segmenter) longest() int64 {
	if s.Target == 0 {
		return longestGOP
	}
	return s.Target + ingest.Clock/2 - ingest.Millisecond
}

// FixTargets fixes both targets when the first segment closes, with its length.
// TARGETDURATION is the configured segment or the first GOP, rounded up; a tenth of
// a second above a whole second (a GOP of 2.002 s at 29.97 fps) is still rounded
// away by EXTINF. Later calls change nothing.
func (s *Segmenter) FixTargets(first int64) {
	if s.PartTarget == 0 {
		s.PartTarget = s.fit()
	}
	if s.Target != 0 {
		return
	}
	up := func(t int64) int64 { return (t + ingest.Clock - 1) / ingest.Clock * ingest.Clock }
	s.Target = max(up(s.segment), up(first-ingest.Clock/10), up(s.PartTarget-ingest.Clock/10))
}
