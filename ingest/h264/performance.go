package h264

import (
	"bytes"
	"encoding/binary"
)

// unregistered is the type of the SEI message "user data unregistered" (Rec. ITU-T H.264
// D.1.7): a UUID, then data.
const unregistered = 5

// The messages that OBS adds to key frames in multitrack mode, one in a unit.
var (
	performanceTimes     = [16]byte{0x0a, 0xec, 0xff, 0xe7, 0x52, 0x72, 0x4e, 0x2f, 0xa6, 0x2f, 0xd1, 0x9c, 0xd6, 0x1a, 0x93, 0xb5}
	performanceSession   = [16]byte{0xca, 0x60, 0xe7, 0x1c, 0x6a, 0x8b, 0x43, 0x88, 0xa3, 0x77, 0x15, 0x1d, 0xf7, 0xbf, 0x8a, 0xc2}
	performanceRendition = [16]byte{0xf1, 0xfb, 0xc1, 0xd5, 0x10, 0x1e, 0x4f, 0xb5, 0xa6, 0x1e, 0xb8, 0xce, 0x3c, 0x07, 0xb8, 0xc0}
)

// Performance is what OBS tells the server of itself in a unit ("broadcast performance
// metrics"). The counts are of the time since the key frame before.
type Performance struct {
	// Composed is when OBS composed the picture, by its computer's clock (RFC 3339).
	Composed string

	// Of the whole program: frames that it should have composed, those of them that came too late; frames
	// that it had to send, over all tracks, and those of them that the network did not take.
	Rendered, Lagged, Output, Dropped uint32
	// Of one track: frames for its encoder, and those of them that the encoder had no time for.
	Input, Skipped uint32
}

// ReadPerformance reads a unit that has nothing but what OBS tells the server. No player needs such a unit.
// What cannot be read of it is left out.
func ReadPerformance(nal []byte) (p Performance, ok bool) {
	if TypeOf(nal) != SEI {
		return p, false
	}
	r := messages(nal)
	for {
		kind, size, more := r.message()
		if !more {
			return p, ok && !r.over
		}
		var id [16]byte
		if kind != unregistered || size < len(id) {
			return p, false
		}
		r.read(id[:])
		var body [128]byte // the longest that OBS writes: four times with their dates
		n := min(size-len(id), len(body))
		r.read(body[:n])
		r.skip(size - len(id) - n)
		if r.over || !p.message(id, body[:n]) {
			return p, false
		}
		ok = true
	}
}

// message takes one message in. It is not one of OBS if the UUID is another.
func (p *Performance) message(id [16]byte, b []byte) bool {
	switch id {
	case performanceTimes:
		p.times(b)
	case performanceSession:
		counters(p.times(b), []*uint32{1: &p.Rendered, 2: &p.Lagged, 3: &p.Dropped, 4: &p.Output})
	case performanceRendition:
		counters(p.times(b), []*uint32{1: &p.Input, 2: &p.Skipped})
	default:
		return false
	}
	return true
}

// The forms of a time, and the event whose time is wanted.
const (
	asDate     = 1 // RFC 3339, and a zero byte; OBS writes no other
	asUnixTime = 2 // milliseconds, 64 bits
	asDelta    = 3 // nanoseconds, 64 bits

	composition = 1
)

// times reads the times that begin each message, and gives what stands behind them.
func (p *Performance) times(b []byte) []byte {
	if len(b) == 0 {
		return nil
	}
	n := int(b[0]&15) + 1
	for b = b[1:]; n > 0 && len(b) > 2; n-- {
		form, event := b[0], b[1]
		b = b[2:]
		switch form {
		case asDate:
			text, rest, _ := bytes.Cut(b, []byte{0})
			if b = rest; event == composition {
				p.Composed = string(text)
			}
		case asUnixTime, asDelta:
			b = b[min(8, len(b)):]
		default:
			return nil
		}
	}
	return b
}

// counters reads counts into the places of their tags. A tag without a place is skipped.
func counters(b []byte, places []*uint32) {
	if len(b) == 0 {
		return
	}
	n := int(b[0]&15) + 1
	for b = b[1:]; n > 0 && len(b) >= 5; n-- {
		if tag := int(b[0]); tag < len(places) && places[tag] != nil {
			*places[tag] = binary.BigEndian.Uint32(b[1:])
		}
		b = b[5:]
	}
}
