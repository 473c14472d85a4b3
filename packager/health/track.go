package health

import (
	"time"

	"mediad/ingest"
)

// frameRate counts pictures over some two seconds of the publisher's time.
type frameRate struct {
	fps  float64
	from int64 // DTS of the first picture counted
	n    int
}

func (f *frameRate) add(dts int64) {
	if f.n == 0 {
		f.from = dts
	}
	if past := dts - f.from; past >= 2*ingest.Clock {
		f.fps = float64(f.n) * ingest.Clock / float64(past)
		f.n, f.from = 0, dts
	}
	f.n++
}

// gops measures groups of pictures: the last few, and the open one.
type gops struct {
	key, now int64 // DTS of the last key frame, or of the first picture, and of the last picture
	begun    bool
	have     bool     // a key frame came
	past     [3]int64 // lengths of the last groups, newest first
}

// endless is the length, in ticks, from which on a group of pictures counts as endless.
// It is longer than encoders choose by themselves (250 pictures).
const endless = 12 * ingest.Clock

func (g *gops) add(dts int64, key bool) {
	if g.now = dts; !g.begun {
		g.key, g.begun = dts, true
	}
	if !key {
		return
	}
	if g.have && g.missing() == 0 {
		g.past = [3]int64{dts - g.key, g.past[0], g.past[1]}
	}
	g.key, g.have = dts, true
}

func (g *gops) interval() int64 {
	if !g.have {
		return 0
	}
	return max(g.past[0], g.now-g.key)
}

// missing is the time since the last key frame, where the encoder seems to send none.
func (g *gops) missing() int64 {
	open := g.now - g.key
	if longest := max(g.past[0], g.past[1], g.past[2]); open < max(endless, longest*3/2) {
		return 0
	}
	return open
}

func (g *gops) longest() int64 { return max(g.interval(), g.past[1], g.past[2]) }

// order watches the distance between decoding and showing, over the last ten to
// twenty seconds of the publisher's time. A constant one is no reordering; a
// millisecond or two is the rounding of older OBS.
type order struct {
	now, past span
	from      int64 // DTS where now begins
}

// span is the least and the most of a distance, in ticks.
type span struct {
	least, most int64
	have        bool
}

const (
	rounding    = 2 * ingest.Clock / 1000
	orderWindow = 10 * ingest.Clock
)

func (o *order) add(dts, cts int64) {
	if !o.now.have || dts-o.from >= orderWindow || dts < o.from {
		o.past, o.now, o.from = o.now, span{}, dts
	}
	o.now = o.now.with(span{cts, cts, true})
}

func (s span) with(o span) span {
	switch {
	case !s.have:
		return o
	case !o.have:
		return s
	}
	return span{min(s.least, o.least), max(s.most, o.most), true}
}

func (o *order) both() span { return o.now.with(o.past) }

func (o *order) mixed() bool { s := o.both(); return s.most-s.least > rounding }

// offset compares the timestamps of sound and picture as they arrive side by
// side, as means over intervals of the publisher's time. No single timestamp shows that
// an encoder's two clocks drift; these means do.
type offset struct {
	last      int64 // DTS of the last audio unit
	at        time.Time
	from      int64 // DTS where the interval began
	sum, n    int64
	intervals int // number of finished intervals
	ref       int64
	now       int64 // of the last interval
}

// offsetInterval is how long an interval is, in ticks. The first one does not count:
// an encoder that begins sends one track in a rush.
const offsetInterval = 4 * ingest.Clock

func (o *offset) audio(now time.Time, dts int64) { o.last, o.at = dts, now }

func (o *offset) video(now time.Time, dts int64) {
	if o.at.IsZero() || now.Sub(o.at) > time.Second {
		o.n = 0 // no sound comes: that is no offset, and has a warning of its own
		return
	}
	if o.n == 0 {
		o.from, o.sum = dts, 0
	}
	o.sum += o.last - dts
	o.n++
	if dts-o.from < offsetInterval {
		return
	}
	if o.intervals++; o.intervals > 1 {
		o.now = o.sum / o.n
	}
	if o.intervals == 2 {
		o.ref = o.now
	}
	o.n = 0
}

func (o *offset) drift() int64 { return o.now - o.ref }

// arrival compares the publisher's clock with ours. Two clocks may drift by
// clockError. Media that falls behind faster than that is late; media that runs
// ahead faster is early.
type arrival struct {
	have                bool
	first, seen         time.Time
	from                int64
	last, base          time.Duration // the last delay, and the least one, corrected by clockError
	due                 time.Duration // the delay at the beginning, corrected by clockError
	late, early, jitter time.Duration
}

// clockError is 1/2000, or 500 ppm: several times the error of quartz clocks.
const clockError = 2000

func (a *arrival) add(now time.Time, ts int64) {
	if !a.have {
		*a = arrival{have: true, first: now, seen: now, from: ts}
		return
	}
	behind := now.Sub(a.first) - ingest.Duration(ts-a.from)
	a.base = min(a.base+now.Sub(a.seen)/clockError, behind)
	a.late = behind - a.base
	if a.early = max(a.due-behind, 0); a.early > 0 {
		a.due -= min(a.early, now.Sub(a.seen)/clockError)
	}
	a.jitter += (max(behind-a.last, a.last-behind) - a.jitter) / 16 // RFC 3550 6.4.1
	a.last, a.seen = behind, now
}
