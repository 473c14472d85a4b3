package check

import (
	"time"

	"mediad/packager/m3u8"
)

// single judges one version by itself.
func single(m *m3u8.Media, raw rawPlaylist, kind PlaylistKind, f *findings) {
	version(m, raw, f)
	if kind == AnyPlaylist {
		kind = claimed(m)
	}
	kinds(m, raw, kind, f)
	target := time.Duration(m.TargetDuration) * time.Second
	for i, s := range m.Segments[m.Skipped:] {
		// From version 6 on the bound is on the duration rounded to nearest.
		if s.Duration.Round(time.Second) > target {
			f.at(s.URI, RuleSegmentLength, "segment %d lasts %v, the target is %v", m.Sequence+uint64(m.Skipped+i), s.Duration, target)
		}
	}
	if m.PartTarget > 0 {
		lowLatency(m, raw, f)
		partLengths(m, f)
		oldParts(m, f)
	}
	boundaries(m, target, f)
	dates(m, kind != VODPlaylist, f)
}

// boundaries judges the distances in SERVER-CONTROL: the skip boundary of delta updates,
// and the hold-back, at which players begin.
func boundaries(m *m3u8.Media, target time.Duration, f *findings) {
	if m.CanSkipUntil > 0 && m.CanSkipUntil < 6*target {
		f.add(RuleSkipUntil, "CAN-SKIP-UNTIL %v, target duration %v", m.CanSkipUntil, target)
	}
	if m.PartTarget == 0 && m.HoldBack > 0 && m.HoldBack < 3*target {
		f.add(RuleHoldBackPlain, "HOLD-BACK %v, target duration %v", m.HoldBack, target)
	}
	if m.Skipped == 0 {
		return
	}
	var kept time.Duration
	for _, s := range m.Segments[m.Skipped:] {
		kept += s.Duration
	}
	if m.CanSkipUntil == 0 || kept < m.CanSkipUntil {
		f.add(RuleSkipBoundary, "the list is kept from %v before its end on, the skip boundary is %v", kept, m.CanSkipUntil)
	}
}

// claimed is the kind that a text claims to be.
func claimed(m *m3u8.Media) PlaylistKind {
	switch {
	case m.Type == "VOD":
		return VODPlaylist
	case m.PartTarget > 0:
		return LowLatencyPlaylist
	}
	return PlainPlaylist
}

func version(m *m3u8.Media, raw rawPlaylist, f *findings) {
	switch {
	case m.Skipped == 0 && raw.version != "6":
		f.add(RuleVersion, "EXT-X-VERSION is %q, not 6", raw.version)
	case m.SkippedRanges && raw.version != "10":
		f.add(RuleVersion, "EXT-X-VERSION of a delta update without older date ranges is %q, not 10", raw.version)
	case m.Skipped > 0 && !m.SkippedRanges && raw.version != "9":
		f.add(RuleVersion, "EXT-X-VERSION of a delta update is %q, not 9", raw.version)
	}
}

// kinds judges whether the text is of the expected kind.
func kinds(m *m3u8.Media, raw rawPlaylist, kind PlaylistKind, f *findings) {
	if kind == VODPlaylist {
		if m.Type != "VOD" || !m.Ended {
			f.add(RuleType, "type %q, ended %t: not a VOD playlist", m.Type, m.Ended)
		}
	} else {
		if m.Type == "VOD" {
			f.add(RuleType, "a live playlist is of type VOD")
		}
		if !raw.discontinuity {
			f.add(RuleDiscontinuity0, "there is no EXT-X-DISCONTINUITY-SEQUENCE")
		}
	}
	if low := m.PartTarget > 0; low != (kind == LowLatencyPlaylist) {
		f.add(RuleKind, "low latency is %t, unlike the kind", low)
	}
}

func lowLatency(m *m3u8.Media, raw rawPlaylist, f *findings) {
	if !raw.blocks() {
		f.add(RuleBlockReload, "SERVER-CONTROL is %q", raw.control)
	}
	switch {
	case m.PartHoldBack < 2*m.PartTarget:
		f.add(RuleHoldBack, "hold back %v, part target %v", m.PartHoldBack, m.PartTarget)
	case m.PartHoldBack < 3*m.PartTarget:
		f.add(RuleHoldBackApple, "hold back %v, part target %v", m.PartHoldBack, m.PartTarget)
	}
	if len(m.Segments) == 0 && len(m.Open.Parts) > 0 {
		f.add(RuleNoSegment, "%d parts and no full segment", len(m.Open.Parts))
	}
}

// each calls f for every listed segment, the open one last.
func each(m *m3u8.Media, f func(msn uint64, s *m3u8.Segment, open bool)) {
	for i := range m.Segments {
		f(m.Sequence+uint64(i), &m.Segments[i], false)
	}
	if len(m.Open.Parts) > 0 {
		f(end(m), &m.Open, true)
	}
}

func partLengths(m *m3u8.Media, f *findings) {
	each(m, func(msn uint64, s *m3u8.Segment, open bool) {
		for i, p := range s.Parts {
			if p.Duration > m.PartTarget {
				f.at(p.URI, RulePartLength, "part %q lasts %v, the part target is %v", p.URI, p.Duration, m.PartTarget)
			}
			// The last listed part of an open segment may turn out to be its
			// last one.
			last := i == len(s.Parts)-1
			free := p.Independent || p.Gap || last || s.Parts[i+1].Gap
			if !free && p.Duration*100 < m.PartTarget*85 {
				f.at(p.URI, RulePartShort, "part %q of segment %d lasts %v, the part target is %v", p.URI, msn, p.Duration, m.PartTarget)
			}
			if p.URI == m.Hint {
				f.at(p.URI, RuleHintListed, "part %q is listed and hinted", p.URI)
			}
		}
	})
}

// oldParts finds segments that still list parts though they lie wholly more
// than three target durations before the end.
func oldParts(m *m3u8.Media, f *findings) {
	behind := length(m.Open.Parts)
	for i := len(m.Segments) - 1; i >= 0; i-- {
		s := &m.Segments[i]
		if behind > 3*time.Duration(m.TargetDuration)*time.Second && len(s.Parts) > 0 {
			f.at(nameOf(s), RuleOldParts, "segment %d, %v behind the end, still lists parts", m.Sequence+uint64(i), behind)
		}
		behind += s.Duration
	}
}

// dates judges that dates advance by the durations of the media. Both are written in
// milliseconds, so they may differ by one.
func dates(m *m3u8.Media, live bool, f *findings) {
	const written = time.Millisecond
	var next time.Time // the date at which the segment before ends
	var dated bool
	each(m, func(msn uint64, s *m3u8.Segment, open bool) {
		if s.URI == "" && !open {
			return // skipped, and missing in the version before
		}
		off := s.Date.Sub(next)
		switch {
		case s.Date.IsZero():
			if live {
				f.at(nameOf(s), RuleDated, "segment %d has no EXT-X-PROGRAM-DATE-TIME", msn)
			}
		case next.IsZero():
		case s.Discontinuity:
			// No two pictures may have the same date. An overlap of less than
			// a second is allowed, because it may correct a drift.
			if off < -time.Second {
				f.at(nameOf(s), RuleDates, "segment %d begins %v before the end of the one before", msn, -off)
			}
		case off > written || off < -written:
			f.at(nameOf(s), RuleDates, "segment %d begins %v off the end of the one before", msn, off)
		}
		dated = dated || !s.Date.IsZero()
		if next = s.Date; !next.IsZero() {
			next = next.Add(s.Duration)
		}
	})
	if len(m.DateRanges) > 0 && !dated {
		f.at(m.DateRanges[0].ID, RuleRangeUndated, "date range %q and no EXT-X-PROGRAM-DATE-TIME", m.DateRanges[0].ID)
	}
}
