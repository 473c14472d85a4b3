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

// history is what happened to the publishers of rooms lately. It is in memory
// only: what lasts is in the show's log. It implements api.Publishers; the zero
// value is ready.
type history struct {
	mu sync.Mutex
	// Guarded by mu.
	events    map[string][]api.PublisherEvent // by room, oldest first
	followers map[string][]chan api.PublisherEvent
	counts    map[api.PublisherKind]uint64 // over all rooms
}

// add tells an event to those who follow its room. It waits for nobody.
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
		if len(f) == cap(f) { // only this side sends, and under mu
			select {
			case <-f:
			default:
			}
		}
		f <- e
	}
}

// of gives a room's latest events, oldest first.
func (h *history) of(room string) []api.PublisherEvent {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.events[room])
}

// count gives how often each kind has happened, over all rooms.
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
