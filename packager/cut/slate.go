package cut

// Slate decides where the parts and segments end that stand in for media which does
// not come, so that the playlist goes on by the clock (RFC 8216bis 6.2.1: a part
// within PART-TARGET, a segment within 1.5 target durations) and blocking requests
// are answered. It is told how far time has come.
type Slate struct {
	part, segment int64 // the longest that each may be, ticks
	segStart      int64 // of the open segment
	start         int64 // of the part that comes next
}

// NewSlate begins at an output time; part and segment are the longest that each may
// be. All are in ticks.
func NewSlate(at, part, segment int64) Slate {
	return Slate{part: part, segment: segment, segStart: at, start: at}
}

// Next gives the length of the next part if that is over at `to`, and whether
// its segment is over with it; 0: it is not. With last, media begins at `to`:
// the part that this falls into ends there.
func (s *Slate) Next(to int64, last bool) (length int64, closes bool) {
	end := min(s.start+s.part, s.segStart+s.segment)
	if last && to <= end {
		end, closes = to, true
	}
	if end > to || end <= s.start {
		return 0, false
	}
	length = end - s.start
	closes = closes || end == s.segStart+s.segment
	s.start = end
	if closes {
		s.segStart = end
	}
	return length, closes
}
