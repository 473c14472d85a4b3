package viewers

import (
	"slices"
	"time"

	"mediad/overlay"
)

// recalled takes the sums that were kept before.
func (a *audience) recalled(former overlay.Watched) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.read {
		a.former.Likes += former.Likes // some may have been kept meanwhile
		a.read = true
	}
}

// take gives what is to be kept; false: nothing.
func (a *audience) take(show string) (overlay.Watched, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	w := a.fresh
	if w.Show = show; !a.read || empty(w) {
		return w, false
	}
	a.fresh = nothing()
	a.former.Likes += w.Likes
	a.taken = true
	return w, true
}

// wrote ends what take began: the sums are kept.
func (a *audience) wrote() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.taken = false
}

// giveBack takes what could not be kept.
func (a *audience) giveBack(w overlay.Watched) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.taken = false
	a.former.Likes -= w.Likes
	a.fresh.Likes += w.Likes
	a.fresh.Shares += w.Shares
	a.fresh.Came += w.Came
	a.fresh.Time += w.Time
	a.fresh.Peak = max(a.fresh.Peak, w.Peak)
	a.fresh.Views += w.Views
	a.fresh.Depth = max(a.fresh.Depth, w.Depth)
	if a.fresh.Numbers = append(w.Numbers, a.fresh.Numbers...); len(a.fresh.Numbers) > most {
		slices.Sort(a.fresh.Numbers)
		a.fresh.Numbers = a.fresh.Numbers[:most] // the lowest tell the most
	}
	for id, n := range w.Impressions {
		a.fresh.Impressions[id] += n
	}
	for at, of := range w.Minutes {
		a.watch(at, of)
	}
}

// over ends an audience in which nobody is any more, and of which everything is kept.
func (a *audience) over(now time.Time) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	w := a.fresh
	a.closed = !a.taken && len(a.seen) == 0 && now.Sub(a.busy) > 2*gone && empty(w)
	return a.closed
}

// empty tells whether sums have nothing to keep.
func empty(w overlay.Watched) bool {
	return w.Likes == 0 && w.Shares == 0 && w.Came == 0 && w.Time == 0 && w.Peak == 0 && w.Views == 0 && len(w.Impressions) == 0 && len(w.Minutes) == 0
}
