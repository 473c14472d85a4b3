package api

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// An account takes this many wrong passwords at once, and one more each wrongEvery.
const (
	wrongAtOnce = 10
	wrongEvery  = time.Minute
	// maxThrottled bounds the table, because strangers fill it with addresses.
	maxThrottled = 4096
)

// throttle slows down those who try passwords for one account, from wherever they come.
// It is safe for concurrent use.
type throttle struct {
	atOnce int
	every  time.Duration

	mu sync.Mutex
	// Guarded by mu.
	accounts map[string]*rate.Limiter
}

func newThrottle() *throttle { return throttled(wrongAtOnce, wrongEvery) }

func throttled(atOnce int, every time.Duration) *throttle {
	return &throttle{atOnce: atOnce, every: every, accounts: map[string]*rate.Limiter{}}
}

// left is how long an account still takes no password; 0: it takes one.
func (t *throttle) left(account string, now time.Time) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	l := t.accounts[account]
	if l == nil {
		return 0
	}
	if have := l.TokensAt(now); have < 1 {
		return time.Duration((1 - have) * float64(t.every))
	}
	return 0
}

// wrong notes a wrong password.
func (t *throttle) wrong(account string, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	l := t.accounts[account]
	if l == nil {
		t.makeRoom(now)
		l = rate.NewLimiter(rate.Every(t.every), t.atOnce)
		t.accounts[account] = l
	}
	l.AllowN(now, 1)
}

// right forgets the wrong passwords of an account.
func (t *throttle) right(account string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.accounts, account)
}

// makeRoom lets one more account into the table: those go whose wrong passwords are long
// ago, or else the one with the fewest. The caller holds mu.
func (t *throttle) makeRoom(now time.Time) {
	if len(t.accounts) < maxThrottled {
		return
	}
	fewest, most := "", -1.0
	for account, l := range t.accounts {
		have := l.TokensAt(now)
		if have >= float64(t.atOnce) {
			delete(t.accounts, account)
		} else if have > most {
			fewest, most = account, have
		}
	}
	if len(t.accounts) >= maxThrottled {
		delete(t.accounts, fewest)
	}
}
