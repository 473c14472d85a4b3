package repeat

// headBytes is how much is read of each picture's slice, and of a PPS: a legal slice
// header up to the picture's order takes at most 17 bytes, a PPS up to its last flag
// 13.
const headBytes = 24

// head is the beginning of a slice header (7.3.3).
type head struct {
	pps      *pps
	frameNum uint32
	lsb      int64 // pic_order_cnt_lsb
}

// readHead reads a slice up to its picture's order; it is not ok where that cannot
// be continued.
func readHead(nal []byte, idr bool, s *sets, scratch *[headBytes]byte) (h head, ok bool) {
	r := newBitReader(nal[1:], scratch)
	r.ue() // first_mb_in_slice
	r.ue() // slice_type
	if h.pps = s.pps[r.ue()]; h.pps == nil {
		return h, false
	}
	sps := h.pps.sps
	if sps.planes || !sps.frames {
		return h, false
	}
	h.frameNum = uint32(r.u(sps.frameBits))
	if idr {
		r.ue() // idr_pic_id
	}
	if sps.order == 0 {
		h.lsb = int64(r.u(sps.lsbBits))
	}
	return h, !r.short
}

// bitReader reads an RBSP (7.2, 9.1).
type bitReader struct {
	data  []byte
	at    int
	short bool
}

// newBitReader reads what follows a NAL unit's header, as far as scratch has room.
func newBitReader(b []byte, scratch *[headBytes]byte) bitReader {
	n, zeros := 0, 0
	for _, c := range b {
		if zeros >= 2 && c == 3 {
			zeros = 0
			continue
		}
		if zeros++; c != 0 {
			zeros = 0
		}
		if n == len(scratch) {
			break
		}
		scratch[n] = c
		n++
	}
	return bitReader{data: scratch[:n]}
}

func (r *bitReader) u(n int) (v uint64) {
	for range n {
		if r.at >= 8*len(r.data) {
			r.short = true
			return 0
		}
		v = v<<1 | uint64(r.data[r.at/8]>>(7-r.at%8)&1)
		r.at++
	}
	return v
}

func (r *bitReader) flag() bool { return r.u(1) == 1 }

func (r *bitReader) ue() uint32 {
	n := 0
	for r.u(1) == 0 {
		if n++; n > 31 || r.short {
			r.short = true
			return 0
		}
	}
	return uint32(1<<n - 1 + r.u(n))
}

func (r *bitReader) se() int64 {
	k := int64(r.ue())
	if k&1 == 1 {
		return (k + 1) / 2
	}
	return -k / 2
}
