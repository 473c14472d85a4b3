package store

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"mediad/overlay"
)

// lanes let a few actions write at once, each in a transaction of its own: first
// come, first served. Actions that join behind begin only while no other waits,
// one at a time.
type lanes struct {
	mu      sync.Mutex
	free    int             // guarded by mu
	waiting []chan struct{} // guarded by mu; each is closed when its caller has a lane
	behind  []chan struct{} // guarded by mu
	swept   bool            // guarded by mu; an action that joined behind has a lane

	rehearse bool // carry each action out twice, and undo the first: for tests; set before any use
}

// enter takes a lane, unless limit others wait already (0: no limit).
func (l *lanes) enter(ctx context.Context, limit int, behind bool) error {
	l.mu.Lock()
	if !behind && limit > 0 && len(l.waiting) >= limit {
		l.mu.Unlock()
		return overlay.Errorf(overlay.Unavailable, "the server is busy; try again in a moment")
	}
	turn := make(chan struct{})
	if behind {
		l.behind = append(l.behind, turn)
	} else {
		l.waiting = append(l.waiting, turn)
	}
	l.call()
	l.mu.Unlock()
	var late <-chan time.Time
	if !behind { // somebody waits for the answer
		timer := time.NewTimer(serialTime)
		defer timer.Stop()
		late = timer.C
	}
	err := overlay.Errorf(overlay.Unavailable, "the database does not answer in time; try again in a moment")
	select {
	case <-turn:
		return nil
	case <-late:
	case <-ctx.Done():
		err = ctx.Err()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	is := func(c chan struct{}) bool { return c == turn }
	if !slices.ContainsFunc(l.waiting, is) && !slices.ContainsFunc(l.behind, is) {
		return nil // it has got a lane meanwhile
	}
	l.waiting, l.behind = slices.DeleteFunc(l.waiting, is), slices.DeleteFunc(l.behind, is)
	return fmt.Errorf("wait for the database: %w", err)
}

// leave returns a lane.
func (l *lanes) leave(behind bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.free++
	if behind {
		l.swept = false
	}
	l.call()
}

// call gives free lanes to waiting actions. The caller holds mu.
func (l *lanes) call() {
	for l.free > 0 {
		switch {
		case len(l.waiting) > 0:
			close(l.waiting[0])
			l.waiting = l.waiting[1:]
		case len(l.behind) > 0 && !l.swept:
			close(l.behind[0])
			l.behind, l.swept = l.behind[1:], true
		default:
			return
		}
		l.free--
	}
}

func (l *lanes) waits() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.waiting)
}
