package h264

// sei reads the messages of an SEI unit (7.3.2.3.1), without the bytes that prevent start
// codes (7.4.1).
type sei struct {
	rest  []byte
	zeros int
	over  bool
}

// messages begins to read an SEI unit.
func messages(nal []byte) sei { return sei{rest: nal[1:]} }

// message reads the head of the next message, whose size bytes follow. It is not ok behind
// the last one, and where the head is cut off.
func (r *sei) message() (kind, size int, ok bool) {
	if len(r.rest) < 2 { // nothing, or the trailing bits alone
		return 0, 0, false
	}
	kind, size = r.number(), r.number()
	return kind, size, !r.over
}

// number reads a type or a size.
func (r *sei) number() int {
	n := 0
	for {
		c := r.next()
		if n += int(c); c != 0xff {
			return n
		}
	}
}

func (r *sei) next() byte {
	if r.zeros >= 2 && len(r.rest) > 0 && r.rest[0] == 3 {
		r.rest, r.zeros = r.rest[1:], 0
	}
	if len(r.rest) == 0 {
		r.over = true
		return 0
	}
	c := r.rest[0]
	r.rest = r.rest[1:]
	if r.zeros++; c != 0 {
		r.zeros = 0
	}
	return c
}

// read fills b.
func (r *sei) read(b []byte) {
	for i := range b {
		b[i] = r.next()
	}
}

// skip leaves n bytes out.
func (r *sei) skip(n int) {
	for ; n > 0 && !r.over; n-- {
		r.next()
	}
}

// hasMessage looks for a whole message in an SEI unit.
func hasMessage(nal []byte, kind int) bool {
	r := messages(nal)
	for {
		is, size, ok := r.message()
		if r.skip(size); !ok || r.over {
			return false
		}
		if is == kind {
			return true
		}
	}
}
