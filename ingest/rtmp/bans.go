package rtmp

import (
	"net/netip"
	"time"
)

// BanRule says when a network — an IPv4 address, or the /64 of an IPv6 one —
// is refused at once. Zero values mean the defaults.
type BanRule struct {
	// WrongKeys is how many wrong keys are one too many; default 10. Negative:
	// nobody is banned.
	WrongKeys int
	// Within is how long wrong keys are counted, from the first one on; default
	// a minute.
	Within time.Duration
	// For is how long a ban lasts; default 5 minutes.
	For time.Duration
}

func (r BanRule) normalize() BanRule {
	if r.WrongKeys == 0 {
		r.WrongKeys = 10
	}
	if r.Within <= 0 {
		r.Within = time.Minute
	}
	if r.For <= 0 {
		r.For = 5 * time.Minute
	}
	return r
}

// maxOffenders bounds the table of networks, which strangers fill. When it is
// full, who would be forgotten next is forgotten at once.
const maxOffenders = 4096

// bans decides who is banned. It knows no clock.
type bans struct {
	rule      BanRule
	offenders map[netip.Prefix]offender
}

// offender is a network that tried a wrong key.
type offender struct {
	wrong int
	until time.Time // the end of the count, or of the ban
}

func newBans(rule BanRule) bans {
	return bans{rule: rule.normalize(), offenders: make(map[netip.Prefix]offender)}
}

// wrong notes a wrong key. It tells whether that begins a ban.
func (b *bans) wrong(from netip.Prefix, now time.Time) bool {
	if b.rule.WrongKeys < 0 || b.banned(from, now) {
		return false
	}
	o, known := b.offenders[from]
	if !known {
		b.makeRoom(now)
	}
	if !now.Before(o.until) {
		o = offender{until: now.Add(b.rule.Within)}
	}
	o.wrong++
	banned := o.wrong >= b.rule.WrongKeys
	if banned {
		o.until = now.Add(b.rule.For)
	}
	b.offenders[from] = o
	return banned
}

// banned tells whether a network is to be refused.
func (b *bans) banned(from netip.Prefix, now time.Time) bool {
	o, ok := b.offenders[from]
	return ok && o.wrong >= b.rule.WrongKeys && now.Before(o.until)
}

// count is the number of bans in force.
func (b *bans) count(now time.Time) (n int) {
	for from := range b.offenders {
		if b.banned(from, now) {
			n++
		}
	}
	return n
}

// makeRoom lets one more network into the table.
func (b *bans) makeRoom(now time.Time) {
	if len(b.offenders) < maxOffenders {
		return
	}
	var next netip.Prefix
	var first time.Time
	for from, o := range b.offenders {
		if !now.Before(o.until) {
			delete(b.offenders, from)
		} else if first.IsZero() || o.until.Before(first) {
			next, first = from, o.until
		}
	}
	if len(b.offenders) >= maxOffenders {
		delete(b.offenders, next)
	}
}
