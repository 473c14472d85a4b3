package store

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"mediad/overlay"
)

// togetherAtMost is how much of what callers want at the same time one transaction does.
const togetherAtMost = 256

// together gathers what callers want of the database at the same time, so that one
// transaction does it for all. Nobody waits for others to come: while one transaction
// commits, the next gathers. The zero value is ready.
type together[W comparable] struct {
	mu      sync.Mutex
	waiting []W  // guarded by mu
	runs    bool // guarded by mu; a goroutine commits what waits
}

// join queues something, unless limit others wait already (0: no limit). Where no goroutine
// commits, one begins, and ends when nothing waits: somebody waits for an answer as long
// as it runs.
func (g *together[W]) join(w W, limit int, commit func([]W)) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if limit > 0 && len(g.waiting) >= limit {
		return overlay.Errorf(overlay.Unavailable, "the server is busy; try again in a moment")
	}
	g.waiting = append(g.waiting, w)
	if !g.runs {
		g.runs = true
		go g.run(commit)
	}
	return nil
}

func (g *together[W]) run(commit func([]W)) {
	for {
		g.mu.Lock()
		n := min(len(g.waiting), togetherAtMost)
		batch := g.waiting[:n:n]
		g.waiting = g.waiting[n:]
		g.runs = n > 0
		g.mu.Unlock()
		if n == 0 {
			return
		}
		commit(batch)
	}
}

// leave takes something out again; false: it is being committed, and its answer counts.
func (g *together[W]) leave(w W) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	i := slices.Index(g.waiting, w)
	if i < 0 {
		return false
	}
	g.waiting = append(g.waiting[:i:i], g.waiting[i+1:]...)
	return true
}

// ask has something done, and waits for the answer; answer is the channel that commit sends
// it to. left: the caller has gone before it was begun, and it is not done.
func (g *together[W]) ask(ctx context.Context, w W, answer <-chan error, limit int, commit func([]W)) (left bool, err error) {
	if err := g.join(w, limit, commit); err != nil {
		return false, err
	}
	select {
	case err := <-answer:
		return false, err
	case <-ctx.Done():
		if g.leave(w) {
			return true, fmt.Errorf("wait for the database: %w", ctx.Err())
		}
		return false, <-answer
	}
}
