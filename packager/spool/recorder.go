package spool

import (
	"errors"
	"log/slog"
	"math"
	"sync"
	"time"

	"mediad/ingest"
)

// Opening says which broadcast is written, and for whom.
type Opening struct {
	Room, Epoch string
	// Found is what Find gave for it.
	Found Found
	// Kept hears that a closed segment is on the disk and synced, Left that it is
	// not and will not be: of each that is closed while Run works one of the two
	// is told, once; of what a disk that hangs keeps at its end, none.
	// They must not block. Kept is nil where nothing is stored elsewhere: then
	// files need not wait for Done.
	Kept, Left func(msn uint64)
}

// Recorder takes the parts of one broadcast. Its methods never wait for a disk,
// and all but Trouble do nothing on a nil Recorder.
type Recorder struct {
	s           *Spool
	room, epoch string
	dir         string
	kept, left  func(msn uint64)
	log         *slog.Logger
	wake        chan struct{} // holds a value when there may be something to do
	doubted     chan struct{} // holds a value when trusted changed, or the stream has left
	evictions   evictions     // of the goroutine that syncs

	mu sync.Mutex
	// Guarded by mu, which is never held over I/O.
	queue   []entry
	queued  int64  // bytes of queue
	open    uint64 // the segment whose parts come
	leaving bool   // it is left out from here on
	ended   bool
	need    uint64           // the live window needs nothing below
	done    uint64           // the store needs nothing up to here
	files   []uint64         // on the disk and not open, by number
	closed  []written        // of them, handed over to be synced
	syncing int              // of them, handed over and not yet synced
	turn    bool             // they are being synced, or wait for their turn
	late    bool             // the last sync took so long that the stream needs no slot any more
	whole   map[uint64]bool  // of them, synced by this process
	places  map[uint64]place // of them, where their records are
	trouble error            // why the last segment is not there; nil: it is
	trusted bool             // what is written reaches to within a part of what was listed
	behind  bool             // the disk was too slow since the last segment began

	calls [kinds]time.Time // to the disk that have not returned: when each began; zero: there is none
	hung  time.Time        // when the call began that hangs; zero: none does

	// marking is held while the mark on the disk is changed.
	marking sync.Mutex
	// Guarded by marking.
	marked, gone bool
}

// entry is one thing to write. Exactly one of part, end and leave is set.
type entry struct {
	head  *Head // before the first part of a segment
	part  *Part
	end   *ending
	msn   uint64 // of the segment that ends
	leave bool   // what is open is left out
	since time.Time
}

func (e *entry) size() int64 {
	if e.part == nil {
		return 0
	}
	return int64(len(e.part.Data))
}

// errBehind is the trouble with a disk that is too slow.
var errBehind = errors.New("the disk does not take what is written to it in time")

// Open begins or continues a broadcast's folder.
func (s *Spool) Open(o Opening) *Recorder {
	st := &Recorder{
		s: s, room: o.Room, epoch: o.Epoch, dir: s.folder(o.Room, o.Epoch), kept: o.Kept, left: o.Left,
		log:  s.opts.Log.With("room", o.Room, "epoch", o.Epoch),
		wake: make(chan struct{}, 1), doubted: make(chan struct{}, 1), evictions: evictions{evict: evict}, whole: make(map[uint64]bool), places: make(map[uint64]place),
		trusted: o.Found.Exact || !o.Found.old,
		marked:  o.Found.marked,
	}
	for _, seg := range o.Found.Segments {
		st.files = append(st.files, seg.MSN)
		st.places[seg.MSN] = seg.place
	}
	if o.Kept == nil {
		st.done = math.MaxUint64
	}
	s.mu.Lock()
	s.streams[o.Epoch] = st
	s.unstarted = append(s.unstarted, st)
	s.mu.Unlock()
	signal(s.opened)
	return st
}

// Part takes a part that is about to be listed; head comes with the first of a
// segment.
func (st *Recorder) Part(head *Head, p Part) {
	if st == nil {
		return
	}
	if head != nil {
		head.Boot = st.s.opts.Boot
	}
	now := time.Now()
	st.mu.Lock()
	defer st.mu.Unlock()
	if head != nil {
		st.open, st.leaving = head.MSN, false
	}
	// Where parts are shorter than that, two of them would be listed meanwhile.
	slow := min(st.s.opts.Slow, ingest.Duration(p.Target))
	if len(st.queue) > 0 && now.Sub(st.queue[0].since) > slow {
		st.behind = true
		st.trust(false)
	}
	size := int64(len(p.Data))
	if !st.leaving && st.queued+size > st.s.opts.MaxQueued {
		st.leaving = true
		st.fail(errBehind)
		st.push(entry{leave: true, since: now})
	}
	if st.leaving {
		return
	}
	st.queued += size
	st.push(entry{head: head, part: &p, since: now})
}

// Close ends the open segment. parts is how many it has, target TARGETDURATION
// in ticks, 0 where that is not fixed yet.
func (st *Recorder) Close(parts int, target int64) {
	if st == nil {
		return
	}
	st.mu.Lock()
	defer st.mu.Unlock()
	st.push(entry{end: &ending{parts, target}, msn: st.open, since: time.Now()})
}

// Keep says that the live window needs nothing below a media sequence number.
func (st *Recorder) Keep(msn uint64) {
	if st == nil {
		return
	}
	st.mu.Lock()
	grown := msn > st.need
	st.mu.Unlock()
	if grown {
		st.release(func() { st.need = max(st.need, msn) })
	}
}

// End says that nothing more comes and that nobody will go on with the
// broadcast: its files stay for the store alone.
func (st *Recorder) End() {
	if st == nil {
		return
	}
	st.release(func() { st.ended, st.need = true, math.MaxUint64 })
}

// Trouble is why the last segment is not on the disk, or that the disk has not
// answered for five seconds; nil: all is well.
func (st *Recorder) Trouble() error {
	if st == nil {
		return nil
	}
	st.mu.Lock()
	defer st.mu.Unlock()
	if st.trouble == nil && !st.hung.IsZero() {
		return ErrHangs
	}
	return st.trouble
}

func (st *Recorder) release(change func()) {
	st.mu.Lock()
	defer st.mu.Unlock()
	change()
	if st.ended || len(st.files) > 0 && st.idle(st.files[0]) {
		signal(st.wake)
	}
}

// idle tells whether nobody needs a segment. mu is held.
func (st *Recorder) idle(msn uint64) bool { return msn < st.need && msn <= st.done }

// push queues an entry. mu is held.
func (st *Recorder) push(e entry) {
	st.queue = append(st.queue, e)
	signal(st.wake)
}

// fail notes that a segment is left out. mu is held.
func (st *Recorder) fail(err error) {
	if st.trouble == nil {
		st.log.Error("the spool cannot write the broadcast; the broadcast continues, and a crash would lose the media that is not stored yet", "err", err)
	}
	st.trouble, st.behind = err, true
	st.trust(false)
	st.s.count(func(s *Stats) { s.Skipped++ })
}

// trust changes what the mark should say. mu is held.
func (st *Recorder) trust(yes bool) {
	if st.trusted != yes {
		st.trusted = yes
		signal(st.doubted)
	}
}

// signal leaves a value in a channel of one place.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
