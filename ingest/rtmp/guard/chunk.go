package guard

import (
	"encoding/binary"
	"fmt"
)

// maxHeader is the longest chunk header: 3 bytes basic, 11 message, 4
// extended timestamp (RTMP1 5.3.1).
const maxHeader = 18

// header is a chunk's header as it stands on the wire.
type header struct {
	format uint8
	csid   uint32
	field  uint32 // timestamp (format 0) or delta (1 and 2), extended if need be
	ext    bool   // the extended timestamp field was there
	length uint32
	typ    uint8
	stream uint32
}

// parse reads a header from the front of b and tells its size, 0 if b is too
// short. The header of a type-3 chunk does not show whether an extended
// timestamp follows: see chunkState.repeat.
func (h *header) parse(b []byte) int {
	if len(b) == 0 {
		return 0
	}
	h.format = b[0] >> 6
	h.csid = uint32(b[0] & 0x3f)
	n := 1
	switch h.csid { // RTMP1 5.3.1.1
	case 0:
		if len(b) < 2 {
			return 0
		}
		h.csid, n = uint32(b[1])+64, 2
	case 1:
		if len(b) < 3 {
			return 0
		}
		h.csid, n = uint32(b[2])<<8+uint32(b[1])+64, 3
	}
	h.ext = false
	var size int
	switch h.format { // RTMP1 5.3.1.2
	case 0:
		size = 11
	case 1:
		size = 7
	case 2:
		size = 3
	default:
		return n
	}
	if len(b) < n+size {
		return 0
	}
	m := b[n:]
	n += size
	h.field = be24(m)
	if h.format <= 1 {
		h.length, h.typ = be24(m[3:]), m[6]
	}
	if h.format == 0 {
		h.stream = binary.LittleEndian.Uint32(m[7:])
	}
	if h.field == 0xffffff { // RTMP1 5.3.1.3
		if len(b) < n+4 {
			return 0
		}
		h.field, h.ext = binary.BigEndian.Uint32(b[n:]), true
		n += 4
	}
	return n
}

func be24(b []byte) uint32 {
	return uint32(b[0])<<16 | uint32(b[1])<<8 | uint32(b[2])
}

// maxImpliedDelta is the greatest timestamp of a type-0 chunk, in ms, that a
// type-3 message behind it takes as its delta.
const maxImpliedDelta = 1000

// chunkState is what the headers of one chunk stream have said so far.
type chunkState struct {
	known  bool   // a type-0 or type-1 header has been there
	ext    bool   // the last header had an extended timestamp
	field  uint32 // its timestamp or delta as written
	delta  uint32 // what a type-3 chunk adds when it begins a message
	ts     uint32 // of the current message, absolute
	length uint32
	left   uint32 // bytes of the current message yet to come; 0 between messages
	typ    uint8
	stream uint32
}

// apply takes the header of the next chunk. It reports whether the chunk
// begins a message.
func (s *chunkState) apply(h *header) (begins bool, err error) {
	if h.format == 3 && s.left > 0 {
		return false, nil
	}
	switch h.format {
	case 0:
		s.ts = h.field
		s.length, s.typ, s.stream = h.length, h.typ, h.stream
		s.delta = h.field // RTMP1 5.3.1.2.4
		if s.delta > maxImpliedDelta {
			s.delta = 0
		}
	case 1:
		// librtmp begins chunk streams this way (its acknowledgements).
		s.length, s.typ = h.length, h.typ
		s.delta = h.field
		s.ts += h.field
	case 2, 3:
		if !s.known {
			return false, fmt.Errorf("%w: type %d first on chunk stream %d", ErrChunkHeader, h.format, h.csid)
		}
		if h.format == 2 {
			s.delta = h.field
		}
		s.ts += s.delta
	}
	if h.format != 3 {
		s.ext, s.field = h.ext, h.field
	}
	s.known = true
	s.left = s.length
	return true, nil
}

// repeat tells how many of b's bytes, which follow a type-3 header, repeat
// the extended timestamp of the chunk stream: 4, or 0 if that field is
// missing; -1 if b is too short to tell. RTMP1 5.3.1.3 wants the repetition,
// some encoders omit it, and only the value shows whether it is there.
func (s *chunkState) repeat(b []byte) int {
	var want [4]byte
	binary.BigEndian.PutUint32(want[:], s.field)
	for i, v := range want {
		if i == len(b) {
			return -1
		}
		if b[i] != v {
			return 0
		}
	}
	return 4
}

// appendHeader appends a type-0 chunk header. csid must be 2 to 63.
func appendHeader(dst []byte, csid uint8, ts, length uint32, typ uint8, stream uint32) []byte {
	field := min(ts, 0xffffff)
	dst = append(dst, csid,
		byte(field>>16), byte(field>>8), byte(field),
		byte(length>>16), byte(length>>8), byte(length),
		typ)
	dst = binary.LittleEndian.AppendUint32(dst, stream)
	if field == 0xffffff {
		dst = binary.BigEndian.AppendUint32(dst, ts)
	}
	return dst
}
