package packager

import "slices"

// KeyFrame gives the newest closed segment that has a key frame of the
// publisher's, from the part on that begins with it, and the segment's number;
// nil: the window has none. The bytes are a copy.
func (s *Stream) KeyFrame() (msn uint64, media []byte) {
	for _, seg := range slices.Backward(s.snapshot().segments) {
		if seg.gap || seg.standIn {
			continue
		}
		from := slices.IndexFunc(seg.parts, func(p *part) bool { return p.independent && !p.gap })
		if from < 0 {
			continue
		}
		for _, p := range seg.parts[from:] {
			media = append(media, p.data...)
		}
		return seg.msn, media
	}
	return 0, nil
}
