package doctor_test

import (
	"bytes"
	"encoding/hex"
	"slices"
	"strings"

	"mediad/packager/check/checktest"
)

const (
	packetSize = checktest.PacketSize
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

// pes lets change the first payload of the n-th PES packet, where there is one.
func (p packets) pes(id, n int, change func(b []byte)) packets {
	if i := p.find(id, n); i >= 0 {
		change(checktest.Payload(p[i]))
	}
	return p
}

// section changes a table and sets its CRC right.
func (p packets) section(i int, change func(s []byte) []byte) packets {
	p[i] = checktest.Section(p[i], change)
	return p
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

// move adds ticks to every PTS and PCR.
func (p packets) move(ticks int64) packets {
	for _, b := range p {
		if b[3]&0x20 != 0 && b[4] > 6 && b[5]&0x10 != 0 {
			t := int64(b[6])<<25 | int64(b[7])<<17 | int64(b[8])<<9 | int64(b[9])<<1 | int64(b[10])>>7
			t += ticks
			copy(b[6:], []byte{byte(t >> 25), byte(t >> 17), byte(t >> 9), byte(t >> 1), byte(t<<7) | b[10]&0x7f})
		}
		if body := checktest.Payload(b); b[1]&0x40 != 0 && pid(b) >= video && pid(b) <= timed && body[7]&0x80 != 0 {
			checktest.SetTime(body[9:], getTime(body[9:])+ticks)
		}
	}
	return p
}
