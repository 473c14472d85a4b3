package pass

import (
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// known are passes that were found good: a viewer shows its own several times a
// second, and all viewers of a room the same. What is forged is not in it.
type known struct {
	mu    sync.RWMutex
	holds map[shown]*hold // guarded by mu
}

type shown struct{ pass, room string }

// maxKnown bounds the passes that are remembered, one for each room and period in
// which it was asked for.
const maxKnown = 4096

// hold is until when a pass holds for a room.
type hold struct {
	until time.Time
	last  atomic.Pointer[lifetime] // of the answer before; nil: there was none
}

// lifetime is a Cache-Control header as it is at so many seconds before the end.
type lifetime struct {
	of   string
	left int64
	is   []string // shared by answers
}

// shortened is a Cache-Control header with no lifetime beyond the end. It is made
// once a second, for one kind of answer: media is what outlives a pass.
func (h *hold) shortened(header string, left int64) []string {
	if l := h.last.Load(); l != nil && l.left == left && l.of == header {
		return l.is
	}
	l := &lifetime{header, left, []string{shorten(header, left)}}
	h.last.Store(l)
	return l.is
}

func (k *known) find(pass, room string) *hold {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.holds[shown{pass, room}]
}

func (k *known) add(pass, room string, until time.Time) *hold {
	h := &hold{until: until}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.holds == nil || len(k.holds) >= maxKnown {
		k.holds = map[shown]*hold{} // those that are still shown come back at once
	}
	// Copies, or the addresses that they were cut from would stay.
	k.holds[shown{strings.Clone(pass), strings.Clone(room)}] = h
	return h
}
