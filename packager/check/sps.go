package check

import (
	"errors"
	"slices"
)

var errShort = errors.New("the parameter set ends early")

// bits reads an RBSP, ISO/IEC 14496-10 7.2 and 9.1.
type bits struct {
	data []byte // without emulation prevention
	at   int
	err  error
}

func newBits(nal []byte) *bits {
	out := make([]byte, 0, len(nal))
	zeros := 0
	for _, c := range nal {
		if zeros >= 2 && c == 3 {
			zeros = 0
			continue
		}
		if zeros++; c != 0 {
			zeros = 0
		}
		out = append(out, c)
	}
	return &bits{data: out}
}

func (b *bits) u(n int) (v int) {
	for range n {
		if b.at >= 8*len(b.data) {
			b.err = errShort
			return 0
		}
		v = v<<1 | int(b.data[b.at/8]>>(7-b.at%8)&1)
		b.at++
	}
	return v
}

func (b *bits) ue() int {
	n := 0
	for b.u(1) == 0 {
		if n++; n > 31 || b.err != nil {
			b.err = errShort
			return 0
		}
	}
	return 1<<n - 1 + b.u(n)
}

func (b *bits) se() int {
	k := b.ue()
	if k&1 == 1 {
		return (k + 1) / 2
	}
	return -k / 2
}

// pictureSize reads a sequence parameter set up to its cropping, ISO/IEC
// 14496-10 7.3.2.1.1.
func pictureSize(sps []byte) (width, height int, err error) {
	b := newBits(sps[1:])
	profile := b.u(8)
	b.u(16)
	b.ue()
	chroma := 1
	if slices.Contains([]int{100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135}, profile) {
		if chroma = b.ue(); chroma == 3 {
			b.u(1)
		}
		b.ue()
		b.ue()
		b.u(1)
		if b.u(1) == 1 {
			skipScaling(b, chroma)
		}
	}
	b.ue()
	switch b.ue() { // pic_order_cnt_type
	case 0:
		b.ue()
	case 1:
		b.u(1)
		b.se()
		b.se()
		for range min(b.ue(), 255) {
			b.se()
		}
	}
	b.ue()
	b.u(1)
	width, height = 16*(b.ue()+1), 16*(b.ue()+1)
	fields := 2 - b.u(1)
	height *= fields
	if fields == 2 {
		b.u(1)
	}
	b.u(1)
	if b.u(1) == 1 {
		x, y := 1, fields
		if chroma == 1 || chroma == 2 {
			x = 2
		}
		if chroma == 1 {
			y *= 2
		}
		width -= x * (b.ue() + b.ue())
		height -= y * (b.ue() + b.ue())
	}
	if b.err == nil && (width <= 0 || height <= 0) {
		b.err = errShort
	}
	if b.err != nil {
		return 0, 0, b.err
	}
	return width, height, nil
}

func skipScaling(b *bits, chroma int) {
	lists := 8
	if chroma == 3 {
		lists = 12
	}
	for i := range lists {
		if b.u(1) == 0 {
			continue
		}
		size := 16
		if i >= 6 {
			size = 64
		}
		for last, next, j := 8, 8, 0; j < size && next != 0 && b.err == nil; j++ {
			next = (last + b.se() + 256) % 256
			if next != 0 {
				last = next
			}
		}
	}
}
