package broadcast

import (
	"log/slog"
	"sync"

	"mediad/overlay"
)

// missing holds ended broadcasts that have no journal. One log line reports all of
// them, and one more each room whose disk answered later.
type missing struct {
	log *slog.Logger
	mu  sync.Mutex
	// Guarded by mu.
	broadcasts []overlay.Broadcast
	told       bool
}

func (m *missing) add(more []overlay.Broadcast) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.broadcasts = append(m.broadcasts, more...)
	if m.told {
		m.say()
	}
}

// tell logs the broadcasts that are known so far.
func (m *missing) tell() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.told = true
	m.say()
}

// say is called with mu held.
func (m *missing) say() {
	if n := len(m.broadcasts); n > 0 {
		last := m.broadcasts[n-1]
		m.log.Error("journals of broadcasts are missing from data_dir or empty: their lengths and sizes are not known. If the store has them, mediad storage repair makes the journals anew",
			"broadcasts", n, "last_room", last.Room, "last_epoch", last.Epoch)
	}
	m.broadcasts = nil
}
