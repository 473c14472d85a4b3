package h264

import (
	"errors"
	"fmt"
)

// MaxUnits bounds the NAL units of one picture. A 4K picture cut into many
// slices has about fifty; more than this is an attack or garbage.
const MaxUnits = 512

// ErrTooManyUnits says that a picture has more than MaxUnits NAL units.
var ErrTooManyUnits = fmt.Errorf("more than %d NAL units in one picture", MaxUnits)

var errLengthSize = errors.New("NAL length size must be 1, 2 or 4 bytes")

// Split appends to dst the NAL units of a picture in the length-prefixed form
// of ISO/IEC 14496-15 5.3.4.2.1. lengthSize is the record's LengthSize. The
// units are slices of payload. Empty units are left out: some encoders pad with
// them, and an Annex B stream cannot carry them.
func Split(dst [][]byte, payload []byte, lengthSize int) ([][]byte, error) {
	if lengthSize != 1 && lengthSize != 2 && lengthSize != 4 {
		return dst, errLengthSize
	}
	first := len(dst)
	for rest := payload; len(rest) > 0; {
		if len(rest) < lengthSize {
			return dst[:first], fmt.Errorf("NAL length field is cut off: %d of %d bytes", len(rest), lengthSize)
		}
		var n uint32
		for _, b := range rest[:lengthSize] {
			n = n<<8 | uint32(b)
		}
		rest = rest[lengthSize:]
		if uint64(n) > uint64(len(rest)) {
			return dst[:first], fmt.Errorf("NAL unit of %d bytes in %d remaining bytes", n, len(rest))
		}
		if n == 0 {
			continue
		}
		if len(dst)-first == MaxUnits {
			return dst[:first], ErrTooManyUnits
		}
		dst = append(dst, rest[:n:n])
		rest = rest[n:]
	}
	return dst, nil
}
