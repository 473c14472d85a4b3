package check

import (
	"fmt"
	"maps"
	"slices"

	"mediad/packager/m3u8"
)

// Delta judges a delta update: merged with an earlier version of the playlist,
// as a client merges them (8216bis 6.3.7), it must be the full version of the
// same moment. The earlier version is a full one.
func Delta(before, delta, full []byte) []Violation {
	f := findings{text: string(delta)}
	var lists [3]*m3u8.Media
	for i, text := range [][]byte{before, delta, full} {
		m, err := m3u8.Parse(text)
		if err != nil {
			f.add(RuleSyntax, "list %d: %v", i, err)
			return f.list
		}
		lists[i] = m
	}
	old, d, want := lists[0], lists[1], lists[2]
	single(d, readRaw(delta), AnyPlaylist, &f)
	if d.Skipped == 0 {
		f.add(RuleDelta, "nothing is skipped")
		return f.list
	}
	if got, want := headerOf(d), headerOf(want); got != want {
		f.add(RuleDelta, "the update says %s, the full list %s", got, want)
	}
	if len(d.Segments) != len(want.Segments) {
		f.add(RuleDelta, "the update has %d segments, the full list %d", len(d.Segments), len(want.Segments))
		return f.list
	}
	for i := range d.Segments {
		msn := d.Sequence + uint64(i)
		got := d.Segments[i]
		if i < d.Skipped {
			was := segmentAt(old, msn)
			if was == nil {
				f.add(RuleSkip, "segment %d is skipped but was not listed", msn)
				continue
			}
			got = *was
			got.Parts = nil // they have left the list since then
		}
		sameAs(fmt.Sprint(msn), got, want.Segments[i], &f)
	}
	sameAs("open", d.Open, want.Open, &f)
	sameRanges(mergedRanges(old, d), byID(want), &f)
	return f.list
}

// headerOf gives the values of the tags that stand once in a playlist and are never
// skipped.
func headerOf(m *m3u8.Media) string {
	return fmt.Sprintf("target %d, sequence %d and %d, parts %v, hold back %v and %v, skip until %v, hint %q, type %q, ended %t",
		m.TargetDuration, m.Sequence, m.DiscontinuitySequence, m.PartTarget, m.PartHoldBack, m.HoldBack, m.CanSkipUntil, m.Hint, m.Type, m.Ended)
}

func sameAs(name string, got, want m3u8.Segment, f *findings) {
	same := got.URI == want.URI && got.Duration == want.Duration && got.Date.Equal(want.Date) &&
		got.Discontinuity == want.Discontinuity && got.Gap == want.Gap && slices.Equal(got.Parts, want.Parts)
	if !same {
		f.add(RuleDelta, "segment %s: merged %+v, in the full list %+v", name, got, want)
	}
}

func byID(m *m3u8.Media) map[string]m3u8.DateRange {
	out := make(map[string]m3u8.DateRange, len(m.DateRanges))
	for _, d := range m.DateRanges {
		out[d.ID] = d
	}
	return out
}

// mergedRanges are the date ranges that a client has after an update.
func mergedRanges(old, d *m3u8.Media) map[string]m3u8.DateRange {
	out := byID(d)
	if !d.SkippedRanges {
		return out
	}
	for id, r := range byID(old) {
		if _, told := out[id]; !told && !slices.Contains(d.RemovedRanges, id) {
			out[id] = r
		}
	}
	return out
}

func sameRanges(got, want map[string]m3u8.DateRange, f *findings) {
	for _, id := range slices.Sorted(maps.Keys(want)) {
		g, ok := got[id]
		switch w := want[id]; {
		case !ok:
			f.add(RuleDelta, "date range %q is lost", id)
		case g.Class != w.Class || !g.Start.Equal(w.Start) || !slices.Equal(g.Attrs, w.Attrs):
			f.add(RuleDelta, "date range %q: merged %+v, in the full list %+v", id, g, w)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(got)) {
		if _, ok := want[id]; !ok {
			f.add(RuleDelta, "date range %q has left the full list", id)
		}
	}
}
