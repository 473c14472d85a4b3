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
	seen map[uint64]sight // of each viewer in the sample
	// The sample is 1 of 2^depth viewers. The estimate is made from those in 1 of
	// 2^counted: in a sample that has grown, not all have sent a beacon yet.
	depth, counted int
	settled        time.Time // when counted may become depth
	former         overlay.Watched
	read           bool            // former is read from the store
	fresh          overlay.Watched // since the last write
	taken          bool            // a write of sums is not over
	busy           time.Time       // the last beacon
	live           time.Time       // the last one of a viewer of the live picture
	closed         bool            // the counter has forgotten it
}

// sight is what is known of a viewer.
type sight struct {
	at      time.Time     // of the last beacon
	watched time.Duration // so far
}

func newAudience() *audience {
	return &audience{seen: map[uint64]sight{}, fresh: nothing()}
}

func nothing() overlay.Watched {
	return overlay.Watched{Impressions: map[string]int64{}, Minutes: map[overlay.Minute]overlay.Watch{}}
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
	since := now.Sub(was.at)
	switch {
	case known && since >= 0 && since < often && !b.Left:
		return true, 0
	case !known && len(a.seen) >= most:
		return false, len(a.seen) - before
	}
	is := sight{now, was.watched + a.add(b, known, since, now, was.watched)}
	if a.seen[b.Viewer] = is; b.Left {
		delete(a.seen, b.Viewer)
	}
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
// and who only says goodbye was counted as no viewer, and gives none. It gives how much
// of what was watched is believed.
func (a *audience) add(b overlay.Beacon, known bool, since time.Duration, now time.Time, before time.Duration) (watched time.Duration) {
	bound := 2 * Every
	if known && since > 0 {
		bound = since + since/4
	}
	watched = min(b.Watched, bound)
	in := overlay.Watch{Time: watched << a.depth, Impressions: int64(len(b.Impressions)) << a.depth}
	if known || !b.Left {
		in.Likes = min(int64(b.Likes), taps+int64(bound*taps/time.Second)) << a.depth
		a.fresh.Shares += int64(b.Shares) << a.depth
		if b.Ref != "" {
			a.fresh.Came += 1 << a.depth
		}
	}
	a.fresh.Time += in.Time
	a.fresh.Likes += in.Likes
	if !known && !b.Left {
		in.Views = 1 << a.depth
		a.fresh.Views += in.Views
		if len(a.fresh.Numbers) < most {
			a.fresh.Numbers = append(a.fresh.Numbers, b.Viewer)
		}
	}
	for _, id := range b.Impressions {
		if _, ok := a.fresh.Impressions[id]; ok || len(a.fresh.Impressions) < goods {
			a.fresh.Impressions[id] += 1 << a.depth
		}
	}
	if before < overlay.EffectiveAfter && before+watched >= overlay.EffectiveAfter {
		in.Effective = 1 << a.depth
	}
	at := b.Minute(now)
	if !at.Replay {
		a.live = now
	}
	a.watch(at, in)
	return watched
}

// watch adds to a minute of the picture.
func (a *audience) watch(at overlay.Minute, in overlay.Watch) {
	if was, ok := a.fresh.Minutes[at]; in != (overlay.Watch{}) && (ok || len(a.fresh.Minutes) < minutes) {
		a.fresh.Minutes[at] = was.Plus(in)
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
	for viewer, s := range a.seen {
		if since := now.Sub(s.at); since > gone || since < -gone { // the clock was set back
			delete(a.seen, viewer)
			left++
		}
	}
	n := a.viewers()
	a.fresh.Peak = max(a.fresh.Peak, n)
	if now.Sub(a.live) < gone {
		a.watch(overlay.Minute{N: now.Unix() / 60}, overlay.Watch{Peak: n})
	}
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
