package broadcast

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"mediad/ingest"
	"mediad/overlay"
	"mediad/overlay/api"
	"mediad/packager"
	"mediad/packager/archive"
	"mediad/packager/spool"
)

// room holds the state of one room's broadcasts. Begins, take-overs and ends
// queue for the turn of the room. A goroutine that has the turn may wait for a
// disk or for the database, and delays only others that want the same room. A
// goroutine that holds mu waits for nothing.
type room struct {
	slug string
	turn chan struct{} // holds a value while a goroutine has the turn

	// Owned by the goroutine that has the turn.
	pendingEnd *pendingEnd        // nil: the database knows of every end
	left       *overlay.Broadcast // left on air by a former process, and not taken up yet
	cooldown   *cooldown          // nil: there was no host's end that matters

	mu sync.Mutex
	// Changed with the turn and mu, read with either.
	air *onAir // nil: nothing is on air
}

func newRoom(slug string) *room { return &room{slug: slug, turn: make(chan struct{}, 1)} }

// acquire waits for the room's turn. A caller that got the turn calls release.
func (r *room) acquire(ctx context.Context) error {
	select {
	case r.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait for what else happens to the room: %w", ctx.Err())
	}
}

func (r *room) release() { <-r.turn }

// onAir is one room's broadcast.
type onAir struct {
	begin   overlay.Begin
	stream  *packager.Stream
	stored  *archive.Recorder
	spooled *spool.Recorder
	forgot  bool // a former process stored segments, and their journal is gone

	// Owned by the goroutine that has the room's turn.
	contention    contention
	returnPending bool // the database does not know yet that the publisher is back

	// Changed with the room's turn and mu, read with either.
	publisherState
}

// publisherState says who publishes, or since when nobody does.
type publisherState struct {
	session *packager.Session // nil: nobody publishes
	request ingest.Request    // of the present publisher
	since   time.Time
	heard   *atomic.Int64 // when the present publisher last sent media, in ns since 1970
	timer   *time.Timer   // ends the broadcast; set while nobody publishes
	away    api.Away      // since when nobody publishes, and until when the room waits; valid while timer is set
}

// current gives the broadcast on air and its publisher; nil: none is on air.
func (r *room) current() (*onAir, publisherState) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.air == nil {
		return nil, publisherState{}
	}
	return r.air, r.air.publisherState
}

// room finds the room of a slug, or adds it.
func (m *Manager) room(slug string) *room {
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.rooms[slug]
	if r == nil {
		r = newRoom(slug)
		m.rooms[slug] = r
	}
	return r
}

// known gives all rooms that had something on air.
func (m *Manager) known() []*room {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := make([]*room, 0, len(m.rooms))
	for _, r := range m.rooms {
		out = append(out, r)
	}
	return out
}
