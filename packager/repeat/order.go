package repeat

// order follows the order in which pictures are shown, pic_order_cnt_type 0
// (8.2.1.1).
type order struct {
	msb, lsb int64 // of the last reference picture
	last     int64 // of the last picture
	step     int64 // the shortest distance of two pictures; 0: not known
	half     int64 // half the span of lsb
}

// next gives the order of a picture. With type 2 it is the order of decoding (8.2.1.3).
func (o *order) next(h head, idr, ref bool) int64 {
	if h.pps.sps.order != 0 {
		o.last++
		return o.last
	}
	span := h.pps.sps.maxLsb
	o.half = span / 2
	if idr {
		o.msb, o.lsb = 0, 0
	}
	msb := o.msb
	switch d := h.lsb - o.lsb; {
	case d <= -o.half:
		msb += span
	case d > o.half:
		msb -= span
	}
	poc := msb + h.lsb
	if ref {
		o.msb, o.lsb = msb, h.lsb
	}
	if d := max(poc-o.last, o.last-poc); !idr && d > 0 && (o.step == 0 || d < o.step) {
		o.step = d
	}
	o.last = poc
	return poc
}

// behind gives the order of a picture that is shown right after another: the odd number,
// which encoders leave for a second field. Where encoders count pictures one by one it is
// the number of the other. Several repeated pictures in a row have the same number; they
// look the same.
func (o *order) behind(poc int64) (again int64, ok bool) {
	if o.step != 1 {
		poc++
	}
	d := poc - (o.msb + o.lsb)
	return poc, d < o.half && d > -o.half
}
