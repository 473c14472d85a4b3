package layout

import (
	"strconv"
	"strings"
)

// Media is the number of a segment or a part of a rendition.
//
// Numbers never go back under one epoch. A segment has its media sequence number,
// a part a running number. A part is not named by its place in a segment, because
// a key frame that comes early begins a new segment, and the hint that was given
// for the part would be wrong.
type Media struct {
	Number uint64
	// Gen counts the nodes that have written the broadcast, so that no two of them
	// give one name to different bytes. It is 0, and left out of the name, for the
	// first node, then 2, 3 and so on.
	Gen uint32
}

// How media files are spelled: N.ts, pN.ts, and from the second generation on
// N.GEN.ts.
const (
	mediaSuffix = ".ts"
	partPrefix  = "p"
)

// SegmentFile is a segment's name in its own playlist.
func SegmentFile(msn uint64) string { return Media{Number: msn}.segment() }

// PartFile is a part's name in its own playlist.
func PartFile(number uint64) string { return Media{Number: number}.part() }

func (m Media) segment() string { return m.spell("") }
func (m Media) part() string    { return m.spell(partPrefix) }

func (m Media) spell(prefix string) string {
	b := make([]byte, 0, 32)
	b = strconv.AppendUint(append(b, prefix...), m.Number, 10)
	if m.Gen > 1 {
		b = strconv.AppendUint(append(b, '.'), uint64(m.Gen), 10)
	}
	return string(append(b, mediaSuffix...))
}

// SegmentNumber reads the number from a segment's name in its own playlist.
func SegmentNumber(file string) (msn uint64, ok bool) {
	m, kind, ok := readMedia(file)
	return m.Number, ok && kind == Segment && m.Gen == 0
}

// readMedia reads the name of a segment or a part.
func readMedia(file string) (m Media, kind Kind, ok bool) {
	digits, ok := strings.CutSuffix(file, mediaSuffix)
	if !ok {
		return Media{}, None, false
	}
	kind = Segment
	if rest, part := strings.CutPrefix(digits, partPrefix); part {
		kind, digits = Part, rest
	}
	digits, gen, later := strings.Cut(digits, ".")
	if later {
		n, ok := number(gen, 32)
		if !ok || n < 2 {
			return Media{}, None, false
		}
		m.Gen = uint32(n)
	}
	if m.Number, ok = number(digits, 63); !ok {
		return Media{}, None, false
	}
	return m, kind, true
}

// number reads a canonical decimal number of at most so many bits.
func number(digits string, bits int) (uint64, bool) {
	if digits == "" || digits[0] == '+' || digits[0] == '0' && digits != "0" {
		return 0, false
	}
	n, err := strconv.ParseUint(digits, 10, bits)
	return n, err == nil
}
