package check

// Extent is where a segment lies in time, in 90-kHz ticks.
type Extent struct {
	Begin  int64 // PTS of its first frame, as written (33 bits)
	Length int64 // up to the end of its last frame
}

// Extents reads the extent of a segment: of its pictures, or of its sound where it has
// none. It gives false where there is no MPEG-TS with a PMT, or no media in it.
func Extents(data []byte) (Extent, bool) {
	l := readLayout(data, ignore)
	if l.program == nil {
		return Extent{}, false
	}
	for _, kind := range []uint8{typeH264, typeADTS} {
		var e Extent
		n, most, tail := 0, int64(0), int64(0)
		first := int64(0)
		for _, u := range l.units {
			if u.kind != kind {
				continue
			}
			if n++; n == 1 {
				first = u.pts
			}
			at := since(u.pts, first)
			e.Begin, most = min(e.Begin, at), max(most, at)
			if frames, rate, _, err := adtsFrames(u.payload); kind == typeADTS && err == nil && at == most {
				tail = int64(frames) * 1024 * 90_000 / int64(rate)
			}
		}
		if n == 0 {
			continue
		}
		if e.Length = most - e.Begin; kind == typeH264 && n > 1 {
			tail = e.Length / int64(n-1)
		}
		e.Begin, e.Length = (first+e.Begin)&clockMask, e.Length+max(tail, 1)
		return e, true
	}
	return Extent{}, false
}

// Since is the signed distance of two PTS, over the wrap of their 33 bits.
func Since(a, b int64) int64 { return since(a, b) }
