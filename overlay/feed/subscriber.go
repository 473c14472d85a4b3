package feed

import (
	"context"

	"mediad/overlay"
)

// Message tells a subscriber of a room about an event that hosts may see, or
// about one that has landed in the stream.
type Message struct {
	Room   string
	Event  *overlay.Event
	Landed *Landed
}

// Landed says where an event landed.
type Landed struct {
	Cue  string // the event's id
	Show string
	Seq  uint64
	overlay.Landing
}

// Subscription is one listener of a room.
type Subscription struct {
	// C gives the messages. It is closed when the listener did not keep up,
	// when the feed ends, and by Close.
	C <-chan Message

	feed *Feed
	room string
	c    chan Message // closed under feed.mu, when it leaves feed.subs
}

// Subscribe listens to a room from now on. Earlier events are in the log: read it
// after subscribing, and skip the events that are in both. Until Run has found the
// log's end, Subscribe waits: what is appended before that is never handed on, so
// that the log must be read after it. If ctx ends first, C is closed.
func (f *Feed) Subscribe(ctx context.Context, room string) *Subscription {
	c := make(chan Message, f.o.Buffer)
	select {
	case <-f.started:
	case <-ctx.Done():
		close(c)
		return &Subscription{C: c, feed: f, room: room, c: c}
	}
	s := &Subscription{C: c, feed: f, room: room, c: c}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.subs == nil {
		close(c)
		return s
	}
	if f.subs[room] == nil {
		f.subs[room] = map[*Subscription]struct{}{}
	}
	f.subs[room][s] = struct{}{}
	return s
}

// Close stops listening. It may be called more than once.
func (s *Subscription) Close() {
	s.feed.mu.Lock()
	defer s.feed.mu.Unlock()
	s.feed.drop(s)
}

// drop is called with mu held.
func (f *Feed) drop(s *Subscription) {
	if _, ok := f.subs[s.room][s]; !ok {
		return
	}
	delete(f.subs[s.room], s)
	if len(f.subs[s.room]) == 0 {
		delete(f.subs, s.room)
	}
	close(s.c)
}

func (f *Feed) publish(m Message) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for s := range f.subs[m.Room] {
		select {
		case s.c <- m:
		default:
			f.drop(s) // it reconnects with Last-Event-ID
		}
	}
}

// HangUp disconnects all subscribers, as for a shutdown: they reconnect to the
// next process. A later subscriber is disconnected at once.
func (f *Feed) HangUp() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, room := range f.subs {
		for s := range room {
			f.drop(s)
		}
	}
	f.subs = nil
}
