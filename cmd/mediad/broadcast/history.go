package broadcast

import (
	"maps"
	"slices"
	"sync"

	"mediad/overlay/api"
)

// How many events of each room are kept, and how many a follower may lag
// behind before it loses the oldest.
const (
	historyLength  = 10
	historyBacklog = 32
)

// history holds the latest events of the publishers of rooms. It is in memory
// only: the show's log has what must last. It implements api.Publishers; the
// zero value is ready.
type history struct {
	mu sync.Mutex
	// Guarded by mu.
	events    map[string][]api.PublisherEvent // by room, oldest first
	followers map[string][]chan api.PublisherEvent
	counts    map[api.PublisherKind]uint64 // over all rooms
}

// add keeps an event and tells it to the followers of its room. It never
// blocks.
func (h *history) add(e api.PublisherEvent) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.events == nil {
		h.events, h.counts = map[string][]api.PublisherEvent{}, map[api.PublisherKind]uint64{}
	}
	h.counts[e.Kind]++
	kept := h.events[e.Room]
	if len(kept) == historyLength {
		kept = slices.Delete(kept, 0, 1)
	}
	h.events[e.Room] = append(kept, e)
	for _, f := range h.followers[e.Room] {
		if len(f) == cap(f) { // safe: only add sends, with mu held
			select {
			case <-f:
			default:
			}
		}
		f <- e
	}
}

// of gives the latest events of a room, oldest first.
func (h *history) of(room string) []api.PublisherEvent {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.events[room])
}

// count tells how often each kind has happened, over all rooms.
func (h *history) count() map[api.PublisherKind]uint64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	return maps.Clone(h.counts)
}

// FollowPublishers implements api.Publishers.
func (h *history) FollowPublishers(room string) (<-chan api.PublisherEvent, func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.followers == nil {
		h.followers = map[string][]chan api.PublisherEvent{}
	}
	f := make(chan api.PublisherEvent, historyBacklog)
	h.followers[room] = append(h.followers[room], f)
	return f, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		left := slices.DeleteFunc(h.followers[room], func(o chan api.PublisherEvent) bool { return o == f })
		if h.followers[room] = left; len(left) == 0 {
			delete(h.followers, room)
		}
	}
}
