package check

import "slices"

// Stream types, ISO/IEC 13818-1 table 2-34.
const (
	typeH264 = 0x1B
	typeADTS = 0x0F
	typeID3  = 0x15

	typeHEVC    = 0x24
	typePrivate = 0x06 // AV1 has it, and private streams of DVB
)

// program is what PAT and PMT say.
type program struct {
	offset  int    // of the PMT's packet
	section []byte // the PMT's
	number  uint16
	version uint8
	pcr     uint16
	info    []byte // program descriptors
	streams []stream
}

type stream struct {
	pid  uint16
	kind uint8
	info []byte // descriptors
}

// pid gives the PID of the first stream of that type.
func (p *program) pid(kind uint8) (uint16, bool) {
	if p == nil {
		return 0, false
	}
	i := slices.IndexFunc(p.streams, func(s stream) bool { return s.kind == kind })
	if i < 0 {
		return 0, false
	}
	return p.streams[i].pid, true
}

// kind gives the stream type of a PID, 0 if it is not declared.
func (p *program) kind(pid uint16) uint8 {
	if p == nil {
		return 0
	}
	i := slices.IndexFunc(p.streams, func(s stream) bool { return s.pid == pid })
	if i < 0 {
		return 0
	}
	return p.streams[i].kind
}

// readSection reads the one section of a table. It must lie in one packet, because
// hls.js reads no further.
func readSection(p packet, table uint8, r report) ([]byte, bool) {
	const rule = RuleSection
	if !p.start || len(p.payload) == 0 {
		r(RuleOnePacketTables, p.offset, "the table began in an earlier packet")
		return nil, false
	}
	skip := 1 + int(p.payload[0]) // pointer_field
	if skip+3 > len(p.payload) {
		r(rule, p.offset, "pointer_field %d", p.payload[0])
		return nil, false
	}
	s := p.payload[skip:]
	if s[0] != table || s[1]&0xC0 != 0x80 {
		r(rule, p.offset, "table_id %#02x, syntax %#02x", s[0], s[1]>>6)
		return nil, false
	}
	n := 3 + int(s[1]&0x0F)<<8 + int(s[2])
	if n > len(s) {
		r(RuleOnePacketTables, p.offset, "section of %d bytes does not fit one packet", n)
		return nil, false
	}
	if n < 12 {
		r(rule, p.offset, "section of %d bytes", n)
		return nil, false
	}
	s = s[:n:n]
	if crc := crc32(s); crc != 0 {
		r(rule, p.offset, "CRC of table %d is wrong", table)
		return nil, false
	}
	if s[5]&1 == 0 || s[6] != 0 || s[7] != 0 {
		r(rule, p.offset, "table is not current, or has several sections")
		return nil, false
	}
	return s, true
}

// readPAT gives the program's number and the PID of its PMT.
func readPAT(p packet, r report) (number, pid uint16, ok bool) {
	s, ok := readSection(p, 0x00, r)
	if !ok {
		return 0, 0, false
	}
	entries := s[8 : len(s)-4]
	if len(entries) != 4 {
		// hls.js and older VHS take the first entry for the program.
		r(RulePAT, p.offset, "PAT has %d bytes of entries instead of one program's 4", len(entries))
	}
	if len(entries) < 4 {
		return 0, 0, false
	}
	number = uint16(entries[0])<<8 | uint16(entries[1])
	if number == 0 {
		r(RulePAT, p.offset, "PAT begins with a network PID")
		return 0, 0, false
	}
	return number, uint16(entries[2]&0x1f)<<8 | uint16(entries[3]), true
}

// readPMT reads 2.4.4.8.
func readPMT(p packet, r report) *program {
	const rule = RulePMT
	s, ok := readSection(p, 0x02, r)
	if !ok {
		return nil
	}
	body := s[:len(s)-4]
	if len(body) < 12 {
		r(rule, p.offset, "PMT of %d bytes", len(s))
		return nil
	}
	m := &program{
		offset:  p.offset,
		section: s,
		number:  uint16(s[3])<<8 | uint16(s[4]),
		version: s[5] >> 1 & 0x1f,
		pcr:     uint16(s[8]&0x1f)<<8 | uint16(s[9]),
	}
	n := int(s[10]&0x0f)<<8 | int(s[11])
	rest := body[12:]
	if n > len(rest) {
		r(rule, p.offset, "program_info_length %d", n)
		return nil
	}
	m.info, rest = rest[:n], rest[n:]
	for len(rest) > 0 {
		if len(rest) < 5 {
			r(rule, p.offset, "%d bytes are no stream", len(rest))
			return nil
		}
		n := int(rest[3]&0x0f)<<8 | int(rest[4])
		if n > len(rest)-5 {
			r(rule, p.offset, "ES_info_length %d", n)
			return nil
		}
		m.streams = append(m.streams, stream{
			pid: uint16(rest[1]&0x1f)<<8 | uint16(rest[2]), kind: rest[0], info: rest[5 : 5+n],
		})
		rest = rest[5+n:]
	}
	return m
}

// crc32 is the CRC of ISO/IEC 13818-1 annex A. Over a section with its own CRC it is
// zero.
func crc32(b []byte) uint32 {
	crc := uint32(0xFFFFFFFF)
	for _, c := range b {
		for bit := 7; bit >= 0; bit-- {
			feed := crc>>31 ^ uint32(c>>bit&1)
			crc <<= 1
			if feed == 1 {
				crc ^= 0x04C11DB7
			}
		}
	}
	return crc
}
