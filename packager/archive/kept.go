package archive

import (
	"cmp"
	"slices"
)

// Keeps tells whether what is added will be stored; a nil Stream keeps nothing.
func (s *Stream) Keeps() bool { return s != nil && s.a.opts.Store != nil }

// Pending gives the bytes of a segment that is not stored yet, in pieces; nil for
// one that is stored, was given up, or never came. What only the spool has is
// read from there.
func (s *Stream) Pending(msn uint64) [][]byte {
	data, kept := s.queued(msn)
	if !kept {
		return data
	}
	all, err := s.a.opts.Spool.Read(s.room, s.epoch, msn)
	if err != nil {
		return nil // stored meanwhile; or lost, which the uploader tells
	}
	return [][]byte{all}
}

// queued finds a segment that waits: its bytes, or that the spool has them.
func (s *Stream) queued(msn uint64) (data [][]byte, kept bool) {
	s.a.mu.Lock()
	defer s.a.mu.Unlock()
	i, found := slices.BinarySearchFunc(s.queue, msn, func(it *item, msn uint64) int { return cmp.Compare(it.record.MSN, msn) })
	if !found || s.queue[i].record.Gap || s.queue[i].dropped {
		return nil, false
	}
	return s.queue[i].data, s.queue[i].kept
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
