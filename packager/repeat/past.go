package repeat

import "math"

// picture describes one picture.
type picture struct {
	pts, poc, num int64
	ref           bool
}

// past holds the last pictures in the order of decoding: as many as a decoder may
// hold, and the one on the screen.
type past struct {
	list  [17]picture
	n     int   // how many since the last IDR picture
	least int64 // the least PTS - DTS so far
	seen  int   // of how many
}

// clear forgets the pictures: nothing before an IDR picture is referred to.
func (p *past) clear() { p.n = 0 }

func (p *past) add(x picture, offset int64) {
	if p.seen++; p.seen == 1 || offset < p.least {
		p.least = offset
	}
	p.list[p.n%len(p.list)] = x
	p.n++
}

// settled is how many pictures tell the slack where they are reordered.
const settled = 32

// slack is how long after its DTS any picture is shown. If it is set too long, a repeated
// picture stands behind pictures that are still to come, and decoders leave those out. If
// it is too short, decoders may leave out the repeated picture.
func (p *past) slack(reorders bool) int64 {
	if reorders && p.seen < settled {
		return 0
	}
	return p.least
}

// all calls with each picture, the newest first.
func (p *past) all(take func(picture) bool) {
	for i := p.n - 1; i >= 0 && i >= p.n-len(p.list); i-- {
		if !take(p.list[i%len(p.list)]) {
			return
		}
	}
}

// around gives the picture that is on the screen at a time, and when the next known one
// comes. Before the first picture it gives the first.
func (p *past) around(at int64) (shown picture, next int64, ok bool) {
	next, shown.pts = math.MaxInt64, math.MinInt64
	first := picture{pts: math.MaxInt64}
	p.all(func(x picture) bool {
		switch {
		case x.pts > at:
			next = min(next, x.pts)
		case x.pts > shown.pts:
			shown, ok = x, true
		}
		if x.pts < first.pts {
			first = x
		}
		return true
	})
	if ok || p.n == 0 {
		return shown, next, ok
	}
	next = math.MaxInt64
	p.all(func(x picture) bool {
		if x.pts > first.pts {
			next = min(next, x.pts)
		}
		return true
	})
	return first, next, true
}

// nearest gives, of the last n pictures that others refer to, the one that looks
// most like the shown one: itself, or its neighbour on the screen; and the newest.
func (p *past) nearest(shown picture, n int) (best, newest picture, ok bool) {
	distance := func(x picture) int64 {
		d := x.poc - shown.poc
		if d < 0 {
			return -2*d + 1 // rather the one that comes next
		}
		return 2 * d
	}
	p.all(func(x picture) bool {
		if !x.ref {
			return true
		}
		if !ok {
			best, newest, ok = x, x, true
		}
		if distance(x) < distance(best) {
			best = x
		}
		n--
		return n > 0
	})
	return best, newest, ok
}
