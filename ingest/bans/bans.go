// Package bans refuses networks that guess stream keys or tokens.
//
// Wrong guesses flow in, with their time; what flows out is which network is
// refused, and for how long. The package reads no clock and knows no protocol.
package bans

import (
	"hash/maphash"
	"net"
	"net/netip"
	"sync"
	"time"
)

// Rule says when a network — an IPv4 address, or the /64 of an IPv6 one — is
// refused at once. Zero values mean the defaults.
type Rule struct {
	// Wrong is the number of wrong guesses that begins a ban; default 10. Where
	// it is negative, nobody is banned.
	Wrong int
	// Within is how long wrong guesses are counted, from the first one on;
	// default a minute.
	Within time.Duration
	// For is how long a ban lasts; default 5 minutes.
	For time.Duration
}

func (r Rule) normalize() Rule {
	if r.Wrong == 0 {
		r.Wrong = 10
	}
	if r.Within <= 0 {
		r.Within = time.Minute
	}
	if r.For <= 0 {
		r.For = 5 * time.Minute
	}
	return r
}

// maxOffenders bounds the table of networks, because strangers fill it. When it is
// full, the network whose count or ban would end next is forgotten at once.
const maxOffenders = 4096

// Bans is safe for concurrent use.
type Bans struct {
	seed maphash.Seed

	mu sync.Mutex
	// Guarded by mu.
	rule      Rule
	offenders map[netip.Prefix]offender
}

// offender is a network that guessed wrong.
type offender struct {
	wrong int
	last  uint64    // hash of its last guess
	until time.Time // the end of the count, or of the ban
}

// New gives Bans without any.
func New(rule Rule) *Bans {
	return &Bans{seed: maphash.MakeSeed(), rule: rule.normalize(), offenders: make(map[netip.Prefix]offender)}
}

// SetRule changes the rule. The new one counts from the next wrong guess on.
func (b *Bans) SetRule(rule Rule) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.rule = rule.normalize()
}

// For is how long a ban lasts that begins now.
func (b *Bans) For() time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.rule.For
}

// Wrong notes a wrong guess. It tells whether that begins a ban.
func (b *Bans) Wrong(from netip.Prefix, now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.wrong(from, 0, now)
}

// WrongSecret is Wrong, except that a guess that repeats the last one does not
// count: a program that still uses an old token is not guessing.
func (b *Bans) WrongSecret(from netip.Prefix, guess string, now time.Time) bool {
	last := maphash.String(b.seed, guess)
	b.mu.Lock()
	defer b.mu.Unlock()
	if o, ok := b.offenders[from]; ok && o.last == last && now.Before(o.until) {
		return false
	}
	return b.wrong(from, last, now)
}

// wrong is Wrong where mu is held.
func (b *Bans) wrong(from netip.Prefix, last uint64, now time.Time) bool {
	if b.rule.Wrong < 0 || b.left(from, now) > 0 {
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
	o.last = last
	banned := o.wrong >= b.rule.Wrong
	if banned {
		o.until = now.Add(b.rule.For)
	}
	b.offenders[from] = o
	return banned
}

// Left is the time for which a network is still refused; 0 where it is not banned.
func (b *Bans) Left(from netip.Prefix, now time.Time) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.left(from, now)
}

// left is Left where mu is held.
func (b *Bans) left(from netip.Prefix, now time.Time) time.Duration {
	if o, ok := b.offenders[from]; ok && b.rule.Wrong >= 0 && o.wrong >= b.rule.Wrong {
		return max(0, o.until.Sub(now))
	}
	return 0
}

// Count is the number of bans in force.
func (b *Bans) Count(now time.Time) (n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for from := range b.offenders {
		if b.left(from, now) > 0 {
			n++
		}
	}
	return n
}

// makeRoom lets one more network into the table. The caller holds mu.
func (b *Bans) makeRoom(now time.Time) {
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

// Network is the network that guesses from an address count for: an IPv4 address
// itself, or the /64 of an IPv6 address, because one host may own all of it. The
// loopback has none, and is never banned: a proxy on the same machine forwards for
// everybody. Addresses that are not of TCP have none either.
func Network(a net.Addr) (netip.Prefix, bool) {
	t, ok := a.(*net.TCPAddr)
	if !ok || t.IP.IsLoopback() {
		return netip.Prefix{}, false
	}
	return network(t.AddrPort().Addr())
}

// NetworkOf is Network for HOST:PORT, as http.Request.RemoteAddr is.
func NetworkOf(remote string) (netip.Prefix, bool) {
	a, err := netip.ParseAddrPort(remote)
	if err != nil || a.Addr().Unmap().IsLoopback() {
		return netip.Prefix{}, false
	}
	return network(a.Addr())
}

func network(ip netip.Addr) (netip.Prefix, bool) {
	ip = ip.Unmap().WithZone("")
	bits := 64
	if ip.Is4() {
		bits = 32
	}
	p, err := ip.Prefix(bits)
	return p, err == nil
}
