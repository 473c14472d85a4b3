package playtoken

import (
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// known remembers valid tokens: a viewer sends its own several times a second, and all
// viewers of a room send the same. Forged tokens are not in it.
type known struct {
	mu    sync.RWMutex
	valid map[asked]*validity // guarded by mu
}

type asked struct{ token, room string }

// maxKnown bounds the tokens that are remembered, one for each room and period in
// which it was asked for.
const maxKnown = 4096

// validity is until when a token is valid for a room.
type validity struct {
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
// once a second, for one kind of answer: only media has a longer lifetime than tokens.
func (v *validity) shortened(header string, left int64) []string {
	if l := v.last.Load(); l != nil && l.left == left && l.of == header {
		return l.is
	}
	l := &lifetime{header, left, []string{shorten(header, left)}}
	v.last.Store(l)
	return l.is
}

func (k *known) find(token, room string) *validity {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.valid[asked{token, room}]
}

func (k *known) add(token, room string, until time.Time) *validity {
	h := &validity{until: until}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.valid == nil || len(k.valid) >= maxKnown {
		k.valid = map[asked]*validity{} // tokens in use come back at once
	}
	// Copies, or the addresses that they were cut from would stay.
	k.valid[asked{strings.Clone(token), strings.Clone(room)}] = h
	return h
}
