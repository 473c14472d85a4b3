package archive

import "slices"

// Keeps tells whether what is added will be stored; a nil Stream keeps nothing.
func (s *Stream) Keeps() bool { return s != nil && s.a.opts.Store != nil }

// Waiting gives the bytes of a segment that is not stored yet, as Add got them;
// nil for one that is stored, was given up, or never came.
func (s *Stream) Waiting(msn uint64) [][]byte {
	s.a.mu.Lock()
	defer s.a.mu.Unlock()
	i, found := slices.BinarySearchFunc(s.queue, msn, func(it *item, msn uint64) int {
		switch {
		case it.record.MSN < msn:
			return -1
		case it.record.MSN > msn:
			return 1
		}
		return 0
	})
	if !found || s.queue[i].record.Gap {
		return nil
	}
	return s.queue[i].data
}

// GivenUp gives the numbers of the segments that this process gave up, in the
// order in which it did, without the first of them.
func (s *Stream) GivenUp(first int) []uint64 {
	s.a.mu.Lock()
	defer s.a.mu.Unlock()
	if first >= len(s.lost) {
		return nil
	}
	return slices.Clone(s.lost[first:])
}
