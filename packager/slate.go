package packager

import (
	"time"

	"mediad/ingest"
	"mediad/packager/cut"
)

// slate is what stands in while no media comes. Stream.mu guards it.
type slate struct {
	media *slateMedia // what it shows; nil: there are only gaps
	parts *cut.Slate  // where its parts end; nil: nothing stands in
	since time.Time   // when it began, and
	from  int64       // where, in output DTS
}

// followers are those of the publisher whose picture it shows.
func (s *slate) followers() []*follower {
	if s.media == nil {
		return nil
	}
	return s.media.followers
}

// on tells whether the slate stands in.
func (s *slate) on() bool { return s.parts != nil }

// begin lets it stand in from an output DTS on, since a moment.
func (s *slate) begin(from int64, since time.Time, partTarget, target int64) {
	parts := cut.NewSlate(from, partTarget, target)
	s.parts, s.since, s.from = &parts, since, from
}

// at is the output DTS of a moment.
func (s *slate) at(now time.Time) int64 {
	return ingest.Whole(s.from + ingest.Ticks(now.Sub(s.since)))
}

// patience is how long nothing comes before the slate stands in. Viewers play
// PART-HOLD-BACK behind the end. Media that comes before that time has passed costs them
// nothing, whether it is late or its publisher reconnected at once. After it their buffer
// is empty.
func patience(partTarget int64) time.Duration { return holdBack(ingest.Duration(partTarget)) }

// Tick tells the stream what time it is. While no media comes, because the connection is
// lost or silent, the playlist goes on by the clock.
func (s *Stream) Tick(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w := s.snapshot()
	if w.ended || w.leaving || !w.ready() && !s.slate.on() {
		return
	}
	// What could not be written, the next unit tells the publisher.
	_ = s.session.drain(now, false)
	if s.seg.Held(now.Sub(s.arrived)) {
		// The key frame that a part waits for does not come in time. Where the part
		// cannot be ended, the next unit tells the publisher.
		_ = s.cut(s.seg.Release())
	}
	if now.Sub(s.arrived) < patience(s.seg.PartTarget) && (s.line.Begun() || !s.slate.on()) {
		return
	}
	if s.line.Begun() {
		// The publisher is connected and silent. Whatever it says next lies
		// behind a DISCONTINUITY, also where its timestamps go on.
		s.interrupt()
		s.session.fellSilent()
	}
	if !s.slate.on() {
		s.beginSlate()
	}
	s.fill(s.slate.at(now), false)
}

// beginSlate lets the slate stand in from where the listed media ends.
func (s *Stream) beginSlate() {
	s.slate.begin(s.published.edge, s.arrived, s.seg.PartTarget, s.seg.Target)
}

// fill lists parts of the slate up to an output time. It does not go back.
func (s *Stream) fill(to int64, last bool) {
	var closed []*segment
	grown := false
	for {
		length, closes := s.slate.parts.Next(to, last)
		if length == 0 {
			break
		}
		s.standIn(length)
		grown = true
		if closes {
			closed = append(closed, s.closeSegment())
		}
	}
	if grown {
		s.publish(func(w *window) { w.segments = append(w.segments, closed...) })
	}
}

// standIn adds one part of the slate, or a gap where there is no slate. A segment with a
// gap in it is a gap.
func (s *Stream) standIn(length int64) {
	o, p := &s.open, &s.published
	if s.slate.media != nil {
		if s.showSlate(length) == nil {
			o.segment.standIn = true
			return
		}
		s.session.replaceWriter(s.slate.media.writer)
	}
	s.slate.media = nil
	o.drop()
	if !o.begun {
		o.segment, o.begun = p.newSegment(p.edge, s.line.Date(p.edge+o.delay), false), true
	}
	o.segment.gap, o.segment.standIn = true, true
	s.addPart(&part{number: p.nextPart, duration: length, gap: true})
}

// endSlateAt ends the slate at an output DTS, where media begins.
func (s *Stream) endSlateAt(at int64) {
	if s.slate.on() {
		s.fill(at, true)
		s.endSlate() // it is still on if media begins exactly at the end of a part
	}
}

// endSlate ends the slate, and its segment if one is open.
func (s *Stream) endSlate() {
	if !s.slate.on() {
		return
	}
	s.slate.parts = nil
	if len(s.open.segment.parts) > 0 {
		closed := s.closeSegment()
		s.publish(func(w *window) { w.segments = append(w.segments, closed) })
	}
}
