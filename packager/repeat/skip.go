package repeat

// skipHead is what differs from one skipped picture to the next.
type skipHead struct {
	num int64 // frame_num
	ref int64 // frame_num of the picture that is repeated
	own bool  // that is the first in the list of references anyway
	lsb int64 // pic_order_cnt_lsb
}

// skipped writes a picture of skipped macroblocks as one NAL unit.
func (w *bitWriter) skipped(p *pps, h skipHead) []byte {
	*w = bitWriter{rbsp: w.rbsp[:0], nal: w.nal[:0]}
	s := p.sps
	w.ue(0) // first_mb_in_slice
	w.ue(5) // slice_type: P, and so are all of the picture
	w.ue(p.id)
	w.u(s.frameBits, h.num)
	if s.order == 0 {
		w.u(s.lsbBits, h.lsb)
		if p.bottom {
			w.ue(0) // delta_pic_order_cnt_bottom
		}
	}
	if p.redundant {
		w.ue(0)
	}
	w.u(1, 1) // num_ref_idx_active_override_flag
	w.ue(0)   // one reference
	if h.own {
		w.u(1, 0)
	} else {
		w.u(1, 1) // ref_pic_list_modification_flag_l0
		w.ue(0)   // subtract
		w.ue(uint32((h.num-h.ref+s.maxFrameNum)%s.maxFrameNum - 1))
		w.ue(3) // the end
	}
	if p.weighted { // by one
		w.ue(0)
		if s.chroma {
			w.ue(0)
		}
		w.u(1, 0)
		if s.chroma {
			w.u(1, 0)
		}
	}
	if p.cabac {
		w.ue(0) // cabac_init_idc
	}
	// Nothing is quantised: this is the state in which the arithmetic coder begins.
	w.se(skipQP - p.qp)
	if p.deblocks {
		w.ue(1) // off; there would be nothing to filter
	}
	if p.cabac {
		for w.n != 0 {
			w.u(1, 1) // cabac_alignment_one_bit
		}
		w.skipCABAC(int(s.macroblocks))
	} else {
		w.ue(s.macroblocks) // mb_skip_run
		w.u(1, 1)           // rbsp_stop_one_bit
	}
	for w.n != 0 {
		w.u(1, 0)
	}
	return w.escape(1) // nal_ref_idc 0, a slice
}

// bitWriter writes an RBSP, and the NAL unit that holds it.
type bitWriter struct {
	rbsp, nal []byte
	n         int // bits in the last byte; 0: it is full
}

func (w *bitWriter) u(n int, v int64) {
	for i := n - 1; i >= 0; i-- {
		if w.n == 0 {
			w.rbsp = append(w.rbsp, 0)
		}
		w.rbsp[len(w.rbsp)-1] |= byte(v>>i&1) << (7 - w.n)
		w.n = (w.n + 1) % 8
	}
}

func (w *bitWriter) ue(v uint32) {
	n := 0
	for x := uint64(v) + 1; x > 1; x >>= 1 {
		n++
	}
	w.u(n, 0)
	w.u(n+1, int64(v)+1)
}

func (w *bitWriter) se(v int64) {
	if v > 0 {
		w.ue(uint32(2*v - 1))
		return
	}
	w.ue(uint32(-2 * v))
}

// escape gives the NAL unit (7.3.1).
func (w *bitWriter) escape(header byte) []byte {
	w.nal = append(w.nal, header)
	zeros := 0
	for _, c := range w.rbsp {
		if zeros == 2 && c <= 3 {
			w.nal, zeros = append(w.nal, 3), 0
		}
		if zeros++; c != 0 {
			zeros = 0
		}
		w.nal = append(w.nal, c)
	}
	return w.nal
}
