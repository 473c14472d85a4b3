package packager

import (
	"mediad/ingest"
	"mediad/packager/align"
	"mediad/packager/cut"
)

// mute is the sound of a publisher that sends pictures alone: silence. A
// broadcast has the same tracks for all its life, since its publisher may come
// back with a microphone, or without one, and players on Media Source
// Extensions take no new buffer while one plays: bare hls.js stands still for
// good where sound comes or goes.
//
// Sound that the publisher announced and does not send, or no longer, is the
// same to players: hls.js stood still for good behind the last of it.
type mute struct {
	track int // index of the track; 0: silence cannot be said
	frame [][]byte
	align.Filler
}

// muted is the track that stands in for a publisher's sound: AAC-LC in stereo.
func muted() ingest.Track {
	return ingest.Track{Codec: ingest.AAC, RFC6381: "mp4a.40.2", SampleRate: 48000, Channels: 2, Config: []byte{0x11, 0x90}}
}

// complete adds silence to tracks that have pictures and no sound. Sound alone
// stays alone: there is no picture to show with it.
func complete(tracks []ingest.Track) ([]ingest.Track, mute) {
	if len(tracks) == 2 && tracks[0].Codec.Video() {
		if frame := silence(tracks[1]); frame != nil {
			return tracks, mute{track: 1, frame: [][]byte{frame}, Filler: align.Filler{Own: true}}
		}
	}
	if len(tracks) != 1 || !tracks[0].Codec.Video() {
		return tracks, mute{}
	}
	t := muted()
	return []ingest.Track{tracks[0], t}, mute{track: 1, frame: [][]byte{silence(t)}}
}

// hum writes silence into the open part, up to an output time. It leaves out
// what lies before least, where pictures had paused.
func (s *Session) hum(least, to int64) error {
	st := s.stream
	clock := &s.place.Sound
	if !s.mute.Fills(max(clock.Peek(), s.place.First()), to) || s.mute.track == 0 || !st.partOpen() {
		return nil
	}
	for {
		at, ok := clock.Fill(least, clock.Frame(), to)
		if !ok {
			return nil
		}
		if err := st.write(ingest.Unit{Track: s.mute.track, DTS: at, PTS: at, Key: true, NALs: s.mute.frame}); err != nil {
			return err
		}
	}
}

// humBefore keeps silence going up to a picture at dts that comes late: after it,
// it would lie below the program clock.
func (s *Session) humBefore(dts int64) error {
	return s.hum(s.stream.partStart(), min(dts, s.seg.Latest()))
}

// humAfter brings silence up to where the picture after the one at dts is
// expected; where that is far off, a publisher's own sound may still come.
func (s *Session) humAfter(dts int64) error {
	to := dts
	if f, steady := s.seg.Interval(); steady && (!s.mute.Own || f <= cut.LongestForetold) {
		to += f
	}
	return s.hum(max(s.stream.partStart(), dts-longestHold), to)
}
