package check

import (
	"time"

	"mediad/packager/m3u8"
)

// header compares the tags of the whole playlist with those of the version before.
func (p *Playlist) header(m *m3u8.Media, raw rawPlaylist, f *findings) {
	old := p.last
	if old.Ended {
		f.add(RuleAfterEnd, "the text changed after EXT-X-ENDLIST")
	}
	if m.TargetDuration != old.TargetDuration {
		f.add(RuleTargetConstant, "from %d to %d", old.TargetDuration, m.TargetDuration)
	}
	if m.PartTarget != old.PartTarget {
		f.add(RulePartConstant, "from %v to %v", old.PartTarget, m.PartTarget)
	}
	if raw.control != p.control {
		f.add(RuleControlConstant, "from %q to %q", p.control, raw.control)
	}
	if m.Type != old.Type {
		f.add(RuleTypeConstant, "from %q to %q", old.Type, m.Type)
	}
}

// succession judges which segments stayed, left and came.
func (p *Playlist) succession(m *m3u8.Media, f *findings) {
	old := p.last
	if m.Sequence < old.Sequence {
		f.add(RuleSequenceBack, "from %d to %d", old.Sequence, m.Sequence)
	}
	if m.DiscontinuitySequence < old.DiscontinuitySequence {
		f.add(RuleDiscontinuityBack, "from %d to %d", old.DiscontinuitySequence, m.DiscontinuitySequence)
	}
	if end(m) < end(old) {
		f.add(RuleSegmentGone, "segment %d was the last one, now it is %d", end(old)-1, int64(end(m))-1)
	}
	p.removed(m, f)
	for i := range m.Segments {
		msn := m.Sequence + uint64(i)
		if was := segmentAt(old, msn); was != nil {
			sameSegment(msn, was, &m.Segments[i], f)
		} else if msn == end(old) && len(old.Open.Parts) > 0 {
			sameHead(msn, &old.Open, &m.Segments[i], f)
		}
	}
	if end(m) == end(old) && len(old.Open.Parts) > 0 && len(m.Open.Parts) > 0 {
		sameHead(end(m), &old.Open, &m.Open, f)
	}
}

// removed judges the segments that left at the front.
func (p *Playlist) removed(m *m3u8.Media, f *findings) {
	old := p.last
	if m.Sequence <= old.Sequence {
		if m.Sequence == old.Sequence && m.DiscontinuitySequence != old.DiscontinuitySequence {
			f.add(RuleDiscontinuities, "from %d to %d, nothing was removed", old.DiscontinuitySequence, m.DiscontinuitySequence)
		}
		return
	}
	if old.Type != "" {
		f.add(RuleTypedRemoval, "media sequence from %d to %d in a playlist of type %s", old.Sequence, m.Sequence, old.Type)
	}
	if m.Sequence <= end(old) { // else segments came and left between two versions
		want := old.DiscontinuitySequence
		for _, s := range old.Segments[:m.Sequence-old.Sequence] {
			if s.Discontinuity {
				want++
			}
		}
		if m.DiscontinuitySequence != want {
			f.add(RuleDiscontinuities, "%d, but %d discontinuities have left", m.DiscontinuitySequence, want)
		}
	}
	var total time.Duration
	for _, s := range m.Segments {
		total += s.Duration
	}
	if least := 3 * time.Duration(m.TargetDuration) * time.Second; total < least && !m.Ended {
		f.add(RuleWindow, "segments left and only %v of at least %v remain", total, least)
	}
}

func sameSegment(msn uint64, was, is *m3u8.Segment, f *findings) {
	sameHead(msn, was, is, f)
	if was.URI != is.URI {
		f.at(is.URI, RuleSegmentChanged, "segment %d: URI from %q to %q", msn, was.URI, is.URI)
	}
	if was.Duration != is.Duration {
		f.at(is.URI, RuleSegmentChanged, "segment %d: EXTINF from %v to %v", msn, was.Duration, is.Duration)
	}
	if was.Gap != is.Gap {
		f.at(is.URI, RuleSegmentChanged, "segment %d: GAP from %t to %t", msn, was.Gap, is.Gap)
	}
}

// sameHead compares the tags that a segment has from its first part on.
func sameHead(msn uint64, was, is *m3u8.Segment, f *findings) {
	if !was.Date.Equal(is.Date) {
		f.at(nameOf(is), RuleSegmentChanged, "segment %d: date from %v to %v", msn, was.Date, is.Date)
	}
	if was.Discontinuity != is.Discontinuity {
		f.at(nameOf(is), RuleSegmentChanged, "segment %d: DISCONTINUITY from %t to %t", msn, was.Discontinuity, is.Discontinuity)
	}
}

// hint judges whether the hinted part is the one that came.
func (p *Playlist) hint(m *m3u8.Media, f *findings) {
	old := p.last
	if old.Hint == "" || m.Ended || end(m) < end(old) || m.Sequence > end(old) {
		return // at the end a hint may stay unfulfilled
	}
	for msn := end(old); ; msn++ {
		s := segmentAt(m, msn)
		if s == nil {
			s = &m.Open
		}
		var known int
		if h := p.shown[msn]; h != nil {
			known = max(0, len(h.parts)-indexOf(h.parts, s.Parts))
		}
		if known < len(s.Parts) {
			if got := s.Parts[known].URI; got != old.Hint {
				f.at(got, RuleHintKept, "%q was hinted, %q came", old.Hint, got)
			}
			return
		}
		switch {
		case msn == end(m):
			if m.Hint != old.Hint {
				f.add(RuleHintKept, "the hint changed from %q to %q and no part came", old.Hint, m.Hint)
			}
			return
		case len(s.Parts) == 0:
			return // its parts came and left between two versions
		}
	}
}
