package rtmp

import "encoding/binary"

// hint is what an onMetaData message says about the tracks.
type hint struct {
	read         bool // the message was understood to its end
	audio, video bool
}

// AMF0 markers, "Action Message Format -- AMF 0" 2.1.
const (
	amfNumber    = 0
	amfBoolean   = 1
	amfString    = 2
	amfObject    = 3
	amfNull      = 5
	amfUndefined = 6
	amfECMAArray = 8
	amfObjectEnd = 9
	amfDate      = 11
)

// readHint reads the payload of @setDataFrame: a name, and an object or ECMA
// array. A codec is announced by a property that is neither null nor the empty
// string. Nested values are not read; they make the hint void, as anything odd
// does.
func readHint(b []byte) hint {
	b, ok := skipAMFString(b)
	if !ok || len(b) == 0 {
		return hint{}
	}
	switch b[0] {
	case amfObject:
		b = b[1:]
	case amfECMAArray:
		if len(b) < 5 {
			return hint{}
		}
		b = b[5:] // the count is only a hint itself
	default:
		return hint{}
	}
	var h hint
	for len(b) >= 3 {
		n := int(binary.BigEndian.Uint16(b))
		if n == 0 {
			if b[2] != amfObjectEnd {
				return hint{}
			}
			h.read = true
			return h
		}
		if len(b) < 2+n+1 {
			return hint{}
		}
		name, value := string(b[2:2+n]), b[2+n:]
		size := amfSize(value)
		if size == 0 || size > len(value) {
			return hint{}
		}
		there := value[0] != amfNull && value[0] != amfUndefined && !(value[0] == amfString && size == 3)
		switch name {
		case "audiocodecid":
			h.audio = there
		case "videocodecid":
			h.video = there
		}
		b = value[size:]
	}
	return hint{}
}

// amfSize is the size of a plain AMF0 value with its marker, 0 for others.
func amfSize(b []byte) int {
	switch b[0] {
	case amfNumber:
		return 9
	case amfBoolean:
		return 2
	case amfString:
		if len(b) < 3 {
			return 0
		}
		return 3 + int(binary.BigEndian.Uint16(b[1:]))
	case amfNull, amfUndefined:
		return 1
	case amfDate:
		return 11
	}
	return 0
}

func skipAMFString(b []byte) ([]byte, bool) {
	if len(b) == 0 || b[0] != amfString {
		return nil, false
	}
	n := amfSize(b)
	if n == 0 || n > len(b) {
		return nil, false
	}
	return b[n:], true
}
