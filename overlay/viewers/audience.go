package viewers

import (
	"slices"
	"sync"
	"time"

	"mediad/overlay"
)

// audience is who watches a show.
type audience struct {
	mu sync.Mutex
	// Guarded by mu.
	seen map[uint64]time.Time // the last beacon of each viewer in the sample
	// The sample is 1 of 2^depth viewers. The estimate is made from those in 1 of
	// 2^counted: in a sample that has grown, not all have sent a beacon yet.
	depth, counted int
	settled        time.Time // when counted may become depth
	former         overlay.Watched
	read           bool            // former is read from the store
	fresh          overlay.Watched // since the last write
	taken          bool            // a write of sums is not over
	busy           time.Time       // the last beacon
	closed         bool            // the counter has forgotten it
}

func newAudience() *audience {
	return &audience{seen: map[uint64]time.Time{}, fresh: overlay.Watched{Impressions: map[string]int64{}}}
}

// within tells whether a viewer is in a sample.
func within(viewer uint64, depth int) bool { return viewer>>(64-depth) == 0 }

// beat counts a beacon. counted is false if the viewer is outside the sample, joined is by
// how many the sample has grown. full: it must not grow without becoming a smaller share.
func (a *audience) beat(b overlay.Beacon, now time.Time, full bool) (counted bool, joined int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.busy = now
	if a.closed || !within(b.Viewer, a.depth) {
		return false, 0
	}
	before := len(a.seen)
	was, known := a.seen[b.Viewer]
	if !known && (before >= most || full && before >= few) && a.depth < deep {
		a.shrink()
		if !within(b.Viewer, a.depth) {
			return false, len(a.seen) - before
		}
	}
	since := now.Sub(was)
	switch {
	case known && since >= 0 && since < often && !b.Left:
		return true, 0
	case !known && len(a.seen) >= most:
		return false, len(a.seen) - before
	case b.Left:
		delete(a.seen, b.Viewer)
	default:
		a.seen[b.Viewer] = now
	}
	a.add(b, known, since)
	return true, len(a.seen) - before
}

// shrink takes half of the sample, until there is room.
func (a *audience) shrink() {
	for n := len(a.seen); len(a.seen) > n/2 && a.depth < deep; {
		a.depth++
		a.fresh.Depth = max(a.fresh.Depth, a.depth)
		for viewer := range a.seen {
			if !within(viewer, a.depth) {
				delete(a.seen, viewer)
			}
		}
	}
	a.counted = max(a.counted, a.depth)
	a.fresh.Numbers = slices.DeleteFunc(a.fresh.Numbers, func(viewer uint64) bool { return !within(viewer, a.depth) })
}

// add sums up what a beacon says. Nobody watches longer than time passes, but for what is
// played faster to catch up, and what came in late. Nobody likes faster than a finger taps,
// and who only says goodbye was counted as no viewer, and gives none.
func (a *audience) add(b overlay.Beacon, known bool, since time.Duration) {
	bound := 2 * Every
	if known && since > 0 {
		bound = since + since/4
	}
	a.fresh.Time += min(b.Watched, bound) << a.depth
	if known || !b.Left {
		a.fresh.Likes += min(int64(b.Likes), taps+int64(bound*taps/time.Second)) << a.depth
	}
	if !known && !b.Left {
		a.fresh.Views += 1 << a.depth
		if len(a.fresh.Numbers) < most {
			a.fresh.Numbers = append(a.fresh.Numbers, b.Viewer)
		}
	}
	for _, id := range b.Impressions {
		if _, ok := a.fresh.Impressions[id]; ok || len(a.fresh.Impressions) < goods {
			a.fresh.Impressions[id] += 1 << a.depth
		}
	}
}

func (a *audience) pulse() (p overlay.Pulse, ok bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return overlay.Pulse{Viewers: a.viewers(), Likes: a.former.Likes + a.fresh.Likes}, a.read
}

func (a *audience) sample() float64 {
	a.mu.Lock()
	defer a.mu.Unlock()
	return 1 / float64(int64(1)<<a.depth)
}

// viewers estimates how many watch. The caller holds mu.
func (a *audience) viewers() int64 {
	n := int64(len(a.seen))
	if a.counted > a.depth {
		n = 0
		for viewer := range a.seen {
			if within(viewer, a.counted) {
				n++
			}
		}
	}
	return n << a.counted
}

// look forgets who has gone, and lets the sample grow where that leaves it small. It
// gives by how many it has shrunk.
func (a *audience) look(now time.Time) (left int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for viewer, at := range a.seen {
		if since := now.Sub(at); since > gone || since < -gone { // the clock was set back
			delete(a.seen, viewer)
			left++
		}
	}
	a.fresh.Peak = max(a.fresh.Peak, a.viewers())
	if a.counted > a.depth && now.Before(a.settled) {
		return left
	}
	a.counted = a.depth
	if a.depth > 0 && len(a.seen) < most/8 {
		a.depth--
		a.settled = now.Add(settle)
	}
	return left
}
