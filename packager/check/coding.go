package check

import (
	"fmt"
	"maps"
	"slices"
)

// Coding is what the elementary streams of a part say of themselves.
type Coding struct {
	Video         string // RFC 6381, as "avc1.64001f"; empty: no parameter set was seen
	Width, Height int    // in pixels, after cropping; 0: not known
	Audio         string // RFC 6381, as "mp4a.40.2"; empty: no ADTS header was seen
	Pictures      bool   // a stream of pictures is declared
	ID3           bool   // a stream of timed ID3 is declared
}

// Code reads the coding of a part. Fields that cannot be read stay empty.
func Code(data []byte) (c Coding) {
	l := readLayout(data, ignore)
	_, c.Pictures = l.program.pid(typeH264)
	_, c.ID3 = l.program.pid(typeID3)
	for _, u := range l.units {
		switch {
		case u.kind == typeH264 && c.Video == "":
			nals, _ := splitNALs(u.payload)
			for _, n := range nals {
				if len(n) > 4 && n[0]&0x1f == nalSPS {
					c.Video = fmt.Sprintf("avc1.%02x%02x%02x", n[1], n[2], n[3])
					c.Width, c.Height, _ = pictureSize(n)
				}
			}
		case u.kind == typeADTS && c.Audio == "":
			if _, _, fixed, err := adtsFrames(u.payload); err == nil {
				c.Audio = fmt.Sprintf("mp4a.40.%d", fixed[1]>>6+1)
			}
		}
	}
	return c
}

// SameMedia tells whether two pieces of MPEG-TS hold the same PES packets, byte
// for byte. Tables and stuffing between them may differ.
func SameMedia(a, b []byte) bool {
	x, y := units(a), units(b)
	return slices.Equal(slices.Sorted(maps.Keys(x)), slices.Sorted(maps.Keys(y))) &&
		maps.EqualFunc(x, y, slices.Equal)
}

func units(data []byte) map[uint16][]string {
	out := map[uint16][]string{}
	for _, u := range readLayout(data, ignore).units {
		out[u.pid] = append(out[u.pid], string(u.raw))
	}
	return out
}
