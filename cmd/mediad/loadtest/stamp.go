package loadtest

import (
	"bytes"
	"encoding/binary"
	"strconv"
	"time"
)

// A stamp tells when a frame was sent: an SEI message of user data (ISO/IEC
// 14496-10 D.1.7) in front of it, its UUID and then Unix nanoseconds as hex
// digits, which need no emulation prevention.
const (
	stampUUID   = "mediad sent this"
	stampDigits = 16
	stampSize   = 4 + 3 + len(stampUUID) + stampDigits + 1
)

// appendStamp appends the NAL unit of a stamp, after its length in four
// bytes.
func appendStamp(b []byte, t time.Time) []byte {
	b = binary.BigEndian.AppendUint32(b, uint32(stampSize-4))
	b = append(b, 0x06, 0x05, byte(len(stampUUID)+stampDigits))
	b = appendMark(b, t)
	return append(b, 0x80)
}

// appendMark appends the text that sent looks for.
func appendMark(b []byte, t time.Time) []byte {
	b = append(b, stampUUID...)
	digits := strconv.FormatUint(uint64(t.UnixNano()), 16)
	return append(append(b, "0000000000000000"[len(digits):]...), digits...)
}

// Stamped puts the time in front of the frame in the body of an FLV video tag
// with H.264 in it; other bodies are returned as they are.
func Stamped(body []byte, t time.Time) []byte {
	if len(body) < 6 || body[0]&0x0f != 7 || body[1] != 1 {
		return body
	}
	out := make([]byte, 0, len(body)+stampSize)
	out = appendStamp(append(out, body[:5]...), t)
	return append(out, body[5:]...)
}

// sent finds when the last frame of a part was sent. A stamp is so near the
// beginning of its PES packet that it never spans two transport packets.
func sent(part []byte) (time.Time, bool) {
	i := bytes.LastIndex(part, []byte(stampUUID))
	if i < 0 || len(part) < i+len(stampUUID)+stampDigits {
		return time.Time{}, false
	}
	n, err := strconv.ParseUint(string(part[i+len(stampUUID):][:stampDigits]), 16, 64)
	return time.Unix(0, int64(n)), err == nil
}
