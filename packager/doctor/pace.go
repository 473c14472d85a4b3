package doctor

import (
	"context"
	"fmt"
	"time"

	"mediad/packager/m3u8"
)

// noise is how much later than the rule says media may come, because of the network.
const noise = 250 * time.Millisecond

// stride is the longest time over which the listed media is measured. After that, the
// measurement begins anew, because clocks of encoders drift.
const stride = time.Minute

// pace is how the listed media grows.
type pace struct {
	closed time.Time     // when the last whole segment came
	since  time.Time     // when the measurement began; zero while there is none
	grown  time.Duration // media that has been listed since then
}

// grow notes the next version.
func (p *pace) grow(old, m *m3u8.Media, at time.Time) {
	if old == nil || upcoming(m) > upcoming(old) {
		p.closed = at
	}
	if old == nil || m.Sequence > upcoming(old) { // a hole of unknown length
		p.since = time.Time{}
		return
	}
	for i, s := range m.Segments {
		if m.Sequence+uint64(i) >= upcoming(old) {
			p.grown += s.Duration
		}
	}
	p.grown += lasting(m.Open.Parts) - lasting(old.Open.Parts)
}

func lasting(parts []m3u8.Part) (sum time.Duration) {
	for _, p := range parts {
		sum += p.Duration
	}
	return sum
}

// punctual takes in the answer with the next entry, and judges the pace by it. An
// answer that came at once tells nothing of the pace, because its entries may have
// been there for some time.
func (d *Doctor) punctual(ctx context.Context, a *answer) {
	segments := d.target * 3 / 2
	entry := d.media.PartTarget
	if entry == 0 {
		entry = segments
	}
	quiet := a.first.Sub(d.pace.closed)
	d.see(ctx, a)
	l, where := d.ledger, a.place()
	l.judge("A1.11", a.took() <= entry+noise, where, a.heads(), fmt.Sprintf("nothing new came for %v", a.took().Round(time.Millisecond)))
	if a.took() < entry/4 {
		return
	}
	l.judge("A1.11", quiet <= segments+noise, where, lastLines(d.text), fmt.Sprintf("no segment came for %v", quiet.Round(time.Millisecond)))
	p := &d.pace
	if took := a.first.Sub(p.since); p.since.IsZero() || took > stride {
		p.since, p.grown = a.first, 0
	} else if took-p.grown > entry+noise {
		l.bad("A1.11", where, lastLines(d.text), fmt.Sprintf("within %v, only %v of media were listed", took.Round(time.Millisecond), p.grown))
		p.since = time.Time{}
	}
}
