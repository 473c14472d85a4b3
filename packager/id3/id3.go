// Package id3 turns a value into an ID3v2.4 tag, and a tag into its frames.
//
// A text and its description become one tag with one TXXX frame, the form that
// every HLS player reads in an MPEG-TS. The reader is for checkers and inspection.
// It is strict: it refuses what ID3v2.4 allows and some player misreads (extended
// headers, footers, unsynchronisation, padding, encodings other than UTF-8). The
// package knows nothing of transport streams, time or products.
package id3

// ID3v2.4.0 structure, 3.1: "ID3", version, flags, size.
const headerSize = 10

// ID3v2.4.0 structure, 4: identifier, size, flags.
const frameHeaderSize = 10

// utf8Encoding is the text encoding byte of ID3v2.4.0 structure, 4. mux.js
// drops any other.
const utf8Encoding = 3

// AppendTXXX appends one tag to dst that holds one TXXX frame, encoded in
// UTF-8.
//
// The description should be ASCII: hls.js computes the value's offset from the
// description's length in characters. Neither text may hold a NUL: it ends the
// description, and for some players the value. Both must be UTF-8, and together
// fit the 28 bits of a size.
func AppendTXXX(dst []byte, description string, value []byte) []byte {
	body := 1 + len(description) + 1 + len(value)

	// No unsynchronisation, extended header or footer (flags 0): hls.js skips
	// a fixed ten bytes for an extended header.
	dst = append(dst, 'I', 'D', '3', 4, 0, 0)
	dst = appendSyncsafe(dst, frameHeaderSize+body)

	// No padding after the frame: mux.js reports a frame of size zero there.
	dst = append(dst, 'T', 'X', 'X', 'X')
	dst = appendSyncsafe(dst, body)
	dst = append(dst, 0, 0, utf8Encoding)
	dst = append(dst, description...)
	dst = append(dst, 0)
	return append(dst, value...)
}

// appendSyncsafe writes 28 bits in four bytes whose top bits are zero,
// ID3v2.4.0 structure, 6.2. It is the form of frame sizes too, unlike ID3v2.3.
func appendSyncsafe(dst []byte, n int) []byte {
	return append(dst, byte(n>>21)&0x7f, byte(n>>14)&0x7f, byte(n>>7)&0x7f, byte(n)&0x7f)
}
