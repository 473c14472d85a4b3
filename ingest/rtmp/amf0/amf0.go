// Package amf0 knows the markers of AMF0, and walks over plain values. It never
// allocates memory because a length in the message asks for it.
//
// "Action Message Format -- AMF 0", Adobe 2007.
package amf0

import "encoding/binary"

// Markers, 2.1.
const (
	Number      = 0x00
	Boolean     = 0x01
	String      = 0x02
	Object      = 0x03
	Null        = 0x05
	Undefined   = 0x06
	Reference   = 0x07
	ECMAArray   = 0x08
	ObjectEnd   = 0x09
	StrictArray = 0x0a
	Date        = 0x0b
	LongString  = 0x0c
	Unsupported = 0x0d
	XML         = 0x0f
	TypedObject = 0x10
	AVMPlus     = 0x11
)

// Size is the size of the plain value that b begins with, its marker included. It is
// 0 where b begins with no plain value, or does not hold all of it.
func Size(b []byte) int {
	if len(b) == 0 {
		return 0
	}
	n := 0
	switch b[0] {
	case Number:
		n = 9
	case Boolean:
		n = 2
	case String:
		if len(b) < 3 {
			return 0
		}
		n = 3 + int(binary.BigEndian.Uint16(b[1:]))
	case Null, Undefined:
		n = 1
	case Date:
		n = 11
	}
	if n > len(b) {
		return 0
	}
	return n
}

// Text is the text of the string that b begins with; ok is false where there is none.
func Text(b []byte) (text []byte, ok bool) {
	if n := Size(b); n > 0 && b[0] == String {
		return b[3:n], true
	}
	return nil, false
}

// Properties calls each for the properties of the object or ECMA array that b begins
// with, and gives what follows it. ok is false where b begins with neither, ends too
// early, or has a value that is not plain; each has then been called for the
// properties before that place.
func Properties(b []byte, each func(name string, value []byte)) (rest []byte, ok bool) {
	switch {
	case len(b) > 0 && b[0] == Object:
		b = b[1:]
	case len(b) >= 5 && b[0] == ECMAArray:
		b = b[5:] // the count is only a hint, 2.10
	default:
		return nil, false
	}
	for len(b) >= 3 {
		n := int(binary.BigEndian.Uint16(b))
		if n == 0 {
			return b[3:], b[2] == ObjectEnd
		}
		if len(b) < 2+n+1 {
			return nil, false
		}
		name, value := string(b[2:2+n]), b[2+n:]
		size := Size(value)
		if size == 0 {
			return nil, false
		}
		each(name, value[:size])
		b = value[size:]
	}
	return nil, false
}
