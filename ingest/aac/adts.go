package aac

import (
	"errors"
	"fmt"
)

// HeaderSize is the size of the ADTS headers that AppendHeader writes.
const HeaderSize = 7

// maxFrame is the greatest aac_frame_length, which counts the header.
const maxFrame = 1<<13 - 1

// AppendHeader appends the ADTS header of an access unit of size bytes,
// ISO/IEC 14496-3 1.A.2.2.
func AppendHeader(dst []byte, c Config, size int) ([]byte, error) {
	frame := size + HeaderSize
	if size < 0 || frame > maxFrame {
		return dst, fmt.Errorf("AAC access unit of %d bytes does not fit ADTS", size)
	}
	index := rateIndex(c.SampleRate)
	if index < 0 || c.ChannelConfig < 1 || c.ChannelConfig > 7 {
		return dst, fmt.Errorf("AAC at %d Hz in layout %d does not fit ADTS", c.SampleRate, c.ChannelConfig)
	}
	return append(dst,
		0xff, // syncword
		0xf1, // syncword, MPEG-4, layer 0, no CRC
		byte((objectLC-1)<<6|index<<2|c.ChannelConfig>>2),
		byte(c.ChannelConfig&3<<6|frame>>11),
		byte(frame>>3),
		byte(frame&7<<5|0x1f), // buffer fullness 0x7ff: variable rate
		0xfc,                  // … and one raw data block
	), nil
}

// Header is an ADTS header that was read.
type Header struct {
	ObjectType    int // 1 to 4; AAC-LC is 2
	SampleRate    int // Hz
	ChannelConfig int // 0 to 7
	Blocks        int // raw data blocks in the frame, 1 to 4
	Size          int // of the header in bytes, 7 or 9
	FrameSize     int // of header and payload in bytes
}

var (
	errSync     = errors.New("no ADTS syncword")
	errADTS     = errors.New("ADTS frame is cut off")
	errADTSRate = errors.New("ADTS header has a reserved sample rate")
	errADTSSize = errors.New("ADTS frame is shorter than its own header")
)

// ParseHeader reads the ADTS header at the front of b. The frame need not be
// complete.
func ParseHeader(b []byte) (Header, error) {
	if len(b) < HeaderSize {
		return Header{}, errADTS
	}
	if b[0] != 0xff || b[1]&0xf6 != 0xf0 {
		return Header{}, errSync
	}
	h := Header{
		ObjectType:    int(b[2]>>6) + 1,
		ChannelConfig: int(b[2]&1<<2 | b[3]>>6),
		FrameSize:     int(b[3]&3)<<11 | int(b[4])<<3 | int(b[5]>>5),
		Blocks:        int(b[6]&3) + 1,
		Size:          HeaderSize,
	}
	if b[1]&1 == 0 {
		h.Size += 2 // CRC
	}
	index := int(b[2] >> 2 & 15)
	if index >= len(sampleRates) {
		return Header{}, errADTSRate
	}
	h.SampleRate = sampleRates[index]
	if h.FrameSize < h.Size {
		return Header{}, errADTSSize
	}
	return h, nil
}

// Next cuts the first ADTS frame off b: its header, its payload, and what
// follows it.
func Next(b []byte) (h Header, payload, rest []byte, err error) {
	if h, err = ParseHeader(b); err != nil {
		return Header{}, nil, nil, err
	}
	if h.FrameSize > len(b) {
		return Header{}, nil, nil, errADTS
	}
	return h, b[h.Size:h.FrameSize:h.FrameSize], b[h.FrameSize:], nil
}
