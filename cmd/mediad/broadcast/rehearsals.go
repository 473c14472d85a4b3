package broadcast

import (
	"sync"
	"sync/atomic"

	"mediad/overlay"
)

// rehearsals knows which broadcasts are rehearsals. Mostly there is none, and each
// request for live media asks: it takes no lock then.
type rehearsals struct {
	onAir  atomic.Int64
	some   atomic.Bool
	epochs sync.Map // string → struct{}
}

func (r *rehearsals) know(epoch string) {
	r.epochs.Store(epoch, struct{}{})
	r.some.Store(true)
}

// knowAll takes up what a former process has left.
func (r *rehearsals) knowAll(lists ...[]overlay.Broadcast) {
	for _, list := range lists {
		for _, b := range list {
			if b.Rehearsal {
				r.know(b.Epoch)
			}
		}
	}
}

// Rehearsal tells whether a broadcast, on air or not, belongs to a rehearsal.
func (m *Manager) Rehearsal(epoch string) bool {
	if !m.rehearsals.some.Load() {
		return false
	}
	_, is := m.rehearsals.epochs.Load(epoch)
	return is
}

// Rehearses tells whether a rehearsal is on air in a room.
func (m *Manager) Rehearses(slug string) bool {
	if m.rehearsals.onAir.Load() == 0 {
		return false
	}
	m.mu.Lock()
	in := m.rooms[slug]
	m.mu.Unlock()
	if in == nil {
		return false
	}
	a, _ := in.current()
	return a != nil && a.begin.Rehearsal
}
