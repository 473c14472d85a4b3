package packager

import (
	"bytes"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"mediad/ingest"
	"mediad/packager/align"
	"mediad/packager/archive"
	"mediad/packager/cut"
	"mediad/packager/health"
	"mediad/packager/layout"
	"mediad/packager/mpegts"
	"mediad/packager/spool"
)

// Options describe one broadcast.
type Options struct {
	Room, Epoch string
	// Anchor is the date of output PTS 900000, the broadcast's begin.
	Anchor time.Time
	// Part, Segment and Window are the durations asked for; zero: 500 ms, 2 s,
	// 30 s.
	Part, Segment, Window time.Duration
	// DVR is how far viewers can go back; zero: 2 h. Without an archive that
	// stores it is the window.
	DVR time.Duration
	// SegmentsOnly makes a playlist without parts, that changes once a segment.
	// Parts are still cut, of Part: cues and stand-ins go by them.
	SegmentsOnly bool
	// Begin says which numbers come first. A media sequence number of 0
	// becomes 1: hls.js does not block on 0.
	Begin Marks
	// Resumed: the epoch was served before, by a process that is gone.
	Resumed bool
	// Edge is the date at which that process's media ended, as far as is known;
	// a gap leads from there, but not from before Window, to the present. hls.js
	// and Shaka find their place again by its dates: numbers were skipped, and a
	// list of later dates alone leaves hls.js looking for ever. Zero: no gap.
	Edge time.Time
	// Past is what that process listed last, with its bytes, where nothing of it
	// is missing: it is listed again, and its last picture and numbers go on
	// behind it instead of at Begin. Edge is not looked at then.
	Past []*spool.Segment
	// Stored are the segments that former processes stored of the epoch, or left
	// to this one's Archive: what viewers can go back to. Those that Past lists
	// as well may stand in it or not.
	Stored []archive.Record
	// State is the cue state that holds before the first frame; nil: none.
	State []byte
	// Advance, if set, hears after each closed segment how far numbers were
	// handed out. It is called on the publisher's goroutine and must not block.
	Advance func(Marks)
	// Listed, if set, hears after each part that players can have it, and how long
	// ago the first unit of it arrived. It is called as Advance is.
	Listed func(time.Duration)
	// Archive takes the closed segments; nil: nobody does.
	Archive *archive.Stream
	// Spool takes the parts as they are listed, for the process after this one;
	// nil: nobody does.
	Spool *spool.Stream
	// Now is the clock; nil: time.Now.
	Now func() time.Time
}

// Marks are what must survive a restart so that an epoch goes on under the
// same URL: the numbers that come next, and values that may never change.
type Marks struct {
	MSN, Part       uint64 // media sequence number; running number of parts
	Discontinuities uint64 // EXT-X-DISCONTINUITY tags so far
	Target          int64  // TARGETDURATION in ticks, 0: not yet fixed
	PartTarget      int64  // in ticks, 0: not yet fixed
}

// Stream is one broadcast: the unbroken life of a room's playlist. Publishers
// come and go as Sessions; viewers read its window.
type Stream struct {
	opts     Options
	window   atomic.Pointer[window]
	cues     cueQueue
	rewind   *rewind
	recorded recorded
	limits   limits
	health   health.Meter

	// watching counts the requests that wait for a playlist; viewers keeps how
	// many there were when the last parts came.
	watching atomic.Int64
	viewers  [4]atomic.Int64

	// mu is held for each unit. It is uncontended but for Tick, a take-over,
	// the host's end and a shutdown.
	mu sync.Mutex
	// Guarded by mu.
	session *Session // whose units count; nil: nobody publishes
	line    align.Timeline
	seg     cut.Segmenter
	writer  *mpegts.Writer
	buf     *bytes.Buffer // the open part's bytes; nil: no part is open
	scratch bytes.Buffer  // what buf points to: reused, for a finished part is a copy
	began   int64         // where the open (or next) part begins
	opened  time.Time     // when its first unit came
	indep   bool          // the open part holds an IDR
	units   int           // written into the open part
	// repeated tells that parts had to be opened with the picture before.
	repeated bool
	current  segment // the open segment
	nextMSN  uint64
	nextNum  uint64   // number of the next part
	broken   bool     // the next segment begins with a DISCONTINUITY
	fresh    bool     // the next part is the first of its segment
	unsaid   bool     // the open segment's head has not repeated the state yet
	head     int64    // PTS at which it is repeated if no picture comes
	breaks   uint64   // DISCONTINUITY tags so far
	end      int64    // output DTS of the last unit
	state    []byte   // of the last landed cue
	lastID3  int64    // PTS of the last ID3 tag
	landed   [][]byte // events of the open part
	again    [][]byte // events that the next part says once more
	delay    int64    // PTS - DTS of the first picture of the last session, ticks
	edge     int64    // output DTS at which the listed media, or gap, ends

	rate      int        // of the last whole segment of media, bits a second; 0: there was none
	arrived   time.Time  // of the last unit, by Options.Now
	gone      *cut.Slate // nil: nothing stands in for media
	still     *still     // what can stand in; nil: only gaps
	bridge    bool       // numbers that were never used stand before what comes next: nothing was listed since a restart
	since     time.Time  // when the absence began, and
	sinceEdge int64      // where it lies
}

// NewStream gives a stream that waits for its first publisher.
func NewStream(o Options) *Stream {
	if o.Part == 0 {
		o.Part = 500 * time.Millisecond
	}
	if o.Segment == 0 {
		o.Segment = 2 * time.Second
	}
	if o.Window == 0 {
		o.Window = 30 * time.Second
	}
	if o.DVR == 0 {
		o.DVR = 2 * time.Hour
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Stream{
		opts:    o,
		line:    align.NewTimeline(o.Anchor),
		seg:     cut.New(o.Part, o.Segment),
		nextMSN: max(o.Begin.MSN, 1),
		nextNum: max(o.Begin.Part, 1),
		breaks:  o.Begin.Discontinuities,
		broken:  o.Resumed,
		state:   o.State,
		fresh:   true,
	}
	s.seg.Target, s.seg.PartTarget = o.Begin.Target, o.Begin.PartTarget
	s.recorded.takeRecords(o.Stored)
	s.opts.Past, s.opts.Stored = nil, nil
	s.cues.due.Store(never)
	s.window.Store(&window{
		next: make(chan struct{}), nextPart: s.nextNum, dropped: s.breaks,
		target: s.seg.Target, partTarget: s.seg.PartTarget, whole: o.SegmentsOnly,
	})
	if len(o.Past) > 0 {
		s.takeUp(o.Past, o.Stored)
		return s
	}
	s.rewind = newRewind(o.DVR, o.Archive, o.Stored, s.nextMSN)
	if o.Resumed && !o.Edge.IsZero() && o.Begin.Target > 0 && o.Begin.PartTarget > 0 {
		now := o.Now()
		s.arrived = o.Edge
		if oldest := now.Add(-o.Window); s.arrived.Before(oldest) {
			s.arrived = oldest
		}
		s.edge, s.bridge = ingest.Whole(s.line.Ticks(s.arrived)), true
		s.leaveOff()
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
func (s *Stream) Begun() bool { return s.opts.Resumed || s.window.Load().ready() }

// Viewers is how many players waited for one of the last parts: those that
// follow the low-latency playlist on this server, and not behind a cache.
func (s *Stream) Viewers() int {
	most := int64(0)
	for i := range s.viewers {
		most = max(most, s.viewers[i].Load())
	}
	return int(most)
}

// Cue hands over a cue, to be stamped with the time of the first frame at or
// after its own. It returns at once; where nothing publishes and nothing stands
// in either, the cue waits.
func (s *Stream) Cue(c Cue) {
	var at int64
	if !c.NotBefore.IsZero() {
		at = s.line.Ticks(c.NotBefore)
	}
	s.cues.add(c, at)
}

// Attach makes way for a publisher: whoever published before is cut off, and
// gets ingest.ErrTakenOver.
func (s *Stream) Attach() *Session {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.interrupt()
	s.session = &Session{stream: s}
	s.health.Attach()
	return s.session
}

// End closes the broadcast for good: ENDLIST.
func (s *Stream) End() {
	s.leave(func(w *window) { w.ended = true })
	s.opts.Spool.End()
}

// Suspend closes the segment and answers all who wait, without an ENDLIST:
// the process goes down and the broadcast goes on in the next one.
func (s *Stream) Suspend() { s.leave(func(w *window) { w.leaving = true }) }

func (s *Stream) leave(mark func(*window)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.interrupt()
	s.session = nil
	s.closeStandIn()
	s.publish(mark)
}

// interrupt ends what is open, because its publisher left.
func (s *Stream) interrupt() {
	if s.writer == nil {
		return
	}
	c := s.seg.Stop(s.buf == nil)
	if s.buf != nil && c.At-s.began < sliver {
		s.again = append(s.again, s.landed...)
	}
	if err := s.cut(c); err != nil {
		// The open part cannot be finished: the segment does without it.
		s.buf, s.indep, s.again = nil, false, append(s.again, s.landed...)
		c.At = s.began
		s.cut(c) // without an open part nothing can fail
	}
	if s.gone == nil && s.session.seen {
		s.still = newStill(s.writer, s.session.tracks, s.session.picture, s.session.place.Sound)
	}
	s.writer, s.broken = nil, true
	s.line.Leave()
	s.health.Gone()
}

// sliver, in ticks, is what hls.js leaves out at the end of a segment: up to
// maxFragLookUpTolerance, a quarter of a second, and some rounding. Events that
// landed in one stand in the next part once more; readers know them by seq.
const sliver = 3 * ingest.Clock / 10

// show writes a picture, or sound that leads, into the open part, or a new one, with
// the cues that are due.
func (s *Stream) show(u ingest.Unit) error {
	if err := s.openPart(u); err != nil {
		return err
	}
	if err := s.repeat(u.PTS); err != nil {
		return err
	}
	if err := s.stamp(u.PTS); err != nil {
		return err
	}
	if u.Key {
		s.indep = true
	}
	return s.write(u)
}

// What one part may hold: more than an encoder at 100 Mbit/s puts into two
// seconds. Beyond it the publisher's timestamps stand still, or its bit rate is
// no live stream's, and its part would never end.
const (
	maxPartBytes = 32 << 20
	maxPartUnits = 4096
	// maxScratch is how much room is kept from one part to the next.
	maxScratch = 4 << 20
)

// write puts a unit into the open part.
func (s *Stream) write(u ingest.Unit) error {
	if s.units++; s.buf.Len() > maxPartBytes || s.units > maxPartUnits {
		return fmt.Errorf("write %s/%s: a part of %d units and %d bytes does not end: do the timestamps stand still?",
			s.opts.Room, s.opts.Epoch, s.units, s.buf.Len())
	}
	if err := s.writer.Unit(u); err != nil {
		return fmt.Errorf("write %s/%s: %w", s.opts.Room, s.opts.Epoch, err)
	}
	if align.Wraps(s.end, u.DTS) {
		s.health.Count(func(c *health.Counts) { c.Wraps++ })
	}
	s.end = max(s.end, u.DTS)
	return nil
}

// openPart begins a part, and a segment if the last one is closed.
func (s *Stream) openPart(u ingest.Unit) error {
	if s.buf != nil {
		return nil
	}
	s.endAbsence()
	s.delay = s.session.delay
	return s.beginPart(u.PTS, s.seg.Start(), s.delay)
}

// beginPart begins a part at start on the DTS timeline; delay is PTS - DTS.
func (s *Stream) beginPart(pts, start, delay int64) error {
	s.scratch.Reset()
	s.buf, s.units = &s.scratch, 0
	s.opened = s.opts.Now()
	s.began, s.landed = start, nil
	if err := s.writer.Begin(s.buf); err != nil {
		return fmt.Errorf("begin part %d: %w", s.nextNum, err)
	}
	if !s.fresh {
		return nil
	}
	s.fresh, s.unsaid, s.head = false, true, pts
	s.current = segment{
		msn:           s.nextMSN,
		date:          s.line.Date(start + delay),
		start:         s.began,
		discontinuity: s.broken,
		resumes:       s.bridge,
	}
	s.nextMSN++
	s.bridge = false
	if s.broken {
		s.breaks++
		s.broken = false
	}
	return nil
}

// cut ends the open part, if any, and the segment where the segmenter says so,
// and publishes what came of it. It fails only where the part cannot be ended.
func (s *Stream) cut(c cut.Cut) error {
	if c.Kind == cut.None {
		return nil
	}
	listed := s.buf != nil
	if listed {
		if err := s.closePart(c.At); err != nil {
			return err
		}
	}
	var closed *segment
	if c.Kind != cut.Part && len(s.current.parts) > 0 {
		closed = s.closeSegment()
	}
	if c.Forced {
		s.health.Count(func(c *health.Counts) { c.Forced++ })
	}
	if c.Kind == cut.Break {
		s.broken = true
		s.health.Count(func(c *health.Counts) { c.Pauses++ })
	}
	s.publish(func(w *window) {
		if closed != nil {
			w.segments = append(w.segments, closed)
		}
	})
	if listed && s.opts.Listed != nil {
		s.opts.Listed(s.opts.Now().Sub(s.opened))
	}
	return nil
}

func (s *Stream) closePart(at int64) error {
	if s.session != nil && s.gone == nil {
		if err := s.session.fillUp(at); err != nil {
			return err
		}
	}
	if err := s.repeat(s.head); err != nil { // no picture came
		return err
	}
	if err := s.writer.End(); err != nil {
		return fmt.Errorf("end part %d: %w", s.nextNum, err)
	}
	// A copy of its own size: a buffer that grew would stay in memory for as long
	// as players may fetch the part, with room for up to as much again.
	p := &part{number: s.nextNum, data: bytes.Clone(s.buf.Bytes()), duration: at - s.began, independent: s.indep}
	s.addPart(p)
	s.buf, s.indep = nil, false
	if s.scratch.Cap() > maxScratch {
		s.scratch = bytes.Buffer{}
	}
	return nil
}

func (s *Stream) addPart(p *part) {
	p.label = newLabel(`"`+layout.PartFile(p.number)+`"`, len(p.data))
	s.current.parts = append(s.current.parts, p)
	s.current.duration += p.duration
	s.edge = s.current.start + s.current.duration
	s.nextNum++
	s.spoolPart(p)
}

func (s *Stream) closeSegment() *segment {
	closed := s.current
	if rate := closed.rate(); rate > 0 {
		s.rate = rate
	}
	// First the archive: the spool tells it when it may store the bytes.
	if s.opts.Archive != nil {
		s.opts.Archive.Add(closed.archived())
	}
	s.opts.Spool.Close(len(closed.parts), s.seg.Target)
	s.current, s.fresh = segment{}, true
	if s.gone == nil {
		s.health.Segment(closed.size(), closed.duration)
	}
	if !closed.gap && !closed.standIn {
		s.recorded.add(closed.date, ingest.Duration(closed.duration))
	}
	if s.opts.Advance != nil {
		s.opts.Advance(Marks{s.nextMSN, s.nextNum, s.breaks, s.seg.Target, s.seg.PartTarget})
	}
	return &closed
}

// publish swaps a new window in and wakes all who wait for it.
func (s *Stream) publish(change func(*window)) {
	old := s.window.Load()
	w := &window{
		retired:    old.retired,
		segments:   old.segments,
		open:       s.current,
		nextPart:   s.nextNum,
		ended:      old.ended,
		leaving:    old.leaving,
		dropped:    old.dropped,
		tracks:     old.tracks,
		target:     s.seg.Target,
		partTarget: s.seg.PartTarget,
		rate:       s.rate,
		skipUntil:  s.skipBoundary(),
		repeated:   s.repeated,
		whole:      s.opts.SegmentsOnly,
		next:       make(chan struct{}),
	}
	if s.session != nil && s.session.tracks != nil {
		w.tracks = s.session.tracks
	}
	change(w)
	closed := w.segments // a long gap brings more at once than the list holds
	w.trim(ingest.Ticks(s.opts.Window))
	s.viewers[s.nextNum%uint64(len(s.viewers))].Store(s.watching.Load())
	s.window.Store(w)
	s.rewind.follow(w, closed)
	// To make ten thousand ready takes 20 ms, in which the publisher would stand.
	// This goroutine cannot block, so nobody needs to join it.
	go close(old.next)
	if len(w.retired) > 0 {
		s.opts.Spool.Keep(w.retired[0].msn)
	} else if w.ready() {
		s.opts.Spool.Keep(w.segments[0].msn)
	}
}
