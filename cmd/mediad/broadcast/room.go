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

// room is where one room's broadcasts come and go. Begins, take-overs and ends
// queue for its turn: who has that may wait for a disk or for the database, and
// keeps nobody waiting but those who want something of the same room. Nobody who
// holds mu waits for anything.
type room struct {
	slug string
	turn chan struct{} // holds a value while somebody has the turn

	// Of who has the turn.
	owed     *owedEnd           // nil: the database knows of every end
	left     *overlay.Broadcast // what a former process left on air and could not be taken up yet
	cooldown *cooldown          // nil: no host's end is on anybody's mind

	mu sync.Mutex
	// Changed with the turn and mu, read with either.
	air *onAir // nil: nothing is on air
}

func newRoom(slug string) *room { return &room{slug: slug, turn: make(chan struct{}, 1)} }

// take waits for the room's turn; who gets it calls give.
func (r *room) take(ctx context.Context) error {
	select {
	case r.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait for what else happens to the room: %w", ctx.Err())
	}
}

func (r *room) give() { <-r.turn }

// onAir is one room's broadcast.
type onAir struct {
	begin   overlay.Begin
	stream  *packager.Stream
	stored  *archive.Recorder
	spooled *spool.Recorder
	forgot  bool // a former process stored segments, and the journal of them is gone

	contest contention // of who has the room's turn

	// Changed with the room's turn and mu, read with either.
	presence
}

// presence is who publishes, or since when nobody does.
type presence struct {
	session *packager.Session // nil: nobody publishes
	request ingest.Request    // of the present publisher
	since   time.Time
	heard   *atomic.Int64 // when the present publisher last sent media, in ns since 1970
	timer   *time.Timer   // ends the broadcast; set while nobody publishes
	away    api.Away      // since when nobody does, and until when the room waits; holds while timer does
}

// now gives what is on air and who publishes; nil: nothing is.
func (r *room) now() (*onAir, presence) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.air == nil {
		return nil, presence{}
	}
	return r.air, r.air.presence
}

// room finds a room's place, or makes it.
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
