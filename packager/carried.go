package packager

import (
	"bytes"
	"slices"

	"mediad/ingest"
)

// unseen is how much sound, in ticks, waits for the first picture of a publisher. Then
// the last key frame of the broadcast is shown until that picture comes.
const unseen = ingest.Clock / 2

// carried gives the last key frame of the broadcast, if it has the parameters of these
// tracks. Viewers see it while sound goes on before the publisher's first picture. nil:
// there is none.
func (s *Stream) carried(tracks []ingest.Track) [][]byte {
	was := s.snapshot().tracks
	media := s.slate.media
	if media == nil || media.video < 0 || len(was) == 0 || !was[0].Codec.Video() || !tracks[0].Codec.Video() ||
		!sameSets(was[0], tracks[0]) {
		return nil
	}
	return kept(nil, media.picture)
}

// sameSets tells whether two tracks of pictures have the same parameters.
func sameSets(a, b ingest.Track) bool {
	return slices.EqualFunc(a.SPS, b.SPS, bytes.Equal) && slices.EqualFunc(a.PPS, b.PPS, bytes.Equal)
}

// begin begins a publisher's stay with that key frame, for sound at dts. After a silence
// sound need not wait: viewers see that picture already.
func (s *Session) begin(dts int64) error {
	if s.seen || s.picture == nil || s.catchUp == nil && (len(s.waiting) == 0 || dts-s.waiting[0].DTS < unseen) {
		return nil
	}
	at := dts
	if len(s.waiting) > 0 {
		at = s.waiting[0].DTS
	}
	s.place.Placed(0, at)
	if l := s.ladder; l != nil {
		l.still = true
		defer func() { l.still = false }()
	}
	return s.primary(ingest.Unit{DTS: at, PTS: at + s.stream.delay(), Key: true, NALs: s.picture})
}
