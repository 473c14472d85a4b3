package packager

import "mediad/packager/m3u8"

// tags are the ID3 tags of a broadcast as they are written.
type tags struct {
	last  int64  // PTS of the last one
	state []byte // of the last landed cue

	due  bool  // the open segment's head has not repeated the state yet
	head int64 // PTS at which it is repeated if no picture comes

	landed [][]byte // events of the open part
	missed [][]byte // events that players may have missed: the next segment repeats them
}

// beginSegment notes that the state is to be repeated, at pts if no picture comes.
func (t *tags) beginSegment(pts int64) { t.due, t.head = true, pts }

// repeatLanded lets the next segment repeat the events of the open part.
func (t *tags) repeatLanded() { t.missed = append(t.missed, t.landed...) }

// stampState writes what holds at the head of a segment: the state of the last landed
// cue. It goes with the first picture, not with sound that opened the part, which may
// lie beyond all pictures of its part. PTS of tags rise, so where time stepped back
// behind the last tag, the state waits until time is beyond it.
func (s *Stream) stampState(pts int64) error {
	o, t := &s.open, &s.open.tags
	if !t.due || pts <= t.last {
		return nil
	}
	t.due = false
	if err := s.stampPulse(pts); err != nil {
		return err
	}
	for _, event := range t.missed {
		if err := o.tag(pts, event); err != nil {
			return err
		}
	}
	t.missed = nil
	// Where a cue lands on this very frame, its state stands for both.
	if t.state != nil && pts < s.cues.due.Load() {
		return o.tag(pts, t.state)
	}
	return nil
}

// stamp writes the cues that are due at the frame at pts: each event in a PES
// of its own, one tick apart, and the state after them last.
func (s *Stream) stamp(pts int64) error {
	o, t := &s.open, &s.open.tags
	if pts <= t.last {
		return nil // a B-frame: the next picture will do
	}
	if err := s.stampPulse(pts); err != nil {
		return err
	}
	cues := s.cues.take(pts)
	if len(cues) == 0 {
		return nil
	}
	for _, c := range cues {
		if err := o.tag(pts, c.Event); err != nil {
			return err
		}
		t.landed = append(t.landed, c.Event)
		l := Landing{PTS: t.last, Date: s.line.Date(t.last), Epoch: s.opts.Epoch, Segment: o.segment.msn, Part: s.published.nextPart}
		if c.Class != "" {
			o.segment.cues = append(o.segment.cues, m3u8.DateRange{ID: c.ID, Class: c.Class, Start: l.Date, Attrs: c.Attrs})
		}
		if c.Landed != nil {
			c.Landed(l)
		}
		t.state = c.State
	}
	return o.tag(pts, t.state)
}

// stampPulse writes what waits, before the cues of the same picture: readers who look at
// the last tag alone find the state there.
func (s *Stream) stampPulse(pts int64) error {
	if s.pulse.Load() == nil {
		return nil
	}
	text := s.pulse.Swap(nil)
	return s.open.tag(pts, *text)
}
