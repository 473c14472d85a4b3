package packager

import (
	"errors"
	"fmt"
	"slices"

	"mediad/ingest"
	"mediad/packager/health"
	"mediad/packager/mpegts"
	"mediad/packager/repeat"
)

// Session is one publisher's stay on a stream; it is an ingest.Sink. Its units
// count until another session is attached. Every field is guarded by the
// stream's mu.
type Session struct {
	stream  *Stream
	tracks  []ingest.Track
	mute    mute
	clock   sampleClock // of the audio track
	shift   int64       // taken from DTS, where an encoder sends PTS below DTS
	moved   int64       // added to sound that an encoder sets too far behind
	lifted  int64       // added to pictures that it sets too far behind
	behind  [2]behind   // how late pictures, and sound, come beside each other
	delay   int64       // PTS - DTS of the first picture, in ticks
	first   int64       // its output DTS
	last    []int64     // output DTS of each track's last unit
	said    []int64     // where the publisher has it
	seen    bool        // a unit of the leading track came
	late    []ingest.Unit
	backlog *backlog // after a silence, until pictures go on; nil: units count
	picture [][]byte // of the last key frame
	again   again    // what stands where pictures pause
}

// maxLate bounds the units of the other track that wait for a part to open.
const maxLate = 256

// longestHold bounds how long they wait, in ticks: written behind a picture that
// came later than that, sound would lie below the program clock, which is 700 ms
// behind the pictures (ISO/IEC 13818-1 2.4.2.6). Parts of a second, and pictures
// as far apart, would let it.
const longestHold = ingest.Clock * 45 / 100

// SetTracks describes what follows. Called again, it is a break in the
// timeline: the next segment begins with a DISCONTINUITY.
func (s *Session) SetTracks(tracks []ingest.Track) error {
	st := s.stream
	st.mu.Lock()
	defer st.mu.Unlock()
	if st.session != s {
		return ingest.ErrTakenOver
	}
	st.interrupt()
	st.health.Tracks(st.opts.Now(), tracks)
	st.seg.audioFollows = len(tracks) > 1
	tracks, silent := complete(tracks)
	w, err := mpegts.NewWriter(tracks)
	if err != nil {
		return fmt.Errorf("set tracks: %w", err)
	}
	if st.buf != nil || st.gone == nil && len(st.current.parts) > 0 {
		return errors.New("set tracks: a part is open")
	}
	st.writer = w
	*s = Session{stream: st, tracks: tracks, mute: silent, picture: st.carried(tracks)}
	if v := tracks[0]; v.Codec.Video() {
		s.again.maker = repeat.New(v.SPS, v.PPS)
	}
	s.restart()
	return nil
}

// restart forgets what was seen of the tracks: what comes next lies elsewhere on
// the line, and begins with a picture that can be shown. How far sound and picture
// were moved apart stays; who was moved for it is sound from now on.
func (s *Session) restart() {
	*s = Session{stream: s.stream, tracks: s.tracks, mute: s.mute, shift: s.shift, moved: s.moved - s.lifted, picture: s.picture,
		again: again{maker: s.again.maker},
		last:  make([]int64, len(s.tracks)), said: make([]int64, len(s.tracks))}
	if s.again.maker != nil {
		s.again.maker.Restart()
	}
	for i, t := range s.tracks {
		s.last[i], s.said[i] = -1, -1
		if t.Codec == ingest.AAC {
			s.clock.rate = int64(t.SampleRate)
		}
	}
}

// WriteUnit takes one access unit.
func (s *Session) WriteUnit(u ingest.Unit) error {
	st := s.stream
	st.mu.Lock()
	defer st.mu.Unlock()
	if st.session != s {
		return ingest.ErrTakenOver
	}
	if st.writer == nil || u.Track < 0 || u.Track >= len(s.tracks) {
		return fmt.Errorf("unit of track %d without such a track", u.Track)
	}
	now := st.opts.Now()
	st.health.Unit(now, s.tracks[u.Track].Codec.Video(), u)
	if s.backlog != nil && s.leftOut(u, now) {
		return nil
	}
	st.arrived = now
	if !st.line.set {
		first := min(u.DTS, u.PTS)
		if !s.tracks[u.Track].Codec.Video() {
			first += s.moved
		}
		st.line.begin(first, now, max(st.end, st.edge))
		st.health.Back()
	}
	u, ok := s.onLine(u)
	if !ok {
		return nil
	}
	if s.tracks[u.Track].Codec.Video() == s.hasVideo() {
		return s.leading(u)
	}
	return s.beside(u)
}

// Close tells that this publisher is gone, unless another has taken over.
func (s *Session) Close(ingest.End) {
	st := s.stream
	st.mu.Lock()
	defer st.mu.Unlock()
	if st.session != s {
		return
	}
	st.interrupt()
	st.session = nil
	st.publish(func(*window) {})
}

func (s *Session) hasVideo() bool {
	for _, t := range s.tracks {
		if t.Codec.Video() {
			return true
		}
	}
	return false
}

func (s *Session) count(note func(*health.Counts)) { s.stream.health.Count(note) }

// leading writes a unit of the track that decides where parts end.
func (s *Session) leading(u ingest.Unit) error {
	st := s.stream
	if s.frozen(u) {
		return nil
	}
	if !s.seen {
		s.seen, s.delay, s.first = true, u.PTS-u.DTS, u.DTS
		// Sound from before the first picture would lie before the segment.
		s.late = slices.DeleteFunc(s.late, func(l ingest.Unit) bool { return l.DTS < u.DTS })
	}
	if st.seg.overdue(u.DTS) || len(s.late) > 0 && u.DTS-s.late[0].DTS > maxApart {
		if err := s.openWithLate(u.DTS); err != nil {
			return err
		}
		u = s.behindAgain(u)
	}
	if err := s.humBefore(u.DTS); err != nil {
		return err
	}
	u, err := s.openBefore(u)
	if err != nil {
		return err
	}
	if err := st.cut(st.seg.before(u.DTS, u.Key || u.Recovers, st.buf == nil)); err != nil {
		return err
	}
	u = s.behindAgain(u)
	if !u.Key {
		if u, err = s.openBefore(u); err != nil {
			return err
		}
	}
	opened := st.buf == nil
	if err := st.show(u); err != nil {
		return err
	}
	if err := s.flush(); err != nil {
		return err
	}
	if s.tracks[u.Track].Codec.Video() {
		s.note(u, opened)
	}
	if err := s.humAfter(u.DTS); err != nil {
		return err
	}
	return st.cut(st.seg.after(u.DTS))
}

// beside writes a unit of the other track. Between two parts it waits for the
// leading track to open the next one: were it to open one itself, a key frame
// right after it would close a sliver of a part.
func (s *Session) beside(u ingest.Unit) error {
	st := s.stream
	if err := s.begin(u.DTS); err != nil {
		return err
	}
	if st.seg.overdue(u.DTS - st.seg.lead - jitter) {
		if err := s.openWithLate(never); err != nil {
			return err
		}
	}
	if err := st.cut(st.seg.beside(u.DTS, st.buf == nil)); err != nil {
		return err
	}
	if st.buf == nil && s.seen && len(s.late) > 0 && u.DTS-s.late[0].DTS > longestHold {
		if err := s.openWithLate(never); err != nil {
			return err
		}
	}
	if st.buf != nil {
		return st.write(u)
	}
	if len(s.late) == maxLate {
		s.count(func(c *health.Counts) { c.LateUnits++ })
		s.late = s.late[1:]
	}
	s.late = append(s.late, copied(u))
	return nil
}

// openWithLate opens a part for the units that wait, because the leading track
// will not do it in time, or not before until.
func (s *Session) openWithLate(until int64) error {
	if s.stream.buf != nil || len(s.late) == 0 {
		return nil
	}
	if done, err := s.openAgain(until); err != nil {
		return err
	} else if !done {
		if err := s.stream.openPart(s.late[0]); err != nil {
			return err
		}
	}
	return s.flush()
}

// flush writes the units that waited for a part to open.
func (s *Session) flush() error {
	for _, u := range s.late {
		if err := s.stream.write(u); err != nil {
			return err
		}
	}
	clear(s.late)
	s.late = s.late[:0]
	return nil
}

// copied gives a unit whose bytes outlive the call.
func copied(u ingest.Unit) ingest.Unit {
	nals := make([][]byte, len(u.NALs))
	for i, n := range u.NALs {
		nals[i] = append([]byte(nil), n...)
	}
	u.NALs = nals
	return u
}
