package doctor_test

import (
	"bytes"
	"encoding/hex"
	"slices"
	"strings"
)

const (
	packetSize = 188
	video      = 0x100
	audio      = 0x101
	timed      = 0x102
)

// packets is a part into which tests put violations.
type packets [][]byte

func split(data []byte) packets { return slices.Collect(slices.Chunk(bytes.Clone(data), packetSize)) }

func (p packets) join() []byte { return bytes.Join(p, nil) }

func pid(b []byte) int { return int(b[1]&0x1f)<<8 | int(b[2]) }

// find gives the place of the n-th packet of a PID that begins a unit, or -1.
func (p packets) find(id, n int) int {
	for i, b := range p {
		if pid(b) == id && b[1]&0x40 != 0 {
			if n--; n < 0 {
				return i
			}
		}
	}
	return -1
}

// payload gives what follows the packet header and adaptation field.
func payload(b []byte) []byte {
	if b[3]&0x20 == 0 {
		return b[4:]
	}
	return b[5+int(b[4]):]
}

// pes lets change the first payload of the n-th PES packet, where there is one.
func (p packets) pes(id, n int, change func(b []byte)) packets {
	if i := p.find(id, n); i >= 0 {
		change(payload(p[i]))
	}
	return p
}

// section changes a table and sets its CRC right.
func (p packets) section(i int, change func(s []byte) []byte) packets {
	b := payload(p[i])[1:]
	n := 3 + int(b[1]&0xf)<<8 + int(b[2])
	s := change(slices.Clone(b[:n-4]))
	n = len(s) + 4 - 3
	s[1], s[2] = s[1]&0xf0|byte(n>>8), byte(n)
	s = append(s, crc(s)...)
	p[i] = append(append(slices.Clone(p[i][:5]), s...), bytes.Repeat([]byte{0xFF}, packetSize)...)[:packetSize]
	return p
}

func crc(b []byte) []byte {
	c := ^uint32(0)
	for _, x := range b {
		c ^= uint32(x) << 24
		for range 8 {
			c = c<<1 ^ 0x04C11DB7*(c>>31)
		}
	}
	return []byte{byte(c >> 24), byte(c >> 16), byte(c >> 8), byte(c)}
}

// replace changes bytes wherever they stand in a part, length kept.
func (p packets) replace(from, to string) packets {
	f, _ := hex.DecodeString(strings.ReplaceAll(from, " ", ""))
	t, _ := hex.DecodeString(strings.ReplaceAll(to, " ", ""))
	return split(bytes.ReplaceAll(p.join(), f, t))
}

func getTime(b []byte) int64 {
	return int64(b[0]>>1&7)<<30 | int64(b[1])<<22 | int64(b[2]>>1)<<15 | int64(b[3])<<7 | int64(b[4]>>1)
}

// setTime writes 33 bits over a PTS or DTS, prefix and markers kept.
func setTime(b []byte, t int64) {
	b[0] = b[0]&0xf1 | byte(t>>29)&0x0e
	b[1], b[2] = byte(t>>22), byte(t>>14)|1
	b[3], b[4] = byte(t>>7), byte(t<<1)|1
}

// move adds ticks to every PTS and PCR.
func (p packets) move(ticks int64) packets {
	for _, b := range p {
		if b[3]&0x20 != 0 && b[4] > 6 && b[5]&0x10 != 0 {
			t := int64(b[6])<<25 | int64(b[7])<<17 | int64(b[8])<<9 | int64(b[9])<<1 | int64(b[10])>>7
			t += ticks
			copy(b[6:], []byte{byte(t >> 25), byte(t >> 17), byte(t >> 9), byte(t >> 1), byte(t<<7) | b[10]&0x7f})
		}
		if body := payload(b); b[1]&0x40 != 0 && pid(b) >= video && pid(b) <= timed && body[7]&0x80 != 0 {
			setTime(body[9:], getTime(body[9:])+ticks)
		}
	}
	return p
}
