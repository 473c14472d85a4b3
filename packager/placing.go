package packager

import (
	"time"

	"mediad/ingest"
	"mediad/packager/align"
	"mediad/packager/health"
)

// onTimeline puts a unit's times onto the broadcast's timeline; not ok: there is no place
// for it. The room's health counts what was changed.
func (s *Session) onTimeline(u ingest.Unit, now time.Time) (out ingest.Unit, ok bool) {
	var c align.Change
	video := s.tracks[u.Track].Codec.Video()
	u = s.stream.place(u, s.place.Start(u, !video), now)
	if video {
		u, s.repeats.said, c = s.place.Picture(u, now, s.repeats.last)
		ok = true
	} else if u, c, ok = s.place.Frame(u, now); c&align.Late == 0 {
		s.filler.Heard()
	}
	if c != 0 {
		s.count(func(n *health.Counts) { countChange(n, c) })
	}
	return u, ok
}

func countChange(n *health.Counts, c align.Change) {
	for _, x := range [...]struct {
		change align.Change
		count  *uint64
	}{
		{align.Shifted, &n.Shifts}, {align.Moved, &n.Moves}, {align.Late, &n.LateUnits},
		{align.Clamped, &n.Clamped}, {align.Missing, &n.AudioGaps}, {align.Overlap, &n.AudioExtra},
	} {
		if c&x.change != 0 {
			*x.count++
		}
	}
}
