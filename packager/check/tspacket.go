package check

import "slices"

const (
	packetSize = 188
	pidNull    = 0x1FFF
	// clockMask cuts a difference of timestamps to their 33 bits.
	clockMask = 1<<33 - 1
)

// report takes one violation at an offset into the data.
type report func(rule RuleID, offset int, format string, args ...any)

// packet is one transport packet, ISO/IEC 13818-1 2.4.3.2.
type packet struct {
	offset       int
	pid          uint16
	start        bool // payload_unit_start_indicator
	cc           uint8
	randomAccess bool
	hasPCR       bool
	pcr          int64 // in 27-MHz ticks
	hasPayload   bool
	payload      []byte
}

// readPackets splits data into packets. Those that cannot be read are reported and
// left out.
func readPackets(data []byte, r report) []packet {
	if len(data) == 0 {
		r(RuleWholePackets, 0, "no packets")
	}
	packets := make([]packet, 0, len(data)/packetSize)
	for offset := 0; offset < len(data); offset += packetSize {
		rest := data[offset:]
		if len(rest) < packetSize {
			r(RuleWholePackets, offset, "%d bytes at the end are no whole packet", len(rest))
			break
		}
		if p, ok := readPacket(rest[:packetSize:packetSize], offset, r); ok {
			packets = append(packets, p)
		}
	}
	return packets
}

func readPacket(b []byte, offset int, r report) (packet, bool) {
	const rule = RulePacket
	if b[0] != 0x47 {
		r(rule, offset, "sync byte %#02x instead of 0x47", b[0])
		return packet{}, false
	}
	p := packet{
		offset:     offset,
		start:      b[1]&0x40 != 0,
		pid:        uint16(b[1]&0x1f)<<8 | uint16(b[2]),
		cc:         b[3] & 0xf,
		hasPayload: b[3]&0x10 != 0,
	}
	if b[1]&0x80 != 0 {
		r(rule, offset, "transport_error_indicator is set")
	}
	if b[3]&0xC0 != 0 {
		r(rule, offset, "scrambled")
	}
	adaptation := b[3]&0x20 != 0
	body := b[4:]
	if adaptation {
		// 2.4.3.5: 0 to 182 with payload, 183 without.
		n := int(body[0])
		if p.hasPayload && n > 182 || !p.hasPayload && n != 183 {
			r(RuleAdaptation, offset, "adaptation_field_length %d (payload: %t)", n, p.hasPayload)
			return packet{}, false
		}
		p.readAdaptation(body[1:1+n], r)
		body = body[1+n:]
	}
	if !adaptation && !p.hasPayload {
		r(rule, offset, "adaptation_field_control 00")
		return packet{}, false
	}
	if p.hasPayload {
		p.payload = body
	}
	return p, true
}

// readAdaptation reads 2.4.3.4.
func (p *packet) readAdaptation(f []byte, r report) {
	const rule = RuleAdaptation
	if len(f) == 0 {
		return
	}
	flags := f[0]
	p.randomAccess = flags&0x40 != 0
	stuffing := f[1:]
	if flags&0x10 != 0 {
		if len(f) < 7 {
			r(rule, p.offset, "PCR does not fit the adaptation field")
			return
		}
		base := int64(f[1])<<25 | int64(f[2])<<17 | int64(f[3])<<9 | int64(f[4])<<1 | int64(f[5])>>7
		p.hasPCR, p.pcr = true, base*300+int64(f[5]&1)<<8+int64(f[6])
		stuffing = f[7:]
	}
	// Where there are further fields (OPCR, splicing, private data), the rest
	// belongs to them.
	notStuffed := func(b byte) bool { return b != 0xFF }
	if flags&0x0F == 0 && slices.ContainsFunc(stuffing, notStuffed) {
		r(rule, p.offset, "stuffing other than 0xFF")
	}
}
