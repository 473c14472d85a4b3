// Package archive brings closed segments into an object store, and with them a
// playlist that is valid at every moment and, at a broadcast's end, one for its
// replay. So a CDN may be pointed at the bucket alone.
//
// In flow closed segments, as the bytes of their parts, from any number of
// streams; Add never waits. Out flow, per stream and in this order: the object
// of a segment, a line in the stream's journal on the local disk once the store
// has acknowledged it, and the plain playlist (no Low-Latency tags) that names
// it. A stored playlist never names an object that was not acknowledged. After
// kill -9 the journal tells where to go on. With Options.Spool an object is put
// only when the spool has the segment (Kept) or none of it (Left), so that what
// the next process finds there is never less than what the store has.
//
// The plain playlist is the only object that changes. It is put on the condition
// that there stands what this process saw there last, so that neither a process
// that was replaced nor a late request can bring an older version back. Where a
// newer one stands than our own, the stream stops writing that name, says so in
// the log and counts in Stats. A store without conditional writes makes this a
// comparison before each put, which two writers at once can still defeat.
//
// A store that fails is tried again, with growing pauses, for as long as the
// process lives; streams do not wait for each other, and there is no deadline:
// the bound is bytes. What waits is in memory until it is Kept, which means
// that Options.Spool has it on the local disk, and is read back from there when
// its turn comes; a process after this one adds it again. Only when more waits
// than Options.MaxQueued in memory, or Options.MaxSpooled on the disk, is the
// oldest given up of all that waits there, whichever stream's it is: at once an
// error in the log and a number in Stats, and EXT-X-GAP in the stored playlists.
//
// Objects are named live/ROOM/EPOCH/main/MSN.ts, playlists live/ROOM/index.m3u8
// and live/ROOM/EPOCH/vod.m3u8. The package does not serve them, and refuses
// media sequence numbers that step back.
package archive

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"mediad/packager/layout"
)

// Store is where objects go.
//
// Put is durable when it returns nil, is safe concurrently, and succeeds when
// the same bytes come again under the same key. An error that has a method
// Permanent() bool which says true is not tried again.
//
// PutIf puts if the object under key still has that ETag, "" meaning that there
// is none, and answers the new one. Its error has a method Changed() bool that
// says true where the condition does not hold, and Unconditional() bool where the
// store has no such writes.
//
// Read gives an object's bytes and the ETag that belongs to them; its error is
// fs.ErrNotExist where there is none.
type Store interface {
	Put(ctx context.Context, key string, body []byte) error
	PutIf(ctx context.Context, key string, body []byte, etag string) (newETag string, err error)
	Read(ctx context.Context, key string) (body []byte, etag string, err error)
}

// fromFiles is a Store that takes what lies in pieces in memory, in a file, or in
// both, without a copy. The file's bytes change no more.
type fromFiles interface {
	PutFrom(ctx context.Context, key string, pieces [][]byte, file string) error
}

// Spool has closed segments on the local disk.
type Spool interface {
	// Read gives the bytes of a segment that was kept. An error that has a
	// method Permanent() bool which says true is not tried again.
	Read(room, epoch string, msn uint64) ([]byte, error)
	// File gives the path of a file that is such a segment and will never change;
	// "" where there is none. Errors are those of Read.
	File(room, epoch string, msn uint64) (path string, err error)
	// Done hears that no segment of the epoch up to msn is needed here any more.
	// It must not block.
	Done(room, epoch string, msn uint64)
}

// Options say where to and how much. Only Dir is required, and not even that
// without a Store.
type Options struct {
	// Store takes the objects; nil: everything is accepted and dropped.
	Store Store
	// Name tells the store from others that Dir's journals were, or will be,
	// written for: what another one acknowledged is not listed. Empty: there is
	// no other.
	Name string
	// Dir is the local folder of the journals, ROOM/EPOCH.journal in it.
	Dir string
	// Window is how much the plain playlist lists; 0: 30 s. It counts for
	// broadcasts that begin; one that goes on keeps what it began with.
	Window time.Duration
	// MaxQueued bounds the bytes that wait in memory, over all streams; 0: 512 MB.
	MaxQueued int64
	// Spool is where Kept segments are read from; nil: none is ever kept, and
	// none waits to be.
	Spool Spool
	// MaxSpooled bounds the bytes that wait in the spool, over all streams; 0:
	// 10 GB.
	MaxSpooled int64
	// Workers is how many segments are put at once; 0: 64. Playlists, which must
	// not wait for them, have as many places of their own.
	Workers int
	// Timeout ends one attempt to put; 0: 1 minute.
	Timeout time.Duration
	// Private tells of an epoch whose playlist never goes under the stable name, where
	// anybody may look; nil: there is none. It must not block.
	Private func(epoch string) bool
	// Patience is how long a newer playlist of somebody else may stand under a
	// stable name without a change before it is replaced; 0: 30 s.
	Patience time.Duration
	// Log; nil: slog's default.
	Log *slog.Logger
}

// Archive is the way into one store. Make it with New, let it Run, Open a
// Recorder per broadcast.
type Archive struct {
	opts  Options
	slots chan struct{} // holds one value per segment that is being put
	lists chan struct{} // holds one value per playlist that is

	// mu guards all that follows, and the fields of every Recorder that say so.
	// It is never held over I/O.
	mu        sync.Mutex
	opening   map[string]*sync.Mutex // by room: held by Open, so that two of them see each other's result
	streams   map[*Recorder]struct{} // not yet finished
	newest    map[string]*Recorder   // by room: the one opened last
	unstarted []*Recorder            // opened, not yet started by Run
	queued    int64                  // bytes that wait in memory
	spooled   int64                  // bytes that wait in the spool
	stats     Stats                  // what only counts up
	changed   chan struct{}          // closed and replaced whenever Flush or Secure should look again
	stopped   bool                   // Run has returned
	usage     map[string]measured    // by the journal's path; nil until somebody asks
	// plainPuts: the store has no conditional writes.
	plainPuts bool

	opened chan struct{} // holds a value when unstarted grew
}

// disk names the journals.
func (a *Archive) disk() layout.Disk { return layout.Disk(a.opts.Dir) }

// New makes an Archive that does nothing before Run.
func New(o Options) *Archive {
	if o.Window <= 0 {
		o.Window = 30 * time.Second
	}
	if o.MaxQueued <= 0 {
		o.MaxQueued = 512 << 20
	}
	if o.MaxSpooled <= 0 {
		o.MaxSpooled = 10_000_000_000
	}
	if o.Workers <= 0 {
		o.Workers = 64
	}
	if o.Timeout <= 0 {
		o.Timeout = time.Minute
	}
	if o.Patience <= 0 {
		o.Patience = 30 * time.Second
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return &Archive{
		opts:    o,
		slots:   make(chan struct{}, o.Workers),
		lists:   make(chan struct{}, o.Workers),
		streams: make(map[*Recorder]struct{}),
		newest:  make(map[string]*Recorder),
		opening: make(map[string]*sync.Mutex),
		changed: make(chan struct{}),
		opened:  make(chan struct{}, 1),
	}
}

// Run stores what the streams add, until ctx ends. What waits then is lost
// unless it is added again after a restart, from a spool: call Flush or Secure first.
func (a *Archive) Run(ctx context.Context) error {
	var running sync.WaitGroup
	defer func() {
		running.Wait()
		a.mu.Lock()
		defer a.mu.Unlock()
		a.stopped = true
		a.notify()
	}()
	for {
		a.mu.Lock()
		unstarted := a.unstarted
		a.unstarted = nil
		a.mu.Unlock()
		for _, s := range unstarted {
			running.Go(func() { s.run(ctx) })
		}
		select {
		case <-a.opened:
		case <-ctx.Done():
			return nil
		}
	}
}

// notify lets Flush and Secure look again. mu is held.
func (a *Archive) notify() {
	close(a.changed)
	a.changed = make(chan struct{})
}

// private tells whether the stable name is not for an epoch.
func (a *Archive) private(epoch string) bool { return a.opts.Private != nil && a.opts.Private(epoch) }

// Stores tells whether there is a store at all.
func (a *Archive) Stores() bool { return a.opts.Store != nil }
