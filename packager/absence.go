package packager

import (
	"time"

	"mediad/ingest"
	"mediad/packager/align"
	"mediad/packager/cut"
	"mediad/packager/mpegts"
)

// patience is how long nothing need come before viewers are told. They play
// PART-HOLD-BACK behind the end: what comes before that has passed costs them
// nothing, be it late media or a publisher that reconnects at once. After it
// their buffer is empty.
func patience(partTarget int64) time.Duration { return holdBack(ingest.Duration(partTarget)) }

// Tick tells the stream what time it is. While no media comes, lost connection
// or silent one, it lets the playlist go on by the clock.
func (s *Stream) Tick(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w := s.window.Load()
	if w.ended || w.leaving || !w.ready() && s.gone == nil {
		return
	}
	if s.seg.Held(now.Sub(s.arrived)) {
		// The key frame that a part waits for does not come in time. Where the part
		// cannot be ended, the next unit tells the publisher.
		_ = s.cut(s.seg.Release())
	}
	if now.Sub(s.arrived) < patience(s.seg.PartTarget) && (s.line.Begun() || s.gone == nil) {
		return
	}
	if s.line.Begun() {
		// The publisher is connected and silent. Whatever it says next lies
		// behind a DISCONTINUITY, also where its timestamps go on.
		s.hush()
	}
	if s.gone == nil {
		s.leaveOff()
	}
	s.fill(ingest.Whole(s.sinceEdge+ingest.Ticks(now.Sub(s.since))), false)
}

// leaveOff begins an absence where the listed media ends.
func (s *Stream) leaveOff() {
	gone := cut.NewSlate(s.edge, s.seg.PartTarget, s.seg.Target)
	s.gone = &gone
	s.since, s.sinceEdge = s.arrived, s.edge
}

// fill lists what stands in up to an output time. It does not go back.
func (s *Stream) fill(to int64, last bool) {
	var closed []*segment
	grown := false
	for {
		length, closes := s.gone.Next(to, last)
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

// standIn adds one part: of the still, or else a gap. A segment with a gap in
// it is one.
func (s *Stream) standIn(length int64) {
	if s.still != nil && s.showStill(length) == nil {
		s.current.standIn = true
		return
	}
	if s.still != nil && s.writer == s.still.writer {
		// A silent publisher's own: it cannot be used any more. A DISCONTINUITY
		// comes before what it sends next. These tracks had a writer before.
		s.writer, _ = mpegts.NewWriter(s.session.tracks)
	}
	s.still, s.buf, s.indep = nil, nil, false
	if s.fresh {
		s.fresh = false
		s.current = segment{msn: s.nextMSN, date: s.line.Date(s.edge + s.delay), start: s.edge, resumes: s.bridge}
		s.nextMSN++
		s.bridge = false
	}
	s.current.gap, s.current.standIn = true, true
	s.addPart(&part{number: s.nextNum, duration: length, gap: true})
}

// endAbsence ends what stands in where media begins.
func (s *Stream) endAbsence() {
	if s.gone == nil {
		return
	}
	s.fill(s.seg.Start(), true)
	s.closeStandIn() // where media begins exactly at the end of a part
}

// closeStandIn closes the segment that stands in, if one is open.
func (s *Stream) closeStandIn() {
	if s.gone == nil {
		return
	}
	s.gone = nil
	if len(s.current.parts) > 0 {
		closed := s.closeSegment()
		s.publish(func(w *window) { w.segments = append(w.segments, closed) })
	}
}

// hush ends what is open, because its publisher is silent.
func (s *Stream) hush() {
	session, w := s.session, s.writer
	s.interrupt()
	s.writer = w
	session.restart()
	session.catchUp = new(align.CatchUp)
}
