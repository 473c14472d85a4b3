package m3u8

import (
	"strconv"
	"strings"
)

// ParseMultivariant reads the variants of a multivariant playlist. It ignores all
// tags but EXT-X-STREAM-INF. Every error is a *SyntaxError.
func ParseMultivariant(text []byte) (*Multivariant, error) {
	m := new(Multivariant)
	var next *Variant
	err := eachLine(string(text), func(n, offset int, line string) error {
		return placed(func() (err error) {
			switch inf, isInf := strings.CutPrefix(line, "#EXT-X-STREAM-INF:"); {
			case n == 1 && line != "#EXTM3U":
				return breach("4.4.1.1", "the text does not begin with #EXTM3U")
			case strings.HasPrefix(line, "#EXTINF:") || strings.HasPrefix(line, "#EXT-X-TARGETDURATION"):
				return breach("4.1", "this is a media playlist")
			case isInf && next != nil:
				return breach("4.4.6.2", "EXT-X-STREAM-INF has no URI")
			case isInf:
				next, err = readVariant(inf)
				return err
			case line == "" || line[0] == '#':
				return nil
			case next == nil || legalURI(line) != nil:
				return breach("4.4.6.2", "URI %q has no EXT-X-STREAM-INF, or is none", clip(line))
			}
			next.URI = line
			m.Variants, next = append(m.Variants, *next), nil
			return nil
		}(), n, offset)
	})
	if err == nil && (next != nil || len(m.Variants) == 0) {
		err = breach("4.4.6.2", "there is no variant, or the last one has no URI")
	}
	if err != nil {
		return nil, err
	}
	return m, nil
}

func readVariant(list string) (*Variant, error) {
	a := readAttributes(list)
	v := new(Variant)
	if v.Bandwidth = a.number("BANDWIDTH"); v.Bandwidth == 0 {
		a.fail(breach("4.4.6.2", "BANDWIDTH is missing or zero"))
	}
	v.AverageBandwidth = a.number("AVERAGE-BANDWIDTH")
	if a.has("CODECS") {
		v.Codecs = a.quoted("CODECS")
	}
	if e, ok := a.byName["RESOLUTION"]; ok {
		w, h, _ := strings.Cut(e.Value, "x")
		width, err := strconv.ParseUint(w, 10, 16)
		height, err2 := strconv.ParseUint(h, 10, 16)
		if err != nil || err2 != nil {
			a.fail(breach("4.2", "RESOLUTION=%s", clip(e.Value)))
		}
		v.Width, v.Height = int(width), int(height)
	}
	v.FrameRate = a.seconds("FRAME-RATE").Seconds()
	return v, a.err
}

// number reads an optional integer of at most 32 bits.
func (a *attributes) number(name string) int {
	e, ok := a.byName[name]
	if !ok {
		return 0
	}
	n, err := integer(e.Value)
	if err == nil && n > 1<<32-1 {
		err = breach("4.2", "%s=%d is too large", name, n)
	}
	if err != nil {
		a.fail(err)
		return 0
	}
	return int(n)
}
