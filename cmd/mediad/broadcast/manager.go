// Package broadcast manages a room's broadcast from the first publish to its end:
// begin, resume, take-over, end, and the restart of what a former process left on
// air.
//
// Input: publishers (ingest.Publisher), the host's end, and the clock. Output:
// streams of the packager, begins and ends in the store, and messages for hosts
// about their publishers. The package never touches the media in a stream, and
// knows no protocol and no HTTP.
package broadcast

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"mediad/ingest"
	"mediad/ingest/rtmp/restream"
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
	DVR                   time.Duration // how far viewers can rewind
	Reconnect             time.Duration // how long a room waits for a publisher that was lost
}

// Store records broadcasts: it is overlay/store's Store. Each call is about one room,
// except those that list, and may hang as long as the database does.
type Store interface {
	RoomByKey(ctx context.Context, key string) (overlay.Room, error)
	KnownKey(key string) (slug string) // does not hang
	BeginBroadcast(ctx context.Context, room string, now time.Time) (overlay.Begin, error)
	WaitingBroadcast(ctx context.Context, epoch string) (overlay.Begin, error)
	Interrupted(ctx context.Context, epoch string, at, deadline time.Time) error
	Returned(ctx context.Context, epoch string) error
	Reserve(ctx context.Context, epoch string, m overlay.Numbers) error
	EndBroadcast(ctx context.Context, epoch string, at time.Time, reason string) error
	OpenBroadcasts(ctx context.Context) ([]overlay.Broadcast, error)
	AllBroadcasts(ctx context.Context) ([]overlay.Broadcast, error)
}

// Options of a Manager. Only fields whose comment says so may be nil.
type Options struct {
	Live    *packager.Live
	Store   Store
	Archive *archive.Archive
	Spool   *spool.Spool
	Feed    *feed.Feed
	Lengths Lengths
	Log     *slog.Logger
	// Permit may refuse publishers that have the right key; nil: none is
	// refused.
	Permit func(ctx context.Context, room string, r ingest.Request) error
	// Listed is called for each part when players can fetch it, with the time
	// since its media began to arrive; nil: no calls.
	Listed func(time.Duration)
	// Audience tells of the viewers of a show who send beacons; nil: there are none. It does
	// not block.
	Audience func(show string) (overlay.Pulse, bool)
	// Restream sends what publishers send to other servers, but for rehearsals; nil: nowhere.
	Restream *restream.Hub
	// Over is called for each broadcast that has ended; nil: no calls.
	Over func(room, epoch string)
}

// Manager begins, continues and ends the broadcasts of rooms for their
// publishers. It implements ingest.Publisher, api.Broadcasts, api.Health,
// api.Publishers and api.Restreaming, and is safe for concurrent use.
//
// A broadcast begins with the first publish. An unpublish, or the host, ends
// it. A lost connection does not: the room waits for the publisher, and the
// broadcast ends only if nobody comes back in time. While the database is away,
// a publisher may come back with the key that this process last looked up. A
// shutdown never ends a broadcast.
type Manager struct {
	live     *packager.Live
	store    Store
	archive  *archive.Archive
	spool    *spool.Spool
	feed     *feed.Feed
	numbers  *reservations
	watch    *watcher
	lengths  Lengths
	log      *slog.Logger
	permit   func(ctx context.Context, room string, r ingest.Request) error
	listed   func(time.Duration)
	over     func(room, epoch string)
	audience func(show string) (overlay.Pulse, bool)
	restream *restream.Hub

	history history // of publishers
	notices notices
	closing atomic.Bool // set before Suspend looks at the rooms

	rehearsals rehearsals

	mu sync.Mutex
	// Guarded by mu, which is held only to look a room up.
	rooms map[string]*room // by slug
}

// New starts nothing. Call Restore before the first publisher, and Run for as
// long as there are publishers.
func New(o Options) *Manager {
	if o.Audience == nil {
		o.Audience = func(string) (overlay.Pulse, bool) { return overlay.Pulse{}, false }
	}
	if o.Restream == nil {
		o.Restream = restream.New(restream.Options{Log: o.Log})
	}
	return &Manager{
		restream: o.Restream,
		live:     o.Live, store: o.Store, archive: o.Archive, spool: o.Spool, feed: o.Feed,
		numbers: newReservations(o.Store.Reserve, o.Log), watch: newWatcher(), lengths: o.Lengths, log: o.Log,
		permit: o.Permit, listed: o.Listed, over: o.Over, audience: o.Audience, rooms: map[string]*room{},
	}
}

// Run reserves numbers and watches publishers until ctx ends. It must run
// longer than any publisher.
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

// Counts tells how often each kind of event has happened to publishers, over all
// rooms.
func (m *Manager) Counts() map[api.PublisherKind]uint64 { return m.history.count() }
