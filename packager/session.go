package packager

import (
	"errors"
	"fmt"
	"slices"

	"mediad/ingest"
	"mediad/packager/align"
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
	place   align.Placement
	delay   int64 // PTS - DTS of the first picture, in ticks
	seen    bool  // a unit of the leading track came
	late    []ingest.Unit
	catchUp *align.CatchUp // after a silence, until pictures go on; nil: units count
	picture [][]byte       // of the last key frame
	again   again          // what stands where pictures pause
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
	st.seg.Tracks(len(tracks))
	tracks, silent := complete(tracks)
	w, err := mpegts.NewWriter(tracks)
	if err != nil {
		return fmt.Errorf("set tracks: %w", err)
	}
	if st.buf != nil || st.gone == nil && len(st.current.parts) > 0 {
		return errors.New("set tracks: a part is open")
	}
	st.writer = w
	*s = Session{stream: st, tracks: tracks, mute: silent, place: align.NewPlacement(soundRate(tracks)), picture: st.carried(tracks)}
	if v := tracks[0]; v.Codec.Video() {
		s.again.maker = repeat.New(v.SPS, v.PPS)
	}
	s.restart()
	return nil
}

// restart forgets what was seen of the tracks: what comes next lies elsewhere on
// the timeline, and begins with a picture that can be shown.
func (s *Session) restart() {
	*s = Session{stream: s.stream, tracks: s.tracks, mute: s.mute, place: s.place.Restarted(), picture: s.picture,
		again: again{maker: s.again.maker}}
	if s.again.maker != nil {
		s.again.maker.Restart()
	}
}

// soundRate is the sample rate of the audio track; 0: there is none.
func soundRate(tracks []ingest.Track) int {
	for _, t := range tracks {
		if t.Codec == ingest.AAC {
			return t.SampleRate
		}
	}
	return 0
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
	if s.catchUp != nil && s.leftOut(u, now) {
		return nil
	}
	st.arrived = now
	if !st.line.Begun() {
		first := s.place.Start(u, !s.tracks[u.Track].Codec.Video())
		st.line.Begin(first, now, max(st.end, st.edge))
		st.health.Back()
	}
	u, ok := s.onTimeline(u)
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
		s.seen, s.delay = true, u.PTS-u.DTS
		s.place.Begin(u.DTS)
		// Sound from before the first picture would lie before the segment.
		s.late = slices.DeleteFunc(s.late, func(l ingest.Unit) bool { return l.DTS < u.DTS })
	}
	if st.seg.Overdue(u.DTS) || len(s.late) > 0 && u.DTS-s.late[0].DTS > align.MaxSkew {
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
	if err := st.cut(st.seg.Before(u.DTS, u.Key || u.Recovers, st.buf == nil)); err != nil {
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
	return st.cut(st.seg.After(u.DTS))
}

// beside writes a unit of the other track. Between two parts it waits for the
// leading track to open the next one: were it to open one itself, a key frame
// right after it would close a sliver of a part.
func (s *Session) beside(u ingest.Unit) error {
	st := s.stream
	if err := s.begin(u.DTS); err != nil {
		return err
	}
	if st.seg.BesideOverdue(u.DTS) {
		if err := s.openWithLate(never); err != nil {
			return err
		}
	}
	if err := st.cut(st.seg.Beside(u.DTS, st.buf == nil)); err != nil {
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
