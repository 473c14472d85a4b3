package packager

import (
	"slices"

	"mediad/ingest"
	"mediad/packager/align"
	"mediad/packager/mpegts"
	"mediad/packager/spool"
)

// slateMedia is what viewers see and hear while nobody publishes: the last key frame,
// twice in each part, and silence. For players the same stream goes on: there is no
// DISCONTINUITY before it, except after a gap, and pins appear on it.
//
// Tried with one DISCONTINUITY at the return, one to three runs each; the slate
// over 3, 10 and 30 s, the others over 10 and 30 s, or only one of them:
//
//	                    hls.js 1.7.4  video.js 8.24   Shaka 5.2
//	503 to requests     goes on       goes on         dies at the return
//	same list again     goes on       gave up 1 of 2  dies in 2 of 3
//	EXT-X-GAP           goes on       hangs           goes on, some 404s
//	slate               goes on       goes on         goes on
//
// video.js (VHS) knows no EXT-X-GAP and fetches gaps as if they were segments;
// hls.js reports an error, not a fatal one, many times a second.
type slateMedia struct {
	writer  *mpegts.Writer
	video   int      // index of the track; -1: none
	picture [][]byte // NAL units of the key frame
	audio   int      // index of the track; -1: none
	silence [][]byte // one frame
	clock   align.SampleClock
	anew    bool // nothing was written yet, and a gap lies before it

	followers []*follower // the same in the other renditions, each with its own key frame
}

// silence gives one silent frame: an AAC-LC raw data block without any spectrum
// (ISO/IEC 14496-3 4.4.2.1); nil: there is none in this track's coding.
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

// newSlateMedia gives the slate for tracks, with the last key frame and the clock of
// their sound; nil: there is none, because no key frame came or the audio's coding has no
// silence.
func newSlateMedia(w *mpegts.Writer, tracks []ingest.Track, picture [][]byte, clock align.SampleClock) *slateMedia {
	out := &slateMedia{writer: w, video: -1, audio: -1, picture: picture, clock: clock}
	for i, t := range tracks {
		switch {
		case t.Codec.Video() && picture != nil:
			out.video = i
		case t.Codec == ingest.AAC && silence(t) != nil:
			out.audio, out.silence = i, [][]byte{silence(t)}
		default:
			return nil
		}
	}
	return out
}

// resumedSlate gives the slate for the publisher of a former process, from what that
// process listed last. It begins at an output DTS; nil: there is none.
//
// If it begins where that media ended, it goes on as if the process had never been away:
// another DISCONTINUITY, close to the one of the publisher's return, sometimes stops VHS
// for good. A process may have been killed after it listed a part and before it wrote it.
// Then the times of that part come twice, and players put the slate in its place.
func resumedSlate(past []*spool.Segment, from int64) (*slateMedia, error) {
	last := past[len(past)-1]
	w, err := mpegts.NewWriter(last.Tracks)
	if err != nil {
		return nil, err
	}
	clock := align.NewSampleClock(soundRate(last.Tracks))
	clock.Start(from)
	anew := from != last.End()
	if !anew {
		var media []byte
		for _, seg := range past[max(len(past)-2, 0):] { // the last may be one part, without sound
			for _, p := range seg.Parts {
				media = append(media, p.Data...)
			}
		}
		at, err := w.Continue(media, from)
		if err != nil {
			return nil, err
		}
		clock.Start(at)
	}
	out := newSlateMedia(w, last.Tracks, lastKeyPicture(past), clock)
	if out != nil {
		out.anew = anew
	}
	return out, nil
}

func lastKeyPicture(past []*spool.Segment) [][]byte {
	for _, seg := range slices.Backward(past) {
		for _, p := range slices.Backward(seg.Parts) {
			if p.Independent && !p.Gap {
				return mpegts.KeyPicture(p.Data)
			}
		}
	}
	return nil
}

// showSlate writes one part of the slate, from where the listed media ends.
func (s *Stream) showSlate(length int64) error {
	m, start, delay := s.slate.media, s.published.edge, s.open.delay
	pts := max(start, s.open.end+1) + delay // of the first picture: sound may have been ahead
	if err := s.beginPart(m.writer, m.followers, pts, start, &m.anew); err != nil {
		return err
	}
	if err := s.stampState(pts); err != nil {
		return err
	}
	if err := s.stamp(pts); err != nil {
		return err
	}
	s.open.key = true
	// Two pictures: VHS gives the only frame of a part a length of its own
	// invention, and stalls in the hole behind it. Silence stands between them,
	// where it may have been behind: after both it could lie below their clock.
	for i := range int64(2) {
		if m.video >= 0 {
			dts := max(start+i*length/2, s.open.end+1)
			if err := s.write(ingest.Unit{Track: m.video, DTS: dts, PTS: dts + delay, Key: true, NALs: m.picture}); err != nil {
				return err
			}
			for _, f := range m.followers {
				f.still(dts, delay)
			}
		}
		if err := s.showSilence(start, start+(i+1)*length/2); err != nil {
			return err
		}
	}
	return s.closePart(start + length)
}

// showSilence writes silence up to `to`, in a part that begins at start.
func (s *Stream) showSilence(start, to int64) error {
	m := s.slate.media
	for m.audio >= 0 {
		// A longer hole than half a second: sound had stopped before.
		at, ok := m.clock.Fill(start, ingest.Clock/2, to)
		if !ok {
			break
		}
		if err := s.write(ingest.Unit{Track: m.audio, DTS: at, PTS: at, Key: true, NALs: m.silence}); err != nil {
			return err
		}
	}
	return nil
}
