package packager

import (
	"context"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"
)

// How many answers are read from the store at once, in all and for one address,
// and how long one more waits for its turn. Each holds a file or a connection to the
// store, and a slow reader holds it for long. For other readers an answer takes
// milliseconds.
const (
	readAtOnce = 256
	readByOne  = 64
	turnWait   = 10 * time.Second
)

// turns lets a few in at a time, in the order in which they came, and of one
// address no more than its share.
type turns struct {
	all       *semaphore.Weighted
	most, own int64

	mu sync.Mutex
	by map[netip.Addr]*line // guarded by mu
}

// line is one address. Its users are guarded by turns.mu.
type line struct {
	own   *semaphore.Weighted
	users int
}

func newTurns(most, own int64) *turns {
	return &turns{all: semaphore.NewWeighted(most), most: most, own: own, by: map[netip.Addr]*line{}}
}

// take waits for a turn of a request from an address; done ends it.
func (t *turns) take(ctx context.Context, remote string) (done func(), ok bool) {
	ctx, cancel := context.WithTimeout(ctx, turnWait)
	defer cancel()
	from := NetworkOf(remote)
	l := t.enter(from)
	if l.own.Acquire(ctx, 1) != nil {
		t.leave(from, l)
		return nil, false
	}
	if t.all.Acquire(ctx, 1) != nil {
		l.own.Release(1)
		t.leave(from, l)
		return nil, false
	}
	return func() {
		t.all.Release(1)
		l.own.Release(1)
		t.leave(from, l)
	}, true
}

func (t *turns) enter(from netip.Addr) *line {
	t.mu.Lock()
	defer t.mu.Unlock()
	l := t.by[from]
	if l == nil {
		own := t.own
		if from.IsLoopback() { // a proxy, for everybody
			own = t.most
		}
		l = &line{own: semaphore.NewWeighted(own)}
		t.by[from] = l
	}
	l.users++
	return l
}

func (t *turns) leave(from netip.Addr, l *line) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if l.users--; l.users == 0 {
		delete(t.by, from)
	}
}

// NetworkOf is the address that a request counts for: of IPv6 its /64, which is one
// customer's.
func NetworkOf(remote string) netip.Addr {
	ap, err := netip.ParseAddrPort(remote)
	if err != nil {
		return netip.Addr{}
	}
	a := ap.Addr().Unmap()
	if a.Is6() && !a.IsLoopback() {
		p, err := a.WithZone("").Prefix(64)
		if err == nil {
			return p.Addr()
		}
	}
	return a
}
