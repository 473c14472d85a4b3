// Package broadcast is a room's broadcast from the first publish to its end: it
// begins, resumes, takes over, ends, and takes up what a former process left on air.
//
// In flow publishers (ingest.Publisher), the host's end, and the clock; out flow
// streams of the packager, begins and ends in the store, and what hosts are told
// about their publishers. It never touches what is inside of a stream, and knows
// no protocol and no HTTP.
package broadcast

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"mediad/ingest"
	"mediad/overlay"
	"mediad/overlay/api"
	"mediad/overlay/feed"
	"mediad/overlay/store"
	"mediad/packager"
	"mediad/packager/archive"
	"mediad/packager/spool"
)

// Lengths are how broadcasts are cut, and how long they are kept live.
type Lengths struct {
	Part, Segment, Window time.Duration // of the class low: see classOf
	DVR                   time.Duration // how far viewers can go back
	Reconnect             time.Duration // how long a room waits for a publisher that was lost
}

// Options of a Manager. What may be nil says so.
type Options struct {
	Live    *packager.Live
	Store   *store.Store
	Archive *archive.Archive
	Spool   *spool.Spool
	Feed    *feed.Feed
	Lengths Lengths
	Log     *slog.Logger
	// Permit is asked about publishers with the right key; nil: nobody is.
	Permit func(ctx context.Context, room string, r ingest.Request) error
	// Listed hears of each part that players can have, how long after it began to
	// arrive; nil: nobody does.
	Listed func(time.Duration)
	// Over hears of each broadcast that has ended; nil: nobody does.
	Over func(room, epoch string)
}

// Manager is where publishers meet rooms: it begins, continues and ends
// broadcasts. It implements ingest.Publisher, api.Stage, api.Health and
// api.Publishers, and is safe for concurrent use.
//
// A broadcast begins with the first publish. Unpublishing, or the host, ends
// it. A lost connection does not: the room waits, and only when nobody comes
// back in time it ends. A shutdown never ends it.
type Manager struct {
	live    *packager.Live
	store   *store.Store
	archive *archive.Archive
	spool   *spool.Spool
	feed    *feed.Feed
	numbers *reservations
	watch   *watcher
	lengths Lengths
	log     *slog.Logger
	permit  func(ctx context.Context, room string, r ingest.Request) error
	listed  func(time.Duration)
	over    func(room, epoch string)

	history history // of publishers; never asked for the Manager's mu

	mu sync.Mutex
	// Guarded by mu.
	rooms   map[string]*onAir // by slug
	notices notices
	closing bool
	owed    map[string]owedEnd // by slug; nil until there is one
	// by slug: what a former process left on air and could not be taken up yet
	left map[string]overlay.Broadcast
	// by slug: rooms whose host ended a broadcast; nil until there is one
	cooldowns map[string]*cooldown
}

// onAir is one room's broadcast. Guarded by the Manager's mu.
type onAir struct {
	begin   overlay.Begin
	stream  *packager.Stream
	stored  *archive.Stream
	spooled *spool.Stream
	forgot  bool              // a former process stored segments, and the journal of them is gone
	session *packager.Session // nil: nobody publishes
	request ingest.Request    // of the present publisher
	since   time.Time
	heard   *atomic.Int64 // when the present publisher last sent media, in ns since 1970
	contest contention
	timer   *time.Timer // ends the broadcast; set while nobody publishes
	away    api.Away    // since when nobody does, and until when the room waits; holds while timer does
}

// New starts nothing. Restore comes before the first publisher, and Run beside
// them all.
func New(o Options) *Manager {
	return &Manager{
		live: o.Live, store: o.Store, archive: o.Archive, spool: o.Spool, feed: o.Feed,
		numbers: newReservations(o.Store.Reserve, o.Log), watch: newWatcher(), lengths: o.Lengths, log: o.Log,
		permit: o.Permit, listed: o.Listed, over: o.Over, rooms: map[string]*onAir{},
	}
}

// Run reserves numbers and looks at publishers until ctx ends. It outlives
// publishers.
func (m *Manager) Run(ctx context.Context) error {
	both, ctx := errgroup.WithContext(ctx)
	both.Go(func() error { return m.numbers.Run(ctx) })
	both.Go(func() error { return m.watch.Run(ctx, m.onAirNow) })
	return both.Wait()
}

// FollowWarnings implements api.Health.
func (m *Manager) FollowWarnings(room string) (<-chan []api.Warning, func()) {
	return m.watch.FollowWarnings(room)
}

// FollowPublishers implements api.Publishers.
func (m *Manager) FollowPublishers(room string) (<-chan api.PublisherEvent, func()) {
	return m.history.FollowPublishers(room)
}

// Counts gives how often each kind of thing has happened to publishers, over all
// rooms.
func (m *Manager) Counts() map[api.PublisherKind]uint64 { return m.history.count() }
