package archive

import "slices"

// Keeps tells whether what is added will be stored; a nil Recorder keeps nothing.
func (s *Recorder) Keeps() bool { return s != nil && s.a.opts.Store != nil }

// Pending gives the bytes of a segment that is not stored yet, in pieces; nil for
// one that is stored, was given up, or never came. What only the spool has is
// read from there.
func (s *Recorder) Pending(msn uint64) [][]byte {
	data, spooled := s.queued(msn)
	if !spooled {
		return data
	}
	all, err := s.a.opts.Spool.Read(s.room, s.epoch, msn)
	if err != nil {
		return nil // stored meanwhile; or lost, which the uploader tells
	}
	return [][]byte{all}
}

// queued finds a segment that waits: its bytes, or that only the spool has them.
func (s *Recorder) queued(msn uint64) (data [][]byte, spooled bool) {
	s.a.mu.Lock()
	defer s.a.mu.Unlock()
	it := s.find(msn)
	if it == nil || it.record.Gap || it.dropped {
		return nil, false
	}
	return it.data, it.data == nil && it.kept
}

// GivenUp gives the numbers of the segments that this process gave up, in the
// order in which it did, without the first of them.
func (s *Recorder) GivenUp(first int) []uint64 {
	s.a.mu.Lock()
	defer s.a.mu.Unlock()
	if first >= len(s.lost) {
		return nil
	}
	return slices.Clone(s.lost[first:])
}
