package h264

import "math/bits"

// Coded tells whether a NAL unit is a part of a coded picture.
func Coded(nal []byte) bool { t := TypeOf(nal); return t >= Slice && t <= IDR }

// Opens tells whether a picture may begin with this slice: it holds the first
// macroblock (first_mb_in_slice is 0, one bit; Rec. ITU-T H.264 7.3.3). Data
// partitions B and C begin with another field, and no picture begins with them.
func Opens(nal []byte) bool {
	switch TypeOf(nal) {
	case Slice, IDR, partitionA:
		return len(nal) > 1 && nal[1]&0x80 != 0
	}
	return false
}

const partitionA = 2 // Slice data partition A; B and C follow it

// sliceSet gives the id of the picture parameter set that a slice names.
func sliceSet(nal []byte) (id uint32, ok bool) {
	if !Opens(nal) {
		return 0, false
	}
	r := golomb{nal: nal, at: 8}
	r.read() // first_mb_in_slice
	r.read() // slice_type
	id = r.read()
	return id, !r.over && id <= maxPPSID
}

// golomb reads Exp-Golomb codes (Rec. ITU-T H.264 9.1) at the front of a NAL unit.
// The codes that are read here are so short that no emulation prevention byte can
// stand before or in them.
type golomb struct {
	nal  []byte
	at   int // in bits
	over bool
}

func (g *golomb) read() uint32 {
	var head [5]byte
	if i := g.at >> 3; i < len(g.nal) {
		copy(head[:], g.nal[i:])
	}
	word := uint64(head[0])<<32 | uint64(head[1])<<24 | uint64(head[2])<<16 | uint64(head[3])<<8 | uint64(head[4])
	word <<= 24 + g.at&7
	zeros := bits.LeadingZeros64(word)
	if zeros > 12 || g.at+2*zeros+1 > len(g.nal)*8 {
		g.over = true
		return 0
	}
	g.at += 2*zeros + 1
	return uint32(word>>(63-2*zeros)) - 1
}
