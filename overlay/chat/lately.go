package chat

import (
	"sync"
	"time"
)

// lately knows what was set within a period, and perhaps twice as long, of a bounded number
// of keys.
type lately[K comparable, V any] struct {
	most   int
	period time.Duration

	mu sync.Mutex
	// Guarded by mu.
	now, then map[K]V // since turned, and from the period before
	turned    time.Time
}

func newLately[K comparable, V any](most int, period time.Duration) lately[K, V] {
	return lately[K, V]{most: most, period: period, now: map[K]V{}, then: map[K]V{}}
}

// with lets f use and set what is known of a key.
func (l *lately[K, V]) with(now time.Time, key K, f func(v V) V) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if age := now.Sub(l.turned); setBack(age) || age >= l.period || len(l.now) >= l.most {
		if setBack(age) || age >= 2*l.period {
			l.now = map[K]V{}
		}
		l.now, l.then, l.turned = map[K]V{}, l.now, now
	}
	v, ok := l.now[key]
	if !ok {
		v = l.then[key]
	}
	l.now[key] = f(v)
}

// setBack tells whether the clock was set back. Requests at the same time have read it in another order than they
// come here, so a little says nothing: time that is counted twice would be a gift to whoever sends many.
func setBack(since time.Duration) bool { return since < -time.Second }

// bucket bounds how often something happens.
type bucket struct {
	left float64
	at   time.Time
}

// take takes one; wait is how long there is none. A nil bucket is full.
func (b *bucket) take(now time.Time, burst int, every time.Duration) (_ *bucket, wait time.Duration) {
	if b == nil {
		b = &bucket{left: float64(burst), at: now}
	}
	switch since := now.Sub(b.at); {
	case since > 0:
		b.left = min(float64(burst), b.left+float64(since)/float64(every))
		b.at = now
	case setBack(since):
		b.at = now
	}
	if b.left < 1 {
		return b, max(time.Duration((1-b.left)*float64(every)), time.Nanosecond) // what is missing may round to nothing
	}
	b.left--
	return b, 0
}
