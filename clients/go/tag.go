package cues

import "bytes"

const (
	headerSize = 10 // of a tag, and of a frame

	extendedHeader = 0x40 // a flag of a tag

	// Flags of a frame (ID3v2.4.0 structure, 4.1.2).
	compressed = 0x08
	encrypted  = 0x04
	dataLength = 0x01 // four bytes before the body

	utf8 = 3 // encoding of a text
)

// InTag reads the cue in one ID3v2.4 tag; false: it has none.
func InTag(tag []byte) (*Cue, bool) {
	text, ok := Text(tag)
	if !ok {
		return nil, false
	}
	return Parse(text)
}

// Text gives the value of the first TXXX frame mediad.cue in one ID3v2.4 tag; false: there
// is none. Unsynchronisation needs no care: it changes only bytes 0xFF, and UTF-8 has none.
func Text(tag []byte) ([]byte, bool) {
	if len(tag) < headerSize || string(tag[:4]) != "ID3\x04" {
		return nil, false
	}
	body := tag[headerSize:]
	if n := syncsafe(tag[6:]); n < len(body) {
		body = body[:n]
	}
	if tag[5]&extendedHeader != 0 {
		n := 0
		if len(body) >= 4 {
			n = syncsafe(body) // it counts itself
		}
		if n < 6 || n > len(body) {
			return nil, false
		}
		body = body[n:]
	}
	for len(body) > headerSize && body[0] != 0 {
		size, flags := syncsafe(body[4:]), body[9]
		id, frame := string(body[:4]), body[headerSize:]
		if size > len(frame) {
			return nil, false
		}
		body, frame = frame[size:], frame[:size]
		if flags&dataLength != 0 {
			frame = frame[min(4, len(frame)):]
		}
		if id != "TXXX" || flags&(compressed|encrypted) != 0 || len(frame) == 0 || frame[0] != utf8 {
			continue
		}
		description, value, _ := bytes.Cut(frame[1:], []byte{0})
		if value, _, _ = bytes.Cut(value, []byte{0}); string(description) == "mediad.cue" && len(value) > 0 {
			return value, true
		}
	}
	return nil, false
}

// syncsafe reads a number of four times seven bits.
func syncsafe(b []byte) int {
	return int(b[0]&127)<<21 | int(b[1]&127)<<14 | int(b[2]&127)<<7 | int(b[3]&127)
}
