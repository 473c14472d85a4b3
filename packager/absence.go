package packager

import (
	"time"

	"mediad/ingest"
	"mediad/packager/mpegts"
)

// absence decides when a part stands in for media that does not come, so that
// the playlist goes on by the clock (RFC 8216bis 6.2.1: a part within
// PART-TARGET, a segment within 1.5 target durations) and blocking requests are
// answered. It is a value without a clock.
type absence struct {
	part, segment int64 // the longest that each may be, ticks
	segStart      int64 // of the open segment
	start         int64 // of the part that comes next
}

// next gives the length of the next part if that is over at `to`, and whether
// its segment is over with it; 0: it is not. With last, media begins at `to`:
// the part that this falls into ends there.
func (a *absence) next(to int64, last bool) (length int64, closes bool) {
	end := min(a.start+a.part, a.segStart+a.segment)
	if last && to <= end {
		end, closes = to, true
	}
	if end > to || end <= a.start {
		return 0, false
	}
	length = end - a.start
	closes = closes || end == a.segStart+a.segment
	a.start = end
	if closes {
		a.segStart = end
	}
	return length, closes
}

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
	if f := s.seg.cadence.mean(); s.seg.held.kind != noCut && now.Sub(s.arrived) > ingest.Duration(f*3/2) {
		// The key frame that a part waits for does not come in time. Where the part
		// cannot be ended, the next unit tells the publisher.
		_ = s.cut(s.seg.release())
	}
	if now.Sub(s.arrived) < patience(s.seg.partTarget) && (s.line.set || s.gone == nil) {
		return
	}
	if s.line.set {
		// The publisher is connected and silent. Whatever it says next lies
		// behind a DISCONTINUITY, also where its timestamps go on.
		s.hush()
	}
	if s.gone == nil {
		s.leaveOff()
	}
	s.fill(whole(s.sinceEdge+ingest.Ticks(now.Sub(s.since))), false)
}

// leaveOff begins an absence where the listed media ends.
func (s *Stream) leaveOff() {
	s.gone = &absence{part: s.seg.partTarget, segment: s.seg.target, segStart: s.edge, start: s.edge}
	s.since, s.sinceEdge = s.arrived, s.edge
}

// fill lists what stands in up to an output time. It does not go back.
func (s *Stream) fill(to int64, last bool) {
	var closed []*segment
	grown := false
	for {
		length, closes := s.gone.next(to, last)
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
		s.current = segment{msn: s.nextMSN, date: s.line.date(s.edge + s.delay), start: s.edge, resumes: s.bridge}
		s.nextMSN++
		s.bridge = false
	}
	s.current.gap, s.current.standIn = true, true
	s.addPart(&part{number: s.nextNum, duration: length, gap: true})
}

// endAbsence ends what stands in where media begins, at s.seg.start.
func (s *Stream) endAbsence() {
	if s.gone == nil {
		return
	}
	s.fill(s.seg.start, true)
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
	session.backlog = new(backlog)
}
