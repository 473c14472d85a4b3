package mpegts

import "bytes"

// pes is one PES packet of audio or video. In a profile of the whole server with a
// hundred streams, the library's writing, bit by bit, cost more than all other work
// of packaging. So these packets are written here. The tests compare the bytes with
// the library's.
type pes struct {
	pid      uint16
	stream   uint8
	pts, dts int64 // the DTS is written where it differs from the PTS
	pcr      int64 // of the first transport packet, if timed is set
	timed    bool
	random   bool // random_access_indicator; only where timed
}

// The longest headers: 2.4.3.7 with PTS and DTS, 2.4.3.5 with a PCR.
const (
	maxPESHeader = 19
	pcrField     = 8
	payloadSize  = packetSize - 4
)

// append appends the PES packet with its payload, which lies in pieces, as
// transport packets (2.4.3.3). cc is the continuity counter of the PID's last
// packet.
func (p *pes) append(out *bytes.Buffer, cc *uint8, pieces [][]byte) {
	size := 0
	for _, piece := range pieces {
		size += len(piece)
	}
	var space [maxPESHeader]byte
	head := p.header(space[:0], size)
	adaptation := 0
	if p.timed {
		adaptation = pcrField
	}
	left := adaptation + len(head) + size
	out.Grow((left + payloadSize - 1) / payloadSize * packetSize)
	b := out.AvailableBuffer()

	// The first packet has the headers, and stuffing if it is the only one.
	left -= adaptation
	b = p.packet(b, cc, 0x40, adaptation, left)
	b = append(b, head...)
	room := packetSize - len(b)
	left -= len(head)
	for _, piece := range pieces {
		for len(piece) > 0 {
			if room == 0 {
				if left >= payloadSize && len(piece) >= payloadSize {
					*cc = (*cc + 1) & 0xf
					b = append(b, 0x47, byte(p.pid>>8), byte(p.pid), 0x10|*cc)
					b = append(b, piece[:payloadSize]...)
					piece, left = piece[payloadSize:], left-payloadSize
					continue
				}
				b = p.packet(b, cc, 0, 0, left)
				room = min(left, payloadSize)
			}
			n := min(room, len(piece))
			b = append(b, piece[:n]...)
			piece, room, left = piece[n:], room-n, left-n
		}
	}
	_, _ = out.Write(b) // never fails, and copies nothing: b is the buffer's own memory
}

// packet appends a transport packet's header (2.4.3.2) and adaptation field: the PCR
// where there is one, and stuffing where the left bytes do not fill the packet.
func (p *pes) packet(b []byte, cc *uint8, start byte, adaptation, left int) []byte {
	*cc = (*cc + 1) & 0xf
	stuffing := max(payloadSize-adaptation-left, 0)
	control := byte(0x10)
	if adaptation+stuffing > 0 {
		control = 0x30
	}
	b = append(b, 0x47, start|byte(p.pid>>8), byte(p.pid), control|*cc)
	switch {
	case adaptation > 0:
		flags := byte(0x10)
		if p.random {
			flags |= 0x40
		}
		b = append(b, byte(adaptation-1+stuffing), flags,
			byte(p.pcr>>25), byte(p.pcr>>17), byte(p.pcr>>9), byte(p.pcr>>1), byte(p.pcr<<7)|0x7E, 0)
	case stuffing == 1:
		return append(b, 0)
	case stuffing > 1:
		b = append(b, byte(stuffing-1), 0)
		stuffing -= 2
	}
	for range stuffing {
		b = append(b, 0xFF)
	}
	return b
}

// header appends the PES header, 2.4.3.6. data_alignment_indicator is always
// set: every packet here begins with an access unit or an ADTS syncword. The
// length is 0, which leaves it open, for video and where 16 bits do not hold it.
func (p *pes) header(b []byte, size int) []byte {
	flags, fields := byte(0x80), 5
	if p.dts != p.pts {
		flags, fields = 0xC0, 10
	}
	length := 3 + fields + size
	if p.stream == streamVideo || length > 0xFFFF {
		length = 0
	}
	b = append(b, 0, 0, 1, p.stream, byte(length>>8), byte(length), 0x84, flags, byte(fields))
	b = appendStamp(b, flags>>2, p.pts)
	if p.dts != p.pts {
		b = appendStamp(b, 0x10, p.dts)
	}
	return b
}

// appendStamp appends a PTS or DTS: 33 bits in three runs, each with a marker.
func appendStamp(b []byte, prefix byte, t int64) []byte {
	return append(b, prefix|byte(t>>29)&0x0E|1, byte(t>>22), byte(t>>14)|1, byte(t>>7), byte(t<<1)|1)
}
