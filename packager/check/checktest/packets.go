// Package checktest changes packets of MPEG-TS, so that tests can plant violations.
package checktest

import (
	"bytes"
	"slices"
)

// PacketSize is the length of a transport packet.
const PacketSize = 188

// Payload gives what follows the packet header and adaptation field.
func Payload(b []byte) []byte {
	if b[3]&0x20 == 0 {
		return b[4:]
	}
	return b[5+int(b[4]):]
}

// Section changes the table in a packet and sets its CRC right.
func Section(packet []byte, change func(s []byte) []byte) []byte {
	b := Payload(packet)[1:]
	n := 3 + int(b[1]&0xf)<<8 + int(b[2])
	s := change(slices.Clone(b[:n-4]))
	n = len(s) + 4 - 3
	s[1], s[2] = s[1]&0xf0|byte(n>>8), byte(n)
	s = append(s, CRC(s)...)
	return append(append(slices.Clone(packet[:5]), s...), bytes.Repeat([]byte{0xFF}, PacketSize)...)[:PacketSize]
}

// CRC is that of a table.
func CRC(b []byte) []byte {
	c := ^uint32(0)
	for _, x := range b {
		c ^= uint32(x) << 24
		for range 8 {
			c = c<<1 ^ 0x04C11DB7*(c>>31)
		}
	}
	return []byte{byte(c >> 24), byte(c >> 16), byte(c >> 8), byte(c)}
}

// SetTime writes 33 bits over a PTS or DTS, prefix and markers kept.
func SetTime(b []byte, t int64) {
	b[0] = b[0]&0xf1 | byte(t>>29)&0x0e
	b[1], b[2] = byte(t>>22), byte(t>>14)|1
	b[3], b[4] = byte(t>>7), byte(t<<1)|1
}

// SetPCR writes the base of a packet's PCR.
func SetPCR(b []byte, t int64) {
	copy(b[6:], []byte{byte(t >> 25), byte(t >> 17), byte(t >> 9), byte(t >> 1), byte(t<<7) | b[10]&0x7f})
}
