package packager

import (
	"mediad/ingest"
	"mediad/packager/archive"
	"mediad/packager/spool"
)

// skipParts is how many part numbers a restart leaves out. The spool may lack the last
// part that was listed, and the one that its hint promised.
const skipParts = 16

// spoolPart hands a part to the spool, right before it is listed.
func (s *Stream) spoolPart(p *part) {
	if s.opts.Spool == nil {
		return
	}
	seg := &s.open.segment
	var head *spool.Head
	if len(seg.parts) == 1 {
		head = &spool.Head{
			MSN: seg.msn, Start: seg.start, Date: seg.date, Discontinuity: seg.discontinuity, Resumes: seg.resumes,
			Breaks: s.published.breaks, Target: s.seg.Target, Tracks: s.snapshot().tracks,
		}
		if seg.discontinuity {
			head.Breaks--
		}
		if tracks := s.session.announced(); tracks != nil {
			head.Tracks = tracks
		}
	}
	s.opts.Spool.Part(head, spool.Part{
		Number: p.number, Duration: p.duration, Target: s.seg.PartTarget, Independent: p.independent,
		Gap: p.gap, StandIn: s.slate.on(), DateRanges: seg.cues[seg.spooled:], Data: p.data,
	})
	seg.spooled = len(seg.cues)
}

// resume lists again what a former process listed last, and goes on after it. The segment
// that was open then is closed: its publisher is gone. The slate follows up to now, with
// the last key frame, as after any loss of a publisher; what lies before the window is a
// gap. stored is what viewers can go back to before that.
func (s *Stream) resume(past []*spool.Segment, stored []archive.Record) {
	first, last := past[0], past[len(past)-1]
	end := last.Parts[len(last.Parts)-1]
	s.seg.Target, s.seg.PartTarget = last.Target, end.Target
	s.seg.FixTargets(last.Duration()) // it was the first, and still open
	pub := &s.published
	pub.nextMSN, pub.nextPart = last.MSN+1, end.Number+1+skipParts
	if pub.breaks = last.Breaks; last.Discontinuity {
		pub.breaks++
	}
	pub.edge = last.End()
	s.open.end = pub.edge
	s.open.delay = s.line.Ticks(last.Date) - last.Start
	pub.broken = true

	now := s.opts.Now()
	s.arrived = s.line.Date(pub.edge)
	w := s.snapshot()
	w.tracks = last.Tracks
	for _, p := range past {
		if rate := listed(p).rate(); rate > 0 {
			pub.rate = rate
		}
	}
	if n := ingest.Ticks(now.Sub(s.arrived)-s.opts.Window) / s.seg.Target; n > longGap {
		s.skipGap(n)
		pub.rewind = newRewind(s.opts.DVR, s.opts.Archive, stored, pub.nextMSN)
	} else {
		w.dropped = first.Breaks
		again := make([]*segment, len(past))
		for i, p := range past {
			again[i] = listed(p)
		}
		// The rewind list goes on with its own numbers, too.
		pub.rewind = newRewind(s.opts.DVR, s.opts.Archive, stored, first.MSN)
		pub.rewind.append(again)
		s.publish(func(w *window) { w.segments = append(w.segments, again...) })
	}
	s.beginSlate()
	if oldest := ingest.Whole(s.line.Ticks(now.Add(-s.opts.Window))); oldest > pub.edge {
		s.fill(oldest, false)
		s.endSlate()
		s.arrived = s.line.Date(pub.edge)
		s.beginSlate()
	}
	// Where the past cannot be read back there are gaps, as where nothing was spooled.
	s.slate.media, _ = resumedSlate(past, pub.edge)
	s.Tick(now)
}

// longGap is how many segments of a gap may lie before the window. They go to the
// archive as gaps. The archive takes numbers that are missing before a DISCONTINUITY for
// lost segments, unless they are more than 32.
const longGap = 64

// skipGap leaves out n segments of a gap that lie before the window, and the past before
// them. Their numbers are skipped, so that players find the same distance in numbers and
// in dates.
func (s *Stream) skipGap(n int64) {
	p := &s.published
	p.nextMSN += uint64(n)
	p.edge += n * s.seg.Target
	s.open.end = p.edge
	s.arrived = s.line.Date(p.edge)
	p.skipped = true
	w := s.snapshot()
	w.dropped, w.nextPart, w.target, w.partTarget = p.breaks, p.nextPart, s.seg.Target, s.seg.PartTarget
}

// listed makes a segment of the window from one of the spool.
func listed(p *spool.Segment) *segment {
	s := &segment{
		msn: p.MSN, date: p.Date, start: p.Start, duration: p.Duration(), discontinuity: p.Discontinuity,
		gap: p.Gap(), standIn: p.StandIn(), resumes: p.Resumes, cues: p.DateRanges(),
	}
	for i := range p.Parts {
		q := &p.Parts[i]
		s.parts = append(s.parts, &part{number: q.Number, data: q.Data, duration: q.Duration, independent: q.Independent, gap: q.Gap})
	}
	return s
}

// Archived makes a segment of the archive from one of the spool.
func Archived(p *spool.Segment) archive.Segment {
	out := listed(p).archived()
	out.Data, out.Kept = nil, p.Size()
	if out.Gap {
		out.Kept = 0 // there is no object for it
	}
	return out
}
