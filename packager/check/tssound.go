package check

import "fmt"

// elementEnd closes a raw data block, ISO/IEC 14496-3 table 4.85.
const elementEnd = 7

// rawBlock tells in words what is wrong with a frame behind its ADTS header, or ""
// where it finds nothing. It looks at the first element only, and does not decode it.
func rawBlock(b []byte, channels byte) string {
	if len(b) > 6 && b[0] == 0xFF && b[1]&0xF6 == 0xF0 {
		n := int(b[3]&3)<<11 | int(b[4])<<3 | int(b[5])>>5
		words := fmt.Sprintf("a second ADTS header stands behind the first, of %d bytes in %d", n, len(b))
		if index := b[2] >> 2 & 0xf; int(index) < adtsRates {
			words += fmt.Sprintf(", %d Hz, channel configuration %d", adtsRate(index), b[2]&1<<2|b[3]>>6)
		}
		return words
	}
	// An AudioSpecificConfig of AAC-LC, SBR or PS: as a frame, it would begin with a
	// channel element whose instance tag no encoder uses.
	if object := b[0] >> 3; len(b) <= 5 && (object == 2 || object == 5 || object == 29) {
		return fmt.Sprintf("an AudioSpecificConfig (% x) stands where a frame belongs", b)
	}
	switch {
	case b[0]>>5 == elementEnd:
		return "the frame ends before any sound"
	case channels == 0:
		return "channel configuration 0: browsers play no such sound"
	}
	return ""
}
