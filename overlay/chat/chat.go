// Package chat carries the comments of viewers and hosts of shows. Anybody may write and
// many thousands listen, so the package bounds what both cost.
//
// Input: comments. One is judged in memory, gets an id that is above all before it, and is
// kept together with others that wait: one transaction for many. Output: after the commit
// each comment is encoded once, onto a tape that all listeners of its show read, each from
// its own place. So a listener costs a place, and who reads slower than the tape moves on
// is dropped. Great crowds are woken less often, and hear a part of what is said where all
// of it would be too much for anybody to read. What moderators change is read again from
// the database, and told from there. Addresses are kept in memory for a minute, as a bound
// on what one network writes, and never stored. The package knows no HTTP and no SQL.
package chat

import (
	"context"
	"log/slog"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"mediad/overlay"
)

// Bounds of the cost of chats.
const (
	waiting       = 4096             // comments that wait for a transaction
	batch         = 256              // comments of one transaction
	conversations = 4096             // shows whose chat is in memory
	idle          = 10 * time.Minute // a chat that nobody has asked for since leaves memory
	recent        = 500              // comments of a show in memory, up to twice as many
	goneKept      = 500              // ids that a listener who comes back is told have gone
	tick          = time.Second      // between two looks, and two writes of likes
	last          = 2 * time.Second  // time to write likes when the process ends
	writerTime    = time.Minute      // how long it is known what somebody wrote
	writers       = 16384            // of a show, in each of two maps
	liked         = 2048             // comments of a show with likes between two writes
	told          = 20               // of them, listeners are told of in one look
)

// How much one viewer and one network may write: so many at once, and then one each time.
const (
	viewerBurst, viewerEvery   = 5, 2 * time.Second
	networkBurst, networkEvery = 60, 50 * time.Millisecond // many viewers of a town may share an address
)

// Every is how often viewers ask for a page who cannot listen.
const Every = 2 * time.Second

// Store keeps comments.
type Store interface {
	Chat(ctx context.Context, show string) (overlay.Chat, error)
	GetShow(ctx context.Context, show string) (overlay.Show, error)
	NewestComment(ctx context.Context, show string) (string, error)
	CommentsBefore(ctx context.Context, show, before string, limit int) ([]overlay.Comment, error)
	CommentsNamed(ctx context.Context, show string, ids []string) ([]overlay.Comment, error)
	// AddComments keeps those whose show there is, and gives their ids.
	AddComments(ctx context.Context, list []overlay.Comment) (map[string]bool, error)
	LikeComments(ctx context.Context, show string, likes map[string]int64) error
	// Changed gives a channel that is closed after the next commit that readers should see.
	Changed() <-chan struct{}
}

// Options of a Hub. Store and NewID are needed.
type Options struct {
	Store Store
	NewID func() string // ULIDs
	// Listeners is how many may listen at once, in all shows; 0: SampleOver of a room.
	Listeners int
	Log       *slog.Logger     // nil: slog's default
	Now       func() time.Time // nil: time.Now
}

// Stats are counts since the start.
type Stats struct {
	Comments  uint64 // kept
	Refused   uint64 // by a rule or a bound
	Failed    uint64 // that the store refused
	Dropped   uint64 // listeners who fell behind
	LeftOut   uint64 // comments that were not sent to a great crowd
	Listeners int    // now
}

// Hub is safe for concurrent use.
type Hub struct {
	o Options

	listeners                                   atomic.Int64
	comments, refused, failed, dropped, leftOut atomic.Uint64

	networks lately[netip.Addr, *bucket] // guards itself

	// mu is taken before that of a conversation, hosting and queueing behind it.
	mu            sync.Mutex
	conversations map[string]*conversation // guarded by mu; by show

	hosting sync.RWMutex
	hosts   map[string]*hostTape // guarded by hosting; by room

	queueing sync.Mutex
	queue    []*line // guarded by queueing
	keeps    bool    // guarded by queueing; a goroutine keeps what waits
}

// New makes a Hub. It takes comments at once; Run keeps likes.
func New(o Options) *Hub {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Listeners == 0 {
		o.Listeners = overlay.SampleOver
	}
	return &Hub{o: o, conversations: map[string]*conversation{}, hosts: map[string]*hostTape{}, networks: newLately[netip.Addr, *bucket](writers, writerTime)}
}

// Stats gives the present counts.
func (h *Hub) Stats() Stats {
	return Stats{h.comments.Load(), h.refused.Load(), h.failed.Load(), h.dropped.Load(), h.leftOut.Load(), int(h.listeners.Load())}
}

// Run looks at the chats each second, until ctx ends. Then it keeps the last likes.
func (h *Hub) Run(ctx context.Context) error {
	second := time.NewTicker(tick)
	defer second.Stop()
	failing := false
	for {
		select {
		case <-ctx.Done():
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), last)
			defer cancel()
			if err := h.keepLikes(ctx); err != nil {
				h.o.Log.Error("likes of comments of the last second are lost at the end", "err", err)
			}
			return nil
		case <-second.C:
		}
		h.look(ctx)
		err := h.keepLikes(ctx)
		if err != nil && !failing && ctx.Err() == nil {
			h.o.Log.Error("likes of comments could not be written to the database; they wait, and the write is repeated", "err", err)
		}
		failing = err != nil
	}
}

// look notices what listeners should hear though nobody has asked, and forgets chats that
// nobody asks for.
func (h *Hub) look(ctx context.Context) {
	now := h.o.Now()
	for _, c := range h.list() {
		if c.listening() > 0 {
			_ = h.refresh(ctx, c) // whoever asks next gets the error
			continue
		}
		h.mu.Lock()
		if c.close(now) {
			delete(h.conversations, c.show)
		}
		h.mu.Unlock()
	}
}

func (h *Hub) list() []*conversation {
	h.mu.Lock()
	defer h.mu.Unlock()
	all := make([]*conversation, 0, len(h.conversations))
	for _, c := range h.conversations {
		all = append(all, c)
	}
	return all
}
