package guard

import "io"

// source is the buffer of what has been read from the peer.
type source struct {
	buf  []byte
	r, w int
	err  error // came with the last bytes
}

func (s *source) peek() []byte { return s.buf[s.r:s.w] }
func (s *source) skip(n int)   { s.r += n }

// fill reads once, behind what is there. It never returns 0 and nil.
func (s *source) fill(from io.Reader) (int, error) {
	switch {
	case s.err != nil:
		err := s.err
		s.err = nil
		return 0, err
	case s.r == s.w:
		s.r, s.w = 0, 0
	case s.w == len(s.buf): // the front of a header, at most maxHeader bytes
		s.w = copy(s.buf, s.buf[s.r:s.w])
		s.r = 0
	}
	for range 100 {
		n, err := from.Read(s.buf[s.w:])
		if n > 0 {
			s.w += n
			s.err = err
			return n, nil
		}
		if err != nil {
			return 0, err
		}
	}
	return 0, io.ErrNoProgress
}

// enlarge makes room for a publisher's traffic.
func (s *source) enlarge() {
	if len(s.buf) >= publisherBuffer {
		return
	}
	buf := make([]byte, publisherBuffer)
	s.w = copy(buf, s.buf[s.r:s.w])
	s.r, s.buf = 0, buf
}
