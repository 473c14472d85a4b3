package check

import (
	"slices"

	"mediad/packager/m3u8"
)

// parts compares the parts of every listed segment with all that has been listed of
// it before.
func (p *Playlist) parts(m *m3u8.Media, f *findings) {
	if len(m.Open.Parts) > 0 {
		p.segmentParts(m, end(m), &m.Open, f)
	}
	for i := range m.Segments {
		p.segmentParts(m, m.Sequence+uint64(i), &m.Segments[i], f)
	}
	p.sums(m, f)
}

// indexOf finds the known part with which a listing begins. It gives len(known) if
// the listing begins after all known parts.
func indexOf(known, listing []m3u8.Part) int {
	if len(listing) == 0 {
		return len(known)
	}
	i := slices.IndexFunc(known, func(k m3u8.Part) bool { return k.URI == listing[0].URI })
	if i < 0 {
		return len(known)
	}
	return i
}

func (p *Playlist) segmentParts(m *m3u8.Media, msn uint64, s *m3u8.Segment, f *findings) {
	h := p.shown[msn]
	if h == nil {
		h = new(shown)
		p.shown[msn] = h
	}
	at := indexOf(h.parts, s.Parts)
	p.left(m, msn, s, at, f)
	known := h.parts[at:]
	for i, part := range s.Parts {
		switch {
		case i >= len(known):
			if segmentAt(p.last, msn) != nil {
				f.at(part.URI, RulePartLate, "segment %d was closed and gained part %q", msn, part.URI)
			}
			if old, used := p.places[part.URI]; used {
				f.at(part.URI, RuleNameReused, "part %q of segment %d was already in segment %d", part.URI, msn, old)
			}
			p.places[part.URI] = msn
			h.parts = append(h.parts, part)
		case known[i] != part:
			f.at(part.URI, RulePartChanged, "segment %d: from %+v to %+v", msn, known[i], part)
		}
	}
	if len(s.Parts) > 0 && len(s.Parts) < len(known) {
		f.at(nameOf(s), RulePartGone, "segment %d no longer lists %q", msn, known[len(s.Parts)].URI)
	}
}

// left judges the parts of a segment that are no longer listed. hls.js turns its
// low-latency mode off when its buffer does not reach from the first listed
// part over a whole open segment; strict parsers refuse parts in more than the
// last three segments. So the open segment and the two before it list their parts.
func (p *Playlist) left(m *m3u8.Media, msn uint64, s *m3u8.Segment, gone int, f *findings) {
	if !m.Ended && gone > 0 && msn+2 >= end(m) {
		f.at(nameOf(s), RulePartEarly, "segment %d lost %d parts, and is one of the last two", msn, gone)
	}
}

// sums judges the lengths of closed segments against their parts. All parts of a
// segment are known where the segment before it lists parts, too, because the oldest
// parts leave first.
func (p *Playlist) sums(m *m3u8.Media, f *findings) {
	var before bool
	each(m, func(msn uint64, s *m3u8.Segment, open bool) {
		h := p.shown[msn]
		if before || open {
			h.whole = true
		}
		before = len(s.Parts) > 0
		if open || !before {
			return
		}
		switch sum := length(h.parts); {
		case h.whole && sum != s.Duration:
			f.at(nameOf(s), RulePartSum, "the parts of segment %d last %v, it lasts %v", msn, sum, s.Duration)
		case sum > s.Duration:
			f.at(nameOf(s), RulePartSum, "the listed parts of segment %d last %v, it lasts %v", msn, sum, s.Duration)
		}
	})
}

// names judges that each URI names one segment only, for all time.
func (p *Playlist) names(m *m3u8.Media, f *findings) {
	for i, s := range m.Segments {
		if s.URI == "" {
			continue
		}
		msn := m.Sequence + uint64(i)
		switch old, used := p.numbers[s.URI]; {
		case !used:
			p.numbers[s.URI] = msn
		case old != msn && segmentAt(m, old) != nil && segmentAt(m, old).URI == s.URI:
			f.at(s.URI, RuleURITwice, "segments %d and %d are both %q", old, msn, s.URI)
		case old != msn:
			f.at(s.URI, RuleNameReused, "segment %d is %q, which was segment %d", msn, s.URI, old)
		}
	}
}
