package api

import (
	"context"
	"errors"
	"sync"
	"time"

	"mediad/overlay"
)

// A show takes only so many cues a second. One that comes too soon, as by a host who taps
// fast, waits for its place; a few may wait in each room, and more are refused.
const (
	longestTurn = 2 * time.Second
	mostInTurn  = overlay.CuesASecond
)

// turns are the requests that wait for their places.
type turns struct {
	mu      sync.Mutex
	waiting map[string]int // guarded by mu; by room
}

func (t *turns) join(room string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.waiting[room] >= mostInTurn {
		return false
	}
	t.waiting[room]++
	return true
}

func (t *turns) leave(room string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.waiting[room]--; t.waiting[room] <= 0 {
		delete(t.waiting, room)
	}
}

// inTurn does what makes a cue, once its show takes one.
func (a *API) inTurn(ctx context.Context, room string, do func() (overlay.CueInfo, error)) (overlay.CueInfo, error) {
	info, err := do()
	var soon *overlay.TooSoon
	if !errors.As(err, &soon) || !a.turns.join(room) {
		return info, err
	}
	defer a.turns.leave(room)
	last := time.Now().Add(longestTurn)
	for errors.As(err, &soon) && soon.Until.Before(last) {
		timer := time.NewTimer(time.Until(soon.Until))
		select {
		case <-ctx.Done():
			timer.Stop()
			return info, err
		case <-timer.C:
		}
		info, err = do()
	}
	return info, err
}
