package repeat

const (
	// skipQP is the quantiser of skipped pictures. With it, and cabac_init_idc 0,
	// the context of mb_skip_flag begins in state 42 and takes "skipped" for the more
	// probable (9.3.1.1: 23*51>>4 + 33 = 106).
	skipQP     = 51
	firstState = 42
	lastState  = 62
)

// lps is how much of its range the coder gives to "not skipped", by state, from
// firstState on, and the range's upper bits (table 9-44).
var lps = [lastState - firstState + 1][4]uint32{
	{16, 20, 23, 27}, {15, 19, 22, 25}, {14, 18, 21, 24}, {14, 17, 20, 23}, {13, 16, 19, 22}, {12, 15, 18, 21}, {12, 14, 17, 20},
	{11, 14, 16, 19}, {11, 13, 15, 18}, {10, 12, 15, 17}, {10, 12, 14, 16}, {9, 11, 13, 15}, {9, 11, 12, 14}, {8, 10, 12, 14},
	{8, 9, 11, 13}, {7, 9, 11, 12}, {7, 9, 10, 12}, {7, 8, 10, 11}, {6, 8, 9, 11}, {6, 7, 9, 10}, {6, 7, 8, 9},
}

// skipCABAC codes n skipped macroblocks (9.3.4.2 to 9.3.4.5). All neighbours are skipped,
// too, or lie outside, so there is one context, and each symbol is the more probable one:
// low moves only at the end.
func (w *bitWriter) skipCABAC(n int) {
	c := coder{w: w, span: 510, first: true}
	state := 0
	for i := range n {
		c.span -= lps[state][c.span>>6&3]
		c.renorm()
		state = min(state+1, lastState-firstState)
		// end_of_slice_flag
		c.span -= 2
		if i == n-1 {
			c.low += c.span
			c.span = 2
			c.renorm()
			c.put(c.low >> 9 & 1)
			w.u(2, int64(c.low>>7&3|1)) // with rbsp_stop_one_bit
			return
		}
		c.renorm()
	}
}

// coder is the arithmetic encoder's state.
type coder struct {
	w         *bitWriter
	low, span uint32
	open      int  // bits that wait for a carry
	first     bool // the very first bit is not written
}

func (c *coder) renorm() {
	for c.span < 256 {
		switch {
		case c.low < 256:
			c.put(0)
		case c.low >= 512:
			c.low -= 512
			c.put(1)
		default:
			c.low -= 256
			c.open++
		}
		c.span, c.low = c.span<<1, c.low<<1
	}
}

func (c *coder) put(bit uint32) {
	if c.first {
		c.first = false
	} else {
		c.w.u(1, int64(bit))
	}
	for ; c.open > 0; c.open-- {
		c.w.u(1, int64(1-bit))
	}
}
