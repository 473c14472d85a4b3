package packager

import (
	"slices"
	"testing"
	"time"

	"mediad/ingest"
)

// sound sends sound alone, from a time on of the publisher's.
func (s *studio) sound(from, ms int64) {
	start := s.now
	for at := from; at < from+ms; at += 21 {
		s.now = start.Add(time.Duration(at-from) * time.Millisecond)
		s.stream.Tick(s.now)
		s.write(ingest.Unit{Track: 1, DTS: at * 90, PTS: at * 90, NALs: [][]byte{silence(audioTrack())}})
	}
}

// No key frame comes behind a jump of the encoder's clock: sound goes on at once
// behind one DISCONTINUITY, over the last key frame, and pictures follow when
// ingest lets them through.
func TestSoundGoesOnBeforeAKeyFrame(t *testing.T) {
	f := shoot(t, 300, 60, "-bf", "0")
	s := newStudio(t, Options{State: state(0)}, f.track, audioTrack())
	write := func(p filmed, ms int64) {
		s.write(ingest.Unit{DTS: ms * 90, PTS: ms * 90, Key: p.key, NALs: p.nals})
	}
	for i, p := range f.pictures[:150] {
		s.sound(int64(i)*33, 33)
		write(p, int64(i)*33)
	}
	if err := s.sink.SetTracks(s.tracks); err != nil { // the clock jumped
		t.Fatal(err)
	}
	s.stood, s.grew = 0, s.now
	s.sound(100000, 4000)
	if s.stood > 1200*time.Millisecond {
		t.Errorf("nothing came for %v", s.stood)
	}
	parts := s.window.nextPart
	for i, p := range f.pictures[160:] {
		write(p, 104000+int64(i)*33)
		s.sound(104000+int64(i)*33, 33)
	}
	s.stream.End()
	s.look()
	breaks := 0
	for _, seg := range s.window.segments {
		if seg.discontinuity {
			breaks++
		}
		if seg.gap || seg.standIn {
			t.Errorf("segment %d stands in", seg.msn)
		}
	}
	if breaks != 1 || s.window.nextPart < parts+6 {
		t.Errorf("%d times DISCONTINUITY, %d parts behind the first picture", breaks, s.window.nextPart-parts)
	}
	segments := slices.Sorted(mapKeys(s.segments))
	if len(segments) < 6 {
		t.Errorf("%d segments", len(segments))
	}
}
