package packager

import (
	"time"

	"mediad/ingest"
	"mediad/packager/health"
)

// This file is what a Session asks of its Stream, besides show, openPart, write and cut
// in media.go, and carried. From lock to unlock mu is held.

// Attach begins a publisher's stay. A publisher who is there already is cut off, and
// gets ingest.ErrTakenOver.
func (s *Stream) Attach() *Session {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.interrupt()
	s.session = &Session{stream: s, seg: &s.seg}
	s.health.Attach()
	return s.session
}

// lock takes mu for a session; it fails, without mu, if another has taken over.
func (s *Stream) lock(by *Session) error {
	s.mu.Lock()
	if s.session != by {
		s.mu.Unlock()
		return ingest.ErrTakenOver
	}
	return nil
}

func (s *Stream) unlock() { s.mu.Unlock() }

// detach ends the session.
func (s *Stream) detach() {
	s.interrupt()
	s.session = nil
	s.publish(func(*window) {})
}

// expect ends what is open: other tracks come.
func (s *Stream) expect(tracks []ingest.Track) {
	s.interrupt()
	s.health.Tracks(s.opts.Now(), tracks)
	s.seg.Tracks(len(tracks))
}

// idle tells whether nothing of a publisher's is open.
func (s *Stream) idle() bool {
	return !s.open.part() && (s.slate.on() || len(s.open.segment.parts) == 0)
}

// came notes what arrives in the room's health, and gives the time.
func (s *Stream) came(video bool, u ingest.Unit) (now time.Time) {
	now = s.opts.Now()
	s.health.Unit(now, video, u)
	return now
}

// place puts a unit that arrived now onto the timeline. first is where it lies on its
// publisher's clock, in case it is the first.
func (s *Stream) place(u ingest.Unit, first int64, now time.Time) ingest.Unit {
	s.arrived = now
	if !s.line.Begun() {
		s.line.Begin(first, now, max(s.open.end, s.published.edge))
		s.health.Back(s.line.Date(s.line.Place(ingest.Unit{}).PTS))
	}
	return s.line.Place(u)
}

// partOpen tells whether a part is open, and partStart is where it begins in output DTS.
func (s *Stream) partOpen() bool   { return s.open.part() }
func (s *Stream) partStart() int64 { return s.open.start }

// delay is PTS - DTS of the first picture of whoever opened the last part.
func (s *Stream) delay() int64 { return s.open.delay }

// noteRepeat tells that a picture is shown again: pictures come more often than the
// publisher sends them.
func (s *Stream) noteRepeat() { s.published.repeats = true }

// count changes the room's counts.
func (s *Stream) count(note func(*health.Counts)) { s.health.Count(note) }

// What a session with several tracks of pictures asks for besides.

// clock gives the time.
func (s *Stream) clock() time.Time { return s.opts.Now() }

// waits notes that a unit has arrived and is not written yet: this is no silence.
func (s *Stream) waits(now time.Time) { s.arrived = now }

// before gives the followers of the publisher who was there before.
func (s *Stream) before() []*follower { return s.slate.followers() }

// follow writes a picture of a follower that belongs to one of the first track at lead,
// and has a key frame of it beside it or not.
func (s *Stream) follow(f *follower, u ingest.Unit, lead int64, keyed bool) {
	f.take(u, &s.open, min(s.open.start, lead), keyed)
}

// lost tells that a follower is, and offer which there are.
func (s *Stream) lost(f *follower)     { s.health.Left(int(f.rendition)+1, f.lost == unaligned) }
func (s *Stream) offer(of []*follower) { s.published.offer(of) }
