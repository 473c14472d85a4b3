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

// Store is where broadcasts are written down: overlay/store's Store. Each call is
// about one room, but for those that list, and may hang as long as the database does.
type Store interface {
	RoomByKey(ctx context.Context, key string) (overlay.Room, error)
	BeginBroadcast(ctx context.Context, room string, now time.Time) (overlay.Begin, error)
	WaitingBroadcast(ctx context.Context, epoch string) (overlay.Begin, error)
	Interrupted(ctx context.Context, epoch string, at, deadline time.Time) error
	Reserve(ctx context.Context, epoch string, m overlay.Numbers) error
	EndBroadcast(ctx context.Context, epoch string, at time.Time, reason string) error
	OpenBroadcasts(ctx context.Context) ([]overlay.Broadcast, error)
	AllBroadcasts(ctx context.Context) ([]overlay.Broadcast, error)
}

// Options of a Manager. What may be nil says so.
type Options struct {
	Live    *packager.Live
	Store   Store
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
// broadcasts. It implements ingest.Publisher, api.Broadcasts, api.Health and
// api.Publishers, and is safe for concurrent use.
//
// A broadcast begins with the first publish. Unpublishing, or the host, ends
// it. A lost connection does not: the room waits, and only when nobody comes
// back in time it ends. A shutdown never ends it.
type Manager struct {
	live    *packager.Live
	store   Store
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

	history history // of publishers
	notices notices
	closing atomic.Bool // set before Suspend looks at the rooms

	mu sync.Mutex
	// Guarded by mu, which is held for look-ups only.
	rooms map[string]*room // by slug
}

// New starts nothing. Restore comes before the first publisher, and Run beside
// them all.
func New(o Options) *Manager {
	return &Manager{
		live: o.Live, store: o.Store, archive: o.Archive, spool: o.Spool, feed: o.Feed,
		numbers: newReservations(o.Store.Reserve, o.Log), watch: newWatcher(), lengths: o.Lengths, log: o.Log,
		permit: o.Permit, listed: o.Listed, over: o.Over, rooms: map[string]*room{},
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
