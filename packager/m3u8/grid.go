package m3u8

import "time"

// tick is the grid on which all written times lie.
//
// A millisecond is RTMP's own clock, the most that grafov/m3u8 writes for
// EXTINF (three decimals of a float32), and the precision of dates. What
// matters more than digits is that sums agree, so never a duration is rounded
// but only the moments between which it lies: the parts of a segment add up to
// its EXTINF exactly, a segment's date plus its EXTINF is the next one's date,
// and errors never grow. A part that is not longer than a PART-TARGET of whole
// milliseconds is not longer in writing either, because rounding keeps order.
const tick = time.Millisecond

// grid walks along a segment from its start and gives the written duration of
// each piece.
type grid struct {
	start time.Time     // exact
	since time.Duration // exact, from start
	at    time.Time     // written
}

// newGrid starts at a segment's date. Segments without a date start anywhere,
// so the zero time serves them.
func newGrid(start time.Time) grid {
	return grid{start: start, at: round(start)}
}

// step goes on by the exact duration d and returns the written one.
func (g *grid) step(d time.Duration) time.Duration {
	g.since += d
	end := round(g.start.Add(g.since))
	written := end.Sub(g.at)
	g.at = end
	return written
}

// round puts a moment on the grid. The microsecond before it swallows the
// nanoseconds by which sums of durations differ that were themselves cut from
// 90-kHz ticks: without it a moment half way between two milliseconds could go
// up in one version of a playlist and down in the next. That holds for every
// stream whose first date is a whole millisecond.
func round(t time.Time) time.Time { return t.Round(time.Microsecond).Round(tick) }
