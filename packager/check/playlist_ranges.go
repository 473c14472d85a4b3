package check

import (
	"maps"
	"slices"
	"time"

	"mediad/packager/m3u8"
)

// seenRange is all that has been said of one date range.
type seenRange struct {
	start time.Time
	attrs map[string]m3u8.Attribute
	gone  bool // it has left the playlist
}

// dateRanges compares the date ranges with those of all earlier versions.
func (p *Playlist) dateRanges(m *m3u8.Media, raw rawPlaylist, f *findings) {
	now := make(map[string]map[string]m3u8.Attribute)
	for _, r := range raw.ranges {
		if now[r.id] == nil {
			now[r.id] = make(map[string]m3u8.Attribute)
		}
		for name, a := range r.attrs {
			now[r.id][name] = a
		}
	}
	for _, d := range m.DateRanges {
		s := p.ranges[d.ID]
		switch {
		case s == nil:
			s = &seenRange{start: d.Start, attrs: make(map[string]m3u8.Attribute)}
			p.ranges[d.ID] = s
		case s.gone:
			f.at(d.ID, RuleRangeReused, "date range %q had left and is back", d.ID)
			s.gone = false
		}
		sameRange(d.ID, s.attrs, now[d.ID], f)
		for name, a := range now[d.ID] {
			s.attrs[name] = a
		}
	}
	first, last := span(m)
	for _, id := range slices.Sorted(maps.Keys(p.ranges)) {
		s := p.ranges[id]
		if now[id] != nil || s.gone || m.SkippedRanges && !slices.Contains(m.RemovedRanges, id) {
			continue
		}
		s.gone = true
		if !first.IsZero() && !s.start.Before(first) && s.start.Before(last) {
			f.add(RuleRangeGone, "date range %q at %v has left, the playlist begins at %v", id, s.start, first)
		}
	}
}

// sameRange judges that no attribute of a range was changed or removed. Attributes
// may be added.
func sameRange(id string, was, is map[string]m3u8.Attribute, f *findings) {
	for _, name := range slices.Sorted(maps.Keys(was)) {
		old := was[name]
		now, still := is[name]
		switch {
		case !still:
			f.at(id, RuleRangeChanged, "date range %q lost %s", id, name)
		case now != old:
			f.at(id, RuleRangeChanged, "date range %q: %s from %q to %q", id, name, old.Value, now.Value)
		}
	}
}

// span gives the dates at which a playlist begins and ends, or zero times if it
// carries no dates.
func span(m *m3u8.Media) (first, last time.Time) {
	each(m, func(_ uint64, s *m3u8.Segment, open bool) {
		if s.Date.IsZero() {
			return
		}
		if first.IsZero() {
			first = s.Date
		}
		if open {
			last = s.Date.Add(length(s.Parts))
		} else {
			last = s.Date.Add(s.Duration)
		}
	})
	return first, last
}
