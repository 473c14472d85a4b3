package packager

import (
	"fmt"

	"mediad/ingest"
	"mediad/packager/cut"
	"mediad/packager/health"
	"mediad/packager/mpegts"
)

// show writes a unit of the primary track, with the cues that are due, into the open
// part, or into a new one. delay is as in openPart.
func (s *Stream) show(u ingest.Unit, delay int64) error {
	if err := s.openPart(u, delay); err != nil {
		return err
	}
	if err := s.stampState(u.PTS); err != nil {
		return err
	}
	if err := s.stamp(u.PTS); err != nil {
		return err
	}
	if u.Key {
		s.open.key = true
	}
	return s.write(u)
}

// write puts a unit into the open part.
func (s *Stream) write(u ingest.Unit) error {
	wrapped, err := s.open.write(u)
	if err != nil {
		return fmt.Errorf("write %s/%s: %w", s.opts.Room, s.opts.Epoch, err)
	}
	if wrapped {
		s.health.Count(func(c *health.Counts) { c.Wraps++ })
	}
	return nil
}

// openPart begins a part where none is open, and a segment if the last one is closed.
// The slate ends there. delay is PTS - DTS of the publisher's first picture.
func (s *Stream) openPart(u ingest.Unit, delay int64) error {
	if s.open.part() {
		return nil
	}
	s.endSlateAt(s.seg.Start())
	s.open.delay = delay
	return s.beginPart(s.session.output(), s.session.followers(), u.PTS, s.seg.Start(), &s.published.broken)
}

// beginPart begins a part at an output DTS, with a first picture at pts. A segment that
// begins with it takes the mark for a DISCONTINUITY. The followers write the other
// renditions.
func (s *Stream) beginPart(w *mpegts.Writer, followers []*follower, pts, start int64, broken *bool) error {
	if err := s.open.beginPart(w, followers, start, s.opts.Now()); err != nil {
		return fmt.Errorf("begin part %d: %w", s.published.nextPart, err)
	}
	if !s.open.begun {
		s.open.beginSegment(s.published.newSegment(start, s.line.Date(start+s.open.delay), *broken), pts)
		*broken = false
	}
	return nil
}

// cut ends the open part, if there is one, and the segment if the segmenter says so, and
// publishes the result. It fails only if the part cannot be ended.
func (s *Stream) cut(c cut.Cut) error {
	if c.Kind == cut.None {
		return nil
	}
	listed := s.open.part()
	if listed {
		if u, ok := s.session.filling(c.At); ok {
			if err := s.show(u, s.open.delay); err != nil {
				return err
			}
			s.session.repeatFollowers(u)
		}
		if err := s.closePart(c.At); err != nil {
			return err
		}
	}
	var closed *segment
	if c.Kind != cut.Part && len(s.open.segment.parts) > 0 {
		closed = s.closeSegment()
	}
	if c.Forced {
		s.health.Count(func(c *health.Counts) { c.Forced++ })
	}
	if c.Kind == cut.Break {
		s.published.broken = true
		s.health.Count(func(c *health.Counts) { c.Pauses++ })
	}
	s.publish(func(w *window) {
		if closed != nil {
			w.segments = append(w.segments, closed)
		}
	})
	if listed && s.opts.Listed != nil {
		s.opts.Listed(s.opts.Now().Sub(s.open.came))
	}
	return nil
}

// closePart ends the open part at an output DTS.
func (s *Stream) closePart(at int64) error {
	if err := s.stampState(s.open.tags.head); err != nil { // no picture came
		return err
	}
	p, err := s.open.endPart(s.published.nextPart, at)
	if err != nil {
		return err
	}
	s.addPart(p)
	return nil
}

// addPart adds a part to the open segment.
func (s *Stream) addPart(p *part) {
	s.open.add(p)
	s.published.added(&s.open.segment)
	s.spoolPart(p)
}

// closeSegment ends the open segment.
func (s *Stream) closeSegment() *segment {
	closed := s.open.endSegment()
	s.published.closed(closed)
	// First the archive: the spool tells it when it may store the bytes.
	if s.opts.Archive != nil {
		s.opts.Archive.Add(closed.archived())
	}
	s.opts.Spool.Close(len(closed.parts), s.seg.Target)
	if !s.slate.on() {
		s.health.Segment(closed.size(), closed.duration)
	}
	if s.opts.Advance != nil {
		p := &s.published
		s.opts.Advance(Numbers{p.nextMSN, p.nextPart, p.breaks, s.seg.Target, s.seg.PartTarget})
	}
	return closed
}

// publish swaps a new window in and wakes all who wait for it.
func (s *Stream) publish(change func(*window)) {
	w := s.published.next(s.open.segment)
	w.target, w.partTarget = s.seg.Target, s.seg.PartTarget
	w.skipUntil, w.whole = s.skipBoundary(), s.opts.SegmentsOnly
	if tracks := s.session.announced(); tracks != nil {
		w.tracks = tracks
	}
	change(w)
	s.published.swap(w, ingest.Ticks(s.opts.Window), s.opts.Spool)
}

// interrupt ends what is open, because its publisher left or fell silent.
func (s *Stream) interrupt() {
	if !s.session.publishes() {
		return
	}
	o := &s.open
	_ = s.session.drain(s.opts.Now(), true) // what cannot be written is left out
	c := s.seg.Stop(!o.part())
	if o.part() && c.At-o.start < sliver {
		o.tags.repeatLanded()
	}
	if err := s.cut(c); err != nil {
		// The open part cannot be finished: the segment does without it.
		o.tags.repeatLanded()
		o.drop()
		c.At = o.start
		_ = s.cut(c) // without an open part nothing can fail
	}
	if media, seen := s.session.slate(); seen && !s.slate.on() {
		s.slate.media = media
	}
	s.published.broken = true
	s.line.Leave()
	s.health.Gone()
}

// sliver, in ticks, is how much hls.js may leave out at the end of a segment:
// maxFragLookUpTolerance, a quarter of a second, and some rounding. Events that landed
// in such a part are repeated in the next one; readers know them by seq.
const sliver = 3 * ingest.Clock / 10
