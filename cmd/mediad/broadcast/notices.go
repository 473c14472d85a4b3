package broadcast

import (
	"slices"
	"sync"
	"time"
)

// noticeFor is how long a host can read a notice.
const noticeFor = 5 * time.Minute

// notices tell the hosts of rooms what happened to their publishers: the
// latest event of each kind. The type knows no clock; the zero value is
// ready.
type notices struct {
	mu sync.Mutex
	// Guarded by mu.
	rooms map[string][]notice
}

type notice struct {
	kind, text string
	until      time.Time
}

func (n *notices) add(room, kind, text string, now time.Time) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.rooms == nil {
		n.rooms = map[string][]notice{}
	}
	kept := slices.DeleteFunc(n.rooms[room], func(old notice) bool { return old.kind == kind })
	n.rooms[room] = append(kept, notice{kind, text, now.Add(noticeFor)})
}

// of gives a room's notices, oldest first.
func (n *notices) of(room string, now time.Time) []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	var out []string
	for _, x := range n.rooms[room] {
		if now.Before(x.until) {
			out = append(out, x.text)
		}
	}
	return out
}
