package packager

import (
	"sync"
	"sync/atomic"
	"time"

	"mediad/ingest"
	"mediad/packager/align"
	"mediad/packager/cut"
	"mediad/packager/health"
)

// Stream is one broadcast: the unbroken life of a room's playlist. Publishers
// come and go as Sessions; viewers read its window.
//
// It owns three values: what is open (being written), the slate (what stands in while
// no media comes), and what is published. Its methods move media from one to the next.
type Stream struct {
	opts   Options
	cues   cueQueue
	pulse  atomic.Pointer[[]byte] // waits for the next picture; nil: none
	health health.Meter

	// mu is held for each unit. Only Tick, a take-over, the host's end and a shutdown
	// compete for it.
	mu sync.Mutex
	// Guarded by mu. Viewers read some fields of published without it.
	session   *Session  // whose units count; nil: nobody publishes
	arrived   time.Time // of the last unit, by Options.Now
	line      align.Timeline
	seg       cut.Segmenter
	open      openMedia
	slate     slate
	published published
}

// NewStream gives a stream that waits for its first publisher.
func NewStream(o Options) *Stream {
	o = o.withDefaults()
	s := &Stream{opts: o, line: align.NewTimeline(o.Anchor), seg: cut.New(o.Part, o.Segment)}
	s.seg.Target, s.seg.PartTarget = o.Begin.Target, o.Begin.PartTarget
	s.open.tags.state = o.State
	p := &s.published
	p.nextMSN, p.nextPart = max(o.Begin.MSN, 1), max(o.Begin.Part, 1)
	p.breaks, p.broken = o.Begin.Discontinuities, o.Resumed
	p.recorded.takeRecords(o.Stored)
	p.window.Store(&window{
		next: make(chan struct{}), nextPart: p.nextPart, dropped: p.breaks,
		target: s.seg.Target, partTarget: s.seg.PartTarget, whole: o.SegmentsOnly,
	})
	s.opts.Past, s.opts.Stored = nil, nil
	s.cues.due.Store(never)
	if len(o.Past) > 0 {
		s.resume(o.Past, o.Stored)
		return s
	}
	p.rewind = newRewind(o.DVR, o.Archive, o.Stored, p.nextMSN)
	if o.Resumed && !o.Edge.IsZero() && o.Begin.Target > 0 && o.Begin.PartTarget > 0 {
		now := o.Now()
		s.arrived = o.Edge
		if oldest := now.Add(-o.Window); s.arrived.Before(oldest) {
			s.arrived = oldest
		}
		p.edge, p.skipped = ingest.Whole(s.line.Ticks(s.arrived)), true
		s.beginSlate()
		s.Tick(now)
	}
	return s
}

// Epoch names the broadcast in every media URL.
func (s *Stream) Epoch() string { return s.opts.Epoch }

// Room is the slug of the room.
func (s *Stream) Room() string { return s.opts.Room }

// Health tells what arrives.
func (s *Stream) Health() health.Report { return s.health.Read(s.opts.Now()) }

// Begun tells whether this stream, or the one of a former process that it
// continues, ever had a segment to show.
func (s *Stream) Begun() bool { return s.opts.Resumed || s.snapshot().ready() }

// Viewers is how many players waited for one of the last parts: those that
// follow the low-latency playlist on this server, and not behind a cache.
func (s *Stream) Viewers() int { return s.published.counted() }

// snapshot is what can be had now. It does not change.
func (s *Stream) snapshot() *window { return s.published.window.Load() }

// Cue hands over a cue, to be stamped with the time of the first frame at or
// after its own. It returns at once; where nothing publishes and no slate stands
// in either, the cue waits.
func (s *Stream) Cue(c Cue) {
	var at int64
	if !c.NotBefore.IsZero() {
		at = s.line.Ticks(c.NotBefore)
	}
	s.cues.add(c, at)
}

// Pulse hands over a tag that is in no playlist and changes no state, such as figures. The
// next picture carries it. One that waits is replaced: only the newest counts.
func (s *Stream) Pulse(text []byte) { s.pulse.Store(&text) }

// End closes the broadcast for good: ENDLIST.
func (s *Stream) End() {
	s.leave(func(w *window) { w.ended = true })
	s.opts.Spool.End()
}

// Suspend closes the segment and answers all who wait, without an ENDLIST:
// the process goes down and the broadcast goes on in the next one.
func (s *Stream) Suspend() { s.leave(func(w *window) { w.leaving = true }) }

func (s *Stream) leave(note func(*window)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.interrupt()
	s.session = nil
	s.endSlate()
	s.publish(note)
}
