package h264

import (
	"bytes"
	"slices"
)

// Form is how the NAL units of a picture are separated.
type Form uint8

// The forms.
const (
	// Lengths: each unit behind its length, as FLV and MP4 ask for.
	Lengths Form = iota
	// Stream: start codes between the units, as in Annex B, in place of lengths.
	Stream
	// Mixed: lengths, and start codes inside of the units.
	Mixed
)

var startCode = []byte{0, 0, 1}

// Unpack appends to dst the NAL units of a picture in whichever form it comes.
// The units are slices of payload; empty ones are left out.
//
// Lengths are tried first. Where all of them add up, and no unit has an impossible
// header, the payload has that form, even if it begins like a start code (a length of
// 256 to 511 bytes looks like one). A start code inside of a unit is never payload,
// because emulation prevention keeps it out (Rec. ITU-T H.264 7.4.1), so the unit is
// split there. The search costs three times as much as copying the bytes, so slices
// are searched only where deep is set: in the output, a byte stream, a start code
// that was not found separates the units all the same.
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

// open splits units that hold start codes.
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

// beginsWithCode tells whether b begins with a start code and a NAL unit behind it.
func beginsWithCode(b []byte) bool {
	at := 0
	for at < len(b) && at < 4 && b[at] == 0 {
		at++
	}
	return (at == 2 || at == 3) && len(b) > at+1 && b[at] == 1 && b[at+1]&0x80 == 0 && b[at+1]&0x1f != 0
}

// plausible tells whether the pieces that the lengths give can be NAL units: the
// first bit of a unit is always 0, and no unit has type 0.
func plausible(nals [][]byte) bool {
	for _, nal := range nals {
		if nal[0]&0x80 != 0 || TypeOf(nal) == 0 {
			return false
		}
	}
	return true
}
