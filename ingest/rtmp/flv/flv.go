// Package flv reads the FLV forms that RTMP publishers send: the bodies of
// audio and video messages, and FLV files.
//
// Message bodies flow in; Packets whose bytes are slices of the body flow out.
// H.264 and AAC are read in the form of 2002 and in that of Enhanced RTMP. Any
// other codec is refused with an *UnsupportedError in words for the person at
// the encoder. A body without media gives a Packet of kind Nothing.
//
// The clauses named here are those of "Adobe Flash Video File Format
// Specification" 10.1 (FLV) and of "Enhanced RTMP" v2 (E-RTMP).
package flv

import "errors"

// Kind says what a message body is.
type Kind uint8

const (
	// Nothing is a body without media: silence, commands, metadata, the end of a
	// sequence.
	Nothing Kind = iota
	// Config is a decoder configuration: an AVCDecoderConfigurationRecord, or
	// an AudioSpecificConfig.
	Config
	// Frame is one picture in length-prefixed NAL units, or one raw AAC access
	// unit.
	Frame
	// Extra is media of a further track (E-RTMP multitrack) that is not read: sound, other
	// codecs than H.264, and several tracks in one message.
	Extra
)

// Packet is a message body that was read.
type Packet struct {
	Kind Kind
	// Track is the number of a further video track; 0 is the first.
	Track uint8
	// Key tells that the publisher calls a picture a key frame.
	Key bool
	// Offset is the composition time offset in milliseconds, which may be
	// negative: PTS = DTS + Offset.
	Offset int32
	// Data is a slice of the body.
	Data []byte
}

var errShort = errors.New("FLV body is cut off")

// si24 reads a signed 24-bit number.
func si24(b []byte) int32 {
	return int32(uint32(b[0])<<24|uint32(b[1])<<16|uint32(b[2])<<8) >> 8
}
