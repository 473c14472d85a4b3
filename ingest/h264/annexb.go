package h264

import (
	"bytes"
	"slices"
)

// Form is how the NAL units of a picture were told apart.
type Form uint8

// The forms.
const (
	// Lengths: each unit behind its length, as FLV and MP4 ask for.
	Lengths Form = iota
	// Stream: start codes between them, as in Annex B, where lengths belong.
	Stream
	// Mixed: lengths, and start codes inside of what they measure.
	Mixed
)

var startCode = []byte{0, 0, 1}

// Unpack appends to dst the NAL units of a picture in whichever form it comes.
// The units are slices of payload; empty ones are left out.
//
// Lengths come first: where all of them add up, and no unit is of a kind that
// cannot be, the payload has that form, even if it begins like a start code (a unit
// of 256 to 511 bytes does). A start code inside of a unit is never payload, since
// emulation prevention keeps it out (Rec. ITU-T H.264 7.4.1); the unit is taken
// apart there. To look for one costs three times as much as to copy the bytes, so
// slices are looked through only where deep is set: a start code that hides in them
// parts them in a byte stream all the same.
func Unpack(dst [][]byte, payload []byte, lengthSize int, deep bool) ([][]byte, Form, error) {
	first, code := len(dst), beginsWithCode(payload)
	var err error
	if !code || lengthSize == 4 {
		if dst, err = Split(dst, payload, lengthSize); err == nil && (!code || plausible(dst[first:])) {
			return open(dst, first, deep)
		}
		dst = dst[:first]
	}
	if !code {
		return dst, Lengths, err
	}
	if dst, err = splitStream(dst, first, payload); err != nil {
		return dst[:first], Stream, err
	}
	return dst, Stream, nil
}

// open takes units apart that hold start codes.
func open(dst [][]byte, first int, deep bool) ([][]byte, Form, error) {
	at := 0
	for nals := dst[first:]; at < len(nals); at++ {
		if nal := nals[at]; (deep || !Coded(nal)) && bytes.Contains(nal, startCode) {
			break
		}
	}
	if first+at == len(dst) {
		return dst, Lengths, nil
	}
	packed := slices.Clone(dst[first+at:])
	dst = dst[:first+at]
	var err error
	for _, nal := range packed {
		if dst, err = splitStream(dst, first, nal); err != nil {
			return dst[:first], Mixed, err
		}
	}
	return dst, Mixed, nil
}

// splitStream appends the units of a byte stream, Rec. ITU-T H.264 B.1.1. What
// stands before the first start code is a unit too. first is where the picture's
// units begin in dst.
func splitStream(dst [][]byte, first int, b []byte) ([][]byte, error) {
	for len(b) > 0 {
		nal, rest, _ := bytes.Cut(b, startCode)
		b = rest
		// Zeros before a start code belong to it; no unit ends with one.
		if nal = bytes.TrimRight(nal, "\x00"); len(nal) == 0 {
			continue
		}
		if len(dst)-first >= MaxUnits {
			return dst, ErrTooManyUnits
		}
		dst = append(dst, nal[:len(nal):len(nal)])
	}
	return dst, nil
}

// beginsWithCode tells whether a start code with a NAL unit behind it stands in
// front.
func beginsWithCode(b []byte) bool {
	at := 0
	for at < len(b) && at < 4 && b[at] == 0 {
		at++
	}
	return (at == 2 || at == 3) && len(b) > at+1 && b[at] == 1 && b[at+1]&0x80 == 0 && b[at+1]&0x1f != 0
}

// plausible tells whether units can be what lengths made of them: the first bit
// is always 0, and type 0 is nobody's.
func plausible(nals [][]byte) bool {
	for _, nal := range nals {
		if nal[0]&0x80 != 0 || TypeOf(nal) == 0 {
			return false
		}
	}
	return true
}
