package packager

import (
	"errors"
	"fmt"
	"time"

	"mediad/ingest"
	"mediad/packager/align"
	"mediad/packager/cut"
	"mediad/packager/health"
	"mediad/packager/mpegts"
	"mediad/packager/repeat"
)

// Session is one publisher's stay on a stream; it is an ingest.Sink. Its units
// count until another session is attached. Every field is guarded by the
// stream's mu.
type Session struct {
	stream  *Stream
	seg     *cut.Segmenter // the stream's: its targets outlive the session
	writer  *mpegts.Writer // nil: there are no tracks yet
	tracks  []ingest.Track
	filler  filler
	place   align.Placement
	delay   int64 // PTS - DTS of the first picture, in ticks
	seen    bool  // a unit of the primary track came
	waiting []ingest.Unit
	catchUp *align.CatchUp // after a silence, until pictures go on; nil: units count
	picture [][]byte       // of the last key frame
	repeats repeats        // of pictures, where the publisher sends none
	ladder  *ladder        // nil: there is one track of pictures at most
}

// SetTracks describes what follows. Called again, it is a break in the
// timeline: the next segment begins with a DISCONTINUITY.
func (s *Session) SetTracks(tracks []ingest.Track) error {
	st := s.stream
	if err := st.lock(s); err != nil {
		return err
	}
	defer st.unlock()
	tracks, others, route := split(tracks)
	st.expect(tracks)
	s.writer, s.ladder = nil, nil
	tracks, silent := complete(tracks)
	w, err := mpegts.NewWriter(tracks)
	if err != nil {
		return fmt.Errorf("set tracks: %w", err)
	}
	if !st.idle() {
		return errors.New("set tracks: a part is open")
	}
	*s = Session{stream: st, seg: s.seg, writer: w, tracks: tracks, filler: silent, place: align.NewPlacement(soundRate(tracks)), picture: st.carried(tracks),
		ladder: newLadder(tracks, others, route, st.before())}
	if v := tracks[0]; v.Codec.Video() {
		s.repeats.maker = repeat.New(v.SPS, v.PPS)
	}
	s.restart()
	st.offer(s.followers())
	return nil
}

// restart forgets what was seen of the tracks: what comes next lies elsewhere on
// the timeline, and begins with a picture that can be shown.
func (s *Session) restart() {
	*s = Session{stream: s.stream, seg: s.seg, writer: s.writer, tracks: s.tracks, filler: s.filler, place: s.place.Restarted(), picture: s.picture,
		repeats: repeats{maker: s.repeats.maker}, ladder: s.ladder}
	if s.repeats.maker != nil {
		s.repeats.maker.Restart()
	}
	s.ladder.restart()
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
	if err := st.lock(s); err != nil {
		return err
	}
	defer st.unlock()
	if s.ladder != nil {
		return s.merged(u)
	}
	if s.writer == nil || u.Track < 0 || u.Track >= len(s.tracks) {
		return fmt.Errorf("unit of track %d without such a track", u.Track)
	}
	return s.take(u, st.came(s.tracks[u.Track].Codec.Video(), u))
}

// take writes a unit that arrived at a time.
func (s *Session) take(u ingest.Unit, now time.Time) error {
	if s.catchUp != nil && s.leftOut(u, now) {
		return nil
	}
	u, ok := s.onTimeline(u, now)
	if !ok {
		return nil
	}
	if s.tracks[u.Track].Codec.Video() == s.hasVideo() {
		return s.primary(u)
	}
	return s.secondary(u)
}

// Close tells that this publisher is gone, unless another has taken over.
func (s *Session) Close(ingest.End) {
	st := s.stream
	if st.lock(s) != nil {
		return
	}
	defer st.unlock()
	st.detach()
}

func (s *Session) hasVideo() bool {
	for _, t := range s.tracks {
		if t.Codec.Video() {
			return true
		}
	}
	return false
}

func (s *Session) count(note func(*health.Counts)) { s.stream.count(note) }
