package packager

import (
	"cmp"
	"slices"

	"mediad/packager/layout"
	"mediad/packager/m3u8"
)

// This file is how a window looks in each of its renditions. They share the numbers,
// durations, dates and cues of the first one. Bytes are their own, and so are gaps.

// knows tells whether a window has a playlist of a rendition.
func (w *window) knows(r layout.Rendition) bool { return int(r) <= len(w.others) }

// texts are the playlists of a rendition.
func (w *window) texts(r layout.Rendition) *lists {
	if r == layout.Main {
		return &w.lists
	}
	return &w.others[r-1]
}

// offers tells whether a rendition stands in the multivariant playlist.
func (w *window) offers(r layout.Rendition) bool {
	return r == layout.Main || int(r) <= len(w.offered) && w.offered[r-1].Codec.Video()
}

// in gives a part in a rendition; nil: it is a gap there.
func (p *part) in(r layout.Rendition) *part {
	switch {
	case p.gap:
		return nil
	case r == layout.Main:
		return p
	case int(r) > len(p.others):
		return nil
	}
	return p.others[r-1]
}

// in gives the parts of a segment in a rendition; nil: the segment is a gap there.
func (s *segment) in(r layout.Rendition) []*part {
	switch {
	case s.gap:
		return nil
	case r == layout.Main:
		return s.parts
	}
	out := make([]*part, len(s.parts))
	for i, p := range s.parts {
		if out[i] = p.in(r); out[i] == nil {
			return nil
		}
	}
	return out
}

// Rendition is what viewers can have of a broadcast.
type Rendition struct {
	Width, Height int // in pixels
	Bitrate       int // mean bits a second of what is listed; 0: not known yet
}

// Renditions lists those that players are told of, the first one first; nil: there is one.
func (s *Stream) Renditions() (out []Rendition) {
	w := s.snapshot()
	for r := layout.Main; w.knows(r) && len(w.others) > 0; r++ {
		if !w.offers(r) || len(w.tracks) == 0 {
			continue
		}
		t := w.tracks[0]
		if r != layout.Main {
			t = w.offered[r-1]
		}
		_, mean := w.peak(r)
		out = append(out, Rendition{t.Width, t.Height, mean})
	}
	return out
}

// reports tell where the other renditions end (RFC 8216bis 4.4.5.4): where this one does.
func (w *window) reports(of layout.Rendition) (out []m3u8.Report) {
	if len(w.others) == 0 || w.ended || w.whole {
		return nil
	}
	msn, part := w.lastMSN()+1, len(w.open.parts)-1
	if part < 0 {
		msn, part = w.lastMSN(), len(w.segments[len(w.segments)-1].parts)-1
	}
	for r := layout.Main; w.knows(r); r++ {
		if r != of && w.offers(r) {
			out = append(out, m3u8.Report{URI: layout.Broadcast{}.MediaPlaylist().In(r).FromRendition(), MSN: msn, Part: part})
		}
	}
	return out
}

// modest is the most that the first variant of a ladder needs, in bits a second, where there
// is such a one: AVPlayer begins with the first.
const modest = 2_500_000

// inOrder sorts variants: first the best modest one, or the smallest, then the others from
// the best on.
func inOrder(v []m3u8.Variant) {
	slices.SortStableFunc(v, func(a, b m3u8.Variant) int { return cmp.Compare(b.Bandwidth, a.Bandwidth) })
	first := slices.IndexFunc(v, func(v m3u8.Variant) bool { return v.Bandwidth <= modest })
	if first < 0 {
		first = len(v) - 1
	}
	best := v[first]
	copy(v[1:first+1], v[:first])
	v[0] = best
}
