package thumbs

import (
	"time"

	"mediad/packager/m3u8"
)

// What a sprite may hold: tiles whose longer side is tileSide pixels, in rows of
// perRow.
const (
	mostTiles = 100
	perRow    = 10
	tileSide  = 160
	// leastEvery is the shortest time that a tile stands for.
	leastEvery = 2 * time.Second
)

// tile is one picture of a sprite, in playing time.
type tile struct {
	from, to time.Duration
	uri      string // of the segment that has it
}

// plan parts a broadcast into as many equal, whole-second stretches as fit in
// one sprite, and finds for each the segment in which it begins.
func plan(segments []m3u8.Segment) []tile {
	var total time.Duration
	for _, s := range segments {
		total += s.Duration
	}
	every := (total + mostTiles - 1) / mostTiles
	every = max(leastEvery, (every + time.Second - 1).Truncate(time.Second))
	var tiles []tile
	var end time.Duration // of the segments so far
	for _, s := range segments {
		end += s.Duration
		for at := time.Duration(len(tiles)) * every; at < end; at += every {
			tiles = append(tiles, tile{from: at, to: min(at+every, total), uri: s.URI})
		}
	}
	return tiles
}

// listed is what a replay shows of a stored playlist: nobody waits through a gap.
func listed(m *m3u8.Media) []m3u8.Segment {
	all := m.Segments
	m.LeaveOut(func(i int) bool { return all[i].Gap })
	return m.Segments
}
