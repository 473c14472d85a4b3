package packager

import (
	"mediad/ingest"
	"mediad/packager/align"
	"mediad/packager/cut"
)

// filler is the silence filler: silent sound beside a publisher's pictures where the
// publisher sends no sound. A broadcast has the same tracks for all its life, because
// its publisher may come back with a microphone, or without one. Players on Media
// Source Extensions take no new buffer while they play: hls.js by itself stops for good
// where sound comes or goes.
//
// Sound that the publisher announced and does not send, or sends no longer, is the
// same to players: hls.js stopped for good where the sound ended.
type filler struct {
	track int // index of the track; 0: silence cannot be said
	frame [][]byte
	align.Filler
}

// silentTrack is the track of the silence filler: AAC-LC in stereo.
func silentTrack() ingest.Track {
	return ingest.Track{Codec: ingest.AAC, RFC6381: "mp4a.40.2", SampleRate: 48000, Channels: 2, Config: []byte{0x11, 0x90}}
}

// complete adds a silent track to tracks that have pictures and no sound. Sound alone
// stays alone: there is no picture to show with it.
func complete(tracks []ingest.Track) ([]ingest.Track, filler) {
	if len(tracks) == 2 && tracks[0].Codec.Video() {
		if frame := silence(tracks[1]); frame != nil {
			return tracks, filler{track: 1, frame: [][]byte{frame}, Filler: align.Filler{Own: true}}
		}
	}
	if len(tracks) != 1 || !tracks[0].Codec.Video() {
		return tracks, filler{}
	}
	t := silentTrack()
	return []ingest.Track{tracks[0], t}, filler{track: 1, frame: [][]byte{silence(t)}}
}

// fillSilence writes silence into the open part, up to an output time. It does not begin
// before least: pictures had paused there.
func (s *Session) fillSilence(least, to int64) error {
	st := s.stream
	clock := &s.place.Sound
	if !s.filler.Fills(max(clock.Peek(), s.place.First()), to) || s.filler.track == 0 || !st.partOpen() {
		return nil
	}
	for {
		at, ok := clock.Fill(least, clock.Frame(), to)
		if !ok {
			return nil
		}
		if err := st.write(ingest.Unit{Track: s.filler.track, DTS: at, PTS: at, Key: true, NALs: s.filler.frame}); err != nil {
			return err
		}
	}
}

// fillBefore writes silence up to a picture at dts. Written after a picture that comes
// late, it would lie below the program clock.
func (s *Session) fillBefore(dts int64) error {
	return s.fillSilence(s.stream.partStart(), min(dts, s.seg.Latest()))
}

// fillAfter writes silence up to the next picture after the one at dts, if that can be
// foretold. Where it is far off, a publisher's own sound may still come.
func (s *Session) fillAfter(dts int64) error {
	to := dts
	if f, steady := s.seg.Interval(); steady && (!s.filler.Own || f <= cut.LongestForetold) {
		to += f
	}
	return s.fillSilence(max(s.stream.partStart(), dts-longestWaiting), to)
}
