package check

// pes is one PES packet, ISO/IEC 13818-1 2.4.3.6, put together from the
// transport packets of one part.
type pes struct {
	offset       int // of its first packet
	end          int // of the byte behind its last packet
	pid          uint16
	kind         uint8 // stream type of the PMT
	packets      int
	cc, lastCC   uint8
	randomAccess bool
	hasPCR       bool
	pcr          int64 // in the first packet
	clock        int64 // the last PCR up to the first packet, which is included
	hasClock     bool

	raw     []byte
	payload []byte
	stream  uint8
	length  int // PES_packet_length
	aligned bool
	flags   uint8 // the second byte of flags
	hasPTS  bool
	pts     int64
	dts     int64 // the PTS where there is none
}

// layout is a part that has been read.
type layout struct {
	packets []packet
	pmtPID  uint16
	program *program
	units   []*pes // in the order in which they begin
}

// readLayout reads one part. It reports violations of the rules of the transport
// layer that need no memory of earlier parts.
func readLayout(data []byte, r report) *layout {
	l := &layout{packets: readPackets(data, r)}
	open := map[uint16]*pes{}
	unknown := map[uint16]bool{}
	var clock int64
	var hasClock bool
	for _, p := range l.packets {
		if p.hasPCR && l.program != nil && p.pid == l.program.pcr {
			clock, hasClock = p.pcr, true
		}
		switch kind := l.program.kind(p.pid); {
		case p.pid == pidNull, foreign(p.pid):
		case p.pid == 0:
			if _, pid, ok := readPAT(p, r); ok {
				l.pmtPID = pid
			}
		case l.pmtPID != 0 && p.pid == l.pmtPID:
			if m := readPMT(p, r); m != nil {
				l.program = m
			}
		case kind == 0:
			if !unknown[p.pid] { // report it once
				r(RuleUndeclared, p.offset, "PID %#04x is not declared in front of it", p.pid)
			}
			unknown[p.pid] = true
		case !p.hasPayload:
		case p.start:
			u := &pes{
				offset: p.offset, end: p.offset + packetSize, pid: p.pid, kind: kind, packets: 1, cc: p.cc, lastCC: p.cc,
				randomAccess: p.randomAccess, hasPCR: p.hasPCR, pcr: p.pcr, clock: clock, hasClock: hasClock,
				raw: append([]byte(nil), p.payload...),
			}
			open[p.pid] = u
			l.units = append(l.units, u)
		case open[p.pid] == nil:
			r(RuleWholePES, p.offset, "PID %#04x goes on with a PES packet that began in another part", p.pid)
		default:
			u := open[p.pid]
			u.raw = append(u.raw, p.payload...)
			u.packets++
			u.lastCC, u.end = p.cc, p.offset+packetSize
		}
	}
	whole := l.units[:0]
	for _, u := range l.units {
		if u.read(r) {
			whole = append(whole, u)
		}
	}
	l.units = whole
	return l
}

// read reads the header of a PES packet.
func (u *pes) read(r report) bool {
	const rule = RulePESHeader
	b := u.raw
	if len(b) < 9 || b[0] != 0 || b[1] != 0 || b[2] != 1 {
		r(rule, u.offset, "PID %#04x: no PES header", u.pid)
		return false
	}
	u.stream, u.length = b[3], int(b[4])<<8|int(b[5])
	if b[6]&0xC0 != 0x80 {
		r(rule, u.offset, "PID %#04x: flags %#02x do not begin with 10", u.pid, b[6])
		return false
	}
	u.aligned, u.flags = b[6]&4 != 0, b[7]
	n := 9 + int(b[8])
	if n > len(b) {
		r(rule, u.offset, "PID %#04x: header of %d bytes in %d", u.pid, n, len(b))
		return false
	}
	header := b[9:n]
	u.payload = b[n:]
	ok := true
	switch u.flags >> 6 {
	case 2:
		u.pts, ok = readTime(header, 2)
		u.dts, u.hasPTS = u.pts, ok
	case 3:
		if ok = len(header) >= 10; ok {
			var a, b bool
			u.pts, a = readTime(header, 3)
			u.dts, b = readTime(header[5:], 1)
			ok = a && b
		}
		u.hasPTS = ok
	case 1:
		ok = false
	}
	if !ok {
		r(rule, u.offset, "PID %#04x: timestamps are malformed", u.pid)
	}
	u.checkLength(r)
	return true
}

// checkLength compares PES_packet_length with the bytes that came. Only video may
// leave the length open; the PES packet then ends where the next one starts.
func (u *pes) checkLength(r report) {
	rest := len(u.raw) - 6
	switch {
	case u.length == 0 && u.kind != typeH264:
		r(RuleWholePES, u.offset, "PID %#04x: PES_packet_length 0 is for video only", u.pid)
	case u.length > rest:
		r(RuleWholePES, u.offset, "PID %#04x: PES packet of %d bytes ends after %d", u.pid, u.length, rest)
	case u.length != 0 && u.length < rest:
		r(RuleWholePES, u.offset, "PID %#04x: %d bytes behind the end of the PES packet", u.pid, rest-u.length)
	}
}

// readTime reads 33 bits with their marker bits.
func readTime(b []byte, prefix byte) (int64, bool) {
	if len(b) < 5 || b[0]>>4 != prefix || b[0]&b[2]&b[4]&1 == 0 {
		return 0, false
	}
	return int64(b[0]>>1&7)<<30 | int64(b[1])<<22 | int64(b[2]>>1)<<15 | int64(b[3])<<7 | int64(b[4]>>1), true
}

// since gives the signed distance from b to a over the wrap of 33 bits.
func since(a, b int64) int64 {
	return (a-b+1<<32)&clockMask - 1<<32
}
