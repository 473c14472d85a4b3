package packager

import (
	"mediad/ingest"
	"mediad/packager/mpegts"
)

// still is what viewers see and hear while nobody publishes: the last key frame,
// twice in each part, and silence. To players it is the same stream going on,
// so there is no DISCONTINUITY before it, and pins still come up on it.
//
// Tried with one DISCONTINUITY at the return, one to three runs each; the still
// over 3, 10 and 30 s, the others over 10 and 30 s, or only one of them:
//
//	                    hls.js 1.7.4  video.js 8.24   Shaka 5.2
//	503 to who waits    goes on       goes on         dies at the return
//	same list again     goes on       gave up 1 of 2  dies in 2 of 3
//	EXT-X-GAP           goes on       hangs           goes on, some 404s
//	still               goes on       goes on         goes on
//
// video.js (VHS) knows no EXT-X-GAP and fetches gaps as if they were segments;
// hls.js reports an error, not a fatal one, many times a second.
type still struct {
	writer  *mpegts.Writer
	video   int      // index of the track; -1: none
	picture [][]byte // NAL units of the key frame
	audio   int      // index of the track; -1: none
	silence [][]byte // one frame
	clock   sampleClock
}

// silence gives one frame of it: an AAC-LC raw data block without any spectrum
// (ISO/IEC 14496-3 4.4.2.1); nil: it cannot be said in this track's coding.
func silence(t ingest.Track) []byte {
	switch {
	case t.RFC6381 != "mp4a.40.2":
		return nil
	case t.Channels == 1:
		return []byte{0x00, 0xc8, 0x00, 0x80, 0x23, 0x80}
	case t.Channels == 2:
		return []byte{0x21, 0x00, 0x49, 0x90, 0x02, 0x19, 0x00, 0x23, 0x80}
	}
	return nil
}

// newStill gives what can stand in for a session; nil: nothing can, because no
// key frame came or silence cannot be said in its audio's coding.
func newStill(s *Session, w *mpegts.Writer) *still {
	out := &still{writer: w, video: -1, audio: -1, picture: s.picture, clock: s.clock}
	for i, t := range s.tracks {
		switch {
		case t.Codec.Video() && s.picture != nil:
			out.video = i
		case t.Codec == ingest.AAC && silence(t) != nil:
			out.audio, out.silence = i, [][]byte{silence(t)}
		default:
			return nil
		}
	}
	return out
}

// showStill writes one part that stands in, from where the listed media ends.
func (s *Stream) showStill(length int64) error {
	st, start := s.still, s.edge
	w, broken := s.writer, s.broken
	s.writer, s.broken = st.writer, false
	defer func() { s.writer, s.broken = w, broken }()
	pts := start + s.delay
	if err := s.beginPart(pts, start, s.delay); err != nil {
		return err
	}
	if err := s.stamp(pts); err != nil {
		return err
	}
	s.indep = true
	if st.video >= 0 {
		// Two: VHS gives the only frame of a part a length of its own invention,
		// and stalls in the hole behind it.
		for i := range int64(2) {
			dts := max(start+i*length/2, s.end+1)
			if err := s.write(ingest.Unit{Track: st.video, DTS: dts, PTS: dts + s.delay, Key: true, NALs: st.picture}); err != nil {
				return err
			}
		}
	}
	for st.audio >= 0 {
		at := st.clock.peek()
		if at < start-ingest.Clock/2 {
			at = start // audio had stopped before
		}
		if at >= start+length {
			break
		}
		st.clock.next(at)
		if err := s.write(ingest.Unit{Track: st.audio, DTS: at, PTS: at, Key: true, NALs: st.silence}); err != nil {
			return err
		}
	}
	return s.closePart(start + length)
}
