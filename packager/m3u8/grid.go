package m3u8

import "time"

// tick is the grid on which all written times lie.
//
// A millisecond is the unit of RTMP's clock and of dates, and the most that
// grafov/m3u8 writes for EXTINF (three decimals of a float32). Sums must agree.
// So no duration is rounded, but only the two moments between which it lies: the
// parts of a segment add up to its EXTINF exactly, a segment's date plus its
// EXTINF is the next one's date, and errors never grow. A part that is not longer
// than a PART-TARGET of whole milliseconds is not written as longer either,
// because rounding keeps the order of moments.
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

// round puts a moment on the grid. It first rounds to microseconds: durations were
// cut from 90-kHz ticks, so their sums may differ by some nanoseconds. Otherwise a
// moment half way between two milliseconds could be rounded up in one version of a
// playlist and down in the next. This works for every stream whose first date is a
// whole millisecond.
func round(t time.Time) time.Time { return t.Round(time.Microsecond).Round(tick) }
