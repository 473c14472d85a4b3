package packager

// Held is how many bytes players may still fetch of the stream, the open part
// not counted: what memory it must have at least.
func (s *Stream) Held() (bytes int64) {
	w := s.snapshot()
	for _, list := range [2][]*segment{w.retired, w.segments} {
		for _, seg := range list {
			bytes += int64(seg.held())
		}
	}
	return bytes + int64(w.open.held())
}
