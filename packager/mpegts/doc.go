// Package mpegts packs access units and ID3 tags into the 188-byte packets of
// one MPEG-TS program (ISO/IEC 13818-1), part by part.
//
// Units with output timestamps and finished ID3 tags flow in; bytes flow out,
// appended to the buffer of the open part. The caller says where a part begins and
// ends. The package ensures that a player can begin with any part (PAT and PMT
// first, parameter sets in front of its first picture, no PES packet across its
// edges), and that the bytes of consecutive parts are one unbroken stream.
//
// It knows no clock, no segments and no playlists. It refuses input that would give
// an illegal stream: timestamps that do not rise, a PTS below its DTS, tracks other
// than one H.264 and one AAC.
//
// go-astits writes the PAT, the tags and the packets that only carry a clock. Our own
// code writes the PMT, because that library cannot take Apple's
// metadata_pointer_descriptor, and the PES packets of audio and video, because there
// are so many of them.
package mpegts

// The packet identifiers never change, because some players fix their tracks at the
// start, and some read only the first PMT.
const (
	pidPAT   = 0x0000
	pidPMT   = 0x1000
	pidVideo = 0x0100
	pidAudio = 0x0101
	pidID3   = 0x0102
)

// ISO/IEC 13818-1 2.4.4.9, table 2-34.
const (
	typeH264 = 0x1B
	typeADTS = 0x0F
	typeID3  = 0x15
)

// ISO/IEC 13818-1 2.4.3.7, table 2-22. The library would give metadata 0xFC.
const (
	streamVideo = 0xE0
	streamAudio = 0xC0
	streamID3   = 0xBD
)

const (
	packetSize = 188
	// firstCC makes a PID's first continuity counter 0.
	firstCC = 0xf
	program = 1
	// timeMask cuts a timestamp to its 33 bits (2.4.3.7). Only ID3 needs it
	// here: the muxer masks what it writes.
	timeMask = 1<<33 - 1
)
