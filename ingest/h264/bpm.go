package h264

// unregistered is the type of the SEI message "user data unregistered" (Rec. ITU-T H.264
// D.1.7): a UUID, then data.
const unregistered = 5

// bpm are the UUIDs of the messages that OBS adds to key frames in multitrack mode: times of
// the encoder's clock, and figures of its session and of its renditions.
var bpm = [...]string{
	"\x0a\xec\xff\xe7\x52\x72\x4e\x2f\xa6\x2f\xd1\x9c\xd6\x1a\x93\xb5",
	"\xca\x60\xe7\x1c\x6a\x8b\x43\x88\xa3\x77\x15\x1d\xf7\xbf\x8a\xc2",
	"\xf1\xfb\xc1\xd5\x10\x1e\x4f\xb5\xa6\x1e\xb8\xce\x3c\x07\xb8\xc0",
}

// ForServer tells whether a unit is SEI of nothing but OBS's figures. They are meant for the
// server; no player needs them.
func ForServer(nal []byte) bool {
	if TypeOf(nal) != SEI {
		return false
	}
	r := payload{rest: nal[1:]}
	for len(r.rest) > 1 {
		kind, size := r.number(), r.number()
		if kind != unregistered || size < 16 {
			return false
		}
		var id [16]byte
		for i := range id {
			id[i] = r.next()
		}
		if s := string(id[:]); s != bpm[0] && s != bpm[1] && s != bpm[2] {
			return false
		}
		for range size - len(id) {
			if r.over {
				return false
			}
			r.next()
		}
		if r.over {
			return false
		}
	}
	return len(nal) > 2
}

// payload reads the bytes of a unit without those that prevent start codes (7.4.1).
type payload struct {
	rest  []byte
	zeros int
	over  bool
}

func (r *payload) next() byte {
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

// number reads a type or a size (7.3.2.3.1).
func (r *payload) number() int {
	n := 0
	for {
		c := r.next()
		if n += int(c); c != 0xff {
			return n
		}
	}
}
