package http1

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"
)

// Members are the connections of a server of HTTP/1.1, or of HTTP/2 in its own package,
// until the end of its drain.
type Members[C comparable] struct {
	done chan struct{} // closed, with mu held, when the drain begins
	gone sync.WaitGroup

	mu sync.Mutex
	// Guarded by mu.
	all map[C]struct{}
}

// NewMembers gives Members without a connection.
func NewMembers[C comparable]() *Members[C] {
	return &Members[C]{done: make(chan struct{}), all: map[C]struct{}{}}
}

// Enter makes room for a connection, if no drain has begun. Add or Cancel follows.
func (m *Members[C]) Enter() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.enter()
}

func (m *Members[C]) enter() bool {
	if m.Draining() {
		return false
	}
	m.gone.Add(1)
	return true
}

// Add notes the connection for which there is room. Leave follows.
func (m *Members[C]) Add(c C) {
	m.mu.Lock()
	m.all[c] = struct{}{}
	m.mu.Unlock()
}

// Cancel gives the room back where no connection came.
func (m *Members[C]) Cancel() { m.gone.Done() }

// Join is Enter and Add in one step: a drain tells everybody who has joined.
func (m *Members[C]) Join(begin func() C) (c C, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.enter() {
		return c, false
	}
	c = begin()
	m.all[c] = struct{}{}
	return c, true
}

// Leave is for a connection that has ended.
func (m *Members[C]) Leave(c C) {
	m.mu.Lock()
	delete(m.all, c)
	m.mu.Unlock()
	m.gone.Done()
}

// Draining tells whether the drain has begun.
func (m *Members[C]) Draining() bool {
	select {
	case <-m.done:
		return true
	default:
		return false
	}
}

// All is everybody who is there.
func (m *Members[C]) All() []C {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Collect(maps.Keys(m.all))
}

// Sweep visits everybody once in each round until the drain begins.
func (m *Members[C]) Sweep(round time.Duration, visit func(C)) {
	clock := time.NewTicker(round)
	defer clock.Stop()
	for {
		select {
		case <-m.done:
			return
		case <-clock.C:
		}
		for _, c := range m.All() {
			visit(c)
		}
	}
}

// Drain lets nobody in any more, tells everybody to leave, and waits until all have.
// If ctx ends first, it cuts the rest off.
func (m *Members[C]) Drain(ctx context.Context, leave, cut func(C)) {
	m.mu.Lock()
	if !m.Draining() {
		close(m.done)
	}
	m.mu.Unlock()
	for _, c := range m.All() {
		leave(c)
	}
	empty := make(chan struct{})
	go func() {
		m.gone.Wait()
		close(empty)
	}()
	select {
	case <-empty:
	case <-ctx.Done():
		for _, c := range m.All() {
			cut(c)
		}
	}
}
