package packager

import (
	"fmt"

	"mediad/packager/id3"
	"mediad/packager/m3u8"
)

// repeat says at the head of a segment what holds: the state of the last landed
// cue. It goes with the first picture, not with sound that opened the part: that
// may lie beyond all pictures of its part. Where time stepped back behind the
// last tag, it waits until it is beyond, for PTS of tags rise.
func (s *Stream) repeat(pts int64) error {
	if !s.unsaid || pts <= s.lastID3 {
		return nil
	}
	s.unsaid = false
	for _, event := range s.again {
		if err := s.id3(pts, event); err != nil {
			return err
		}
	}
	s.again = nil
	// Where a cue lands on this very frame, its state stands for both.
	if s.state != nil && pts < s.cues.due.Load() {
		return s.id3(pts, s.state)
	}
	return nil
}

// stamp writes the cues that are due at the frame at pts: each event in a PES
// of its own, one tick apart, and the state after them last.
func (s *Stream) stamp(pts int64) error {
	if pts <= s.lastID3 {
		return nil // a B-frame: the next picture will do
	}
	cues := s.cues.take(pts)
	if len(cues) == 0 {
		return nil
	}
	for _, c := range cues {
		at := max(pts, s.lastID3+1)
		if err := s.id3(pts, c.Event); err != nil {
			return err
		}
		s.landed = append(s.landed, c.Event)
		l := Landing{PTS: at, Date: s.line.Date(at), Epoch: s.opts.Epoch, Segment: s.current.msn, Part: s.nextNum}
		if c.Class != "" {
			s.current.marks = append(s.current.marks, m3u8.DateRange{ID: c.ID, Class: c.Class, Start: l.Date, Attrs: c.Attrs})
		}
		if c.Landed != nil {
			c.Landed(l)
		}
		s.state = c.State
	}
	return s.id3(pts, s.state)
}

// id3 writes one tag; PTS of tags are strictly rising.
func (s *Stream) id3(pts int64, payload []byte) error {
	s.lastID3 = max(pts, s.lastID3+1)
	if err := s.writer.ID3(s.lastID3, id3.AppendTXXX(nil, cueDescription, payload)); err != nil {
		return fmt.Errorf("write cue: %w", err)
	}
	return nil
}
