package ingesttest

import (
	"encoding/binary"
	"time"
)

// The UUIDs of what OBS tells a server of itself, and the events of its times.
const (
	TimesID     = "\x0a\xec\xff\xe7\x52\x72\x4e\x2f\xa6\x2f\xd1\x9c\xd6\x1a\x93\xb5"
	SessionID   = "\xca\x60\xe7\x1c\x6a\x8b\x43\x88\xa3\x77\x15\x1d\xf7\xbf\x8a\xc2"
	RenditionID = "\xf1\xfb\xc1\xd5\x10\x1e\x4f\xb5\xa6\x1e\xb8\xce\x3c\x07\xb8\xc0"

	Composed, Asked, Encoded, Sent = "\x01", "\x02", "\x03", "\x04"
)

// Performance gives the units that OBS adds to a key frame in multitrack mode: when the picture was composed,
// the counts of the session (rendered, lagged, dropped, output), and those of the rendition (input, skipped, output).
func Performance(composed time.Time, session, rendition [4]uint32) [][]byte {
	date := func(after time.Duration) string { return composed.Add(after).UTC().Format("2006-01-02T15:04:05.000Z") }
	sent := date(30 * time.Millisecond)
	return [][]byte{
		SEI(Times(TimesID, Composed, date(0), Asked, date(4*time.Millisecond), Encoded, date(6*time.Millisecond), Sent, sent)),
		SEI(Counts(Times(SessionID, Sent, sent), session[:]...)),
		SEI(Counts(Times(RenditionID, Sent, sent), rendition[:3]...)),
	}
}

// SEI makes a unit of messages of user data, with the bytes that prevent start codes.
func SEI(messages ...[]byte) []byte {
	raw := []byte{0x06}
	for _, m := range messages {
		raw = append(raw, 5)
		size := len(m)
		for ; size >= 255; size -= 255 {
			raw = append(raw, 255)
		}
		raw = append(append(raw, byte(size)), m...)
	}
	raw = append(raw, 0x80)
	var out []byte
	zeros := 0
	for _, c := range raw {
		if zeros >= 2 && c <= 3 {
			out, zeros = append(out, 3), 0
		}
		if out, zeros = append(out, c), zeros+1; c != 0 {
			zeros = 0
		}
	}
	return out
}

// Times begins a message: its UUID, and pairs of an event and its date.
func Times(id string, events ...string) []byte {
	b := append([]byte(id), byte(len(events)/2-1))
	for i := 0; i < len(events); i += 2 {
		b = append(append(append(b, 1), events[i]...), events[i+1]+"\x00"...)
	}
	return b
}

// Counts ends a message with numbered counts.
func Counts(b []byte, values ...uint32) []byte {
	b = append(b, byte(len(values)-1))
	for i, v := range values {
		b = binary.BigEndian.AppendUint32(append(b, byte(i+1)), v)
	}
	return b
}
