package archive

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"mediad/packager/layout"
)

// Recorder takes the segments of one broadcast. A nil Store makes it take and
// drop them.
type Recorder struct {
	a           *Archive
	room, epoch string
	log         *slog.Logger
	least       int             // TARGETDURATION is not below, in seconds
	after       <-chan struct{} // closed when the room's previous broadcast is done; nil: at once
	done        chan struct{}   // closed when run returns
	wake        chan struct{}   // holds a value when queue or ended changed
	list        chan struct{}   // holds a value when version or drained changed

	// journal is run's: first of the goroutine that uploads, then, once it has
	// set drained, of the one that lists.
	journal *journal

	topSeen lastTop // of the goroutine that lists

	// Set by Open.
	made bool // there was no journal, or an empty one
	bad  int  // lines of it that could not be read

	// Guarded by a.mu.
	old        bool   // a newer broadcast of our own has the stable name, or it is private
	rival      string // the epoch that has the stable name instead of us; "": none
	replaced   string // an unknown one that had not ended, and had it before us; "": none
	replacedAt time.Time
	queue      []*item
	last       *uint64  // media sequence number added last, nil: none
	ended      bool     // End was called
	drained    bool     // ended, and nothing will change any more
	opened     bool     // the journal has its first line, and shown is valid
	complete   bool     // the journal says done: nothing is left to do
	shown      listing  // what the plain playlist should list
	version    uint64   // rises with shown
	published  uint64   // the version that the store has
	lost       []uint64 // media sequence numbers that were given up since Open
	refused    refusals // since Open
}

// item is a segment that waits. Its record is the uploader's; the rest is
// guarded by Archive.mu.
type item struct {
	record  Record
	data    [][]byte      // nil: only the spool has it
	size    int64         // counted in Archive.queued, or in spooled
	taken   bool          // its upload has begun
	failed  bool          // an attempt of it has failed
	kept    bool          // the spool has it
	settled chan struct{} // closed when the spool has it or has left it out; nil: it said so
	put     chan error    // holds what came of the upload
	since   time.Time
	stored  bool               // the store has it; it is yet to be written down
	dropped bool               // it was given up; that is yet to be written down
	cancel  context.CancelFunc // of the upload that runs; nil: none
}

// errOpen: a room has one broadcast at a time.
var errOpen = errors.New("the room's previous broadcast was not ended")

// Open begins an epoch of a room, or goes on with one that the journal knows.
//
// target is TARGETDURATION's least value in seconds (0: 1). When the first
// segment comes it is fixed for the epoch's life, to that segment's duration
// rounded up if that is more.
//
// An epoch must sort behind the room's earlier ones. The stable playlist lists
// one epoch only: with the first segment of a new one, the segments of the old
// leave it together with its ENDLIST. The next broadcast is a new presentation
// at the same address, which no playlist rule foresees; sequence numbers go on,
// so that players that still poll follow. An epoch older than another that is
// known can still be ended, but its playlist does not come back to that name.
func (a *Archive) Open(room, epoch string, target int) (*Recorder, error) {
	s := &Recorder{
		a: a, room: room, epoch: epoch, least: max(target, 1),
		log:  a.opts.Log.With("room", room, "epoch", epoch),
		done: make(chan struct{}), wake: make(chan struct{}, 1), list: make(chan struct{}, 1),
	}
	if err := layout.Of(room, epoch).Check(); err != nil {
		return nil, fmt.Errorf("open archive: %w", err)
	}
	if a.opts.Store == nil {
		return s, nil
	}
	opening := a.openingOf(room)
	opening.Lock() // over the disk, which may hang: for this room alone
	defer opening.Unlock()
	if err := s.precede(); err != nil {
		return nil, fmt.Errorf("open archive of room %q: %w", room, err)
	}
	if err := s.resume(); err != nil {
		return nil, fmt.Errorf("open archive of room %q: %w", room, err)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.newest[room] = s
	a.streams[s] = struct{}{}
	a.unstarted = append(a.unstarted, s)
	signal(a.opened)
	return s, nil
}

// openingOf is the lock of those who open a room's epochs.
func (a *Archive) openingOf(room string) *sync.Mutex {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.opening[room] == nil {
		a.opening[room] = new(sync.Mutex)
	}
	return a.opening[room]
}

// precede finds the broadcast of this process after which s comes.
func (s *Recorder) precede() error {
	s.a.mu.Lock()
	defer s.a.mu.Unlock()
	prev := s.a.newest[s.room]
	if prev == nil {
		return nil
	}
	_, busy := s.a.streams[prev]
	if !prev.ended || busy && prev.epoch == s.epoch {
		return errOpen
	}
	s.after = prev.done
	return nil
}

// resume reads the journal, and writes down in which store the broadcast is from
// now on.
func (s *Recorder) resume() error {
	all, err := s.a.epochs(s.room)
	if err != nil {
		return err
	}
	s.old = s.a.private(s.epoch) || slices.ContainsFunc(all, func(other string) bool { return other > s.epoch && !s.a.private(other) })
	j, w, err := openJournal(s.a.disk().Journal(layout.Of(s.room, s.epoch)))
	if err != nil {
		return err
	}
	s.journal = j
	s.made, s.bad = w.good == 0, w.bad
	if name := s.a.opts.Name; name != "" && name != w.store() && !w.done {
		if len(w.records) > 0 && w.store() != "" {
			s.log.Warn("the broadcast goes on in another store; what the former one has is a gap until it is back", "store", name, "before", w.store())
		}
		if err := j.append(line{Store: name}); err != nil {
			return errors.Join(err, j.close())
		}
		w.stores = append(w.stores, storePeriod{name, len(w.records)})
	}
	if w.bad > 0 {
		s.log.Error("journal has lines that cannot be read; their segments become gaps, until mediad storage repair reads them from the store", "lines", w.bad)
	}
	if w.open != nil {
		s.opened, s.shown = true, w.listing()
	}
	if n := len(w.records); n > 0 {
		s.last = &w.records[n-1].MSN
		// Nobody knows whether the last playlist was put before the crash.
		s.version = 1
	}
	s.ended, s.complete = w.end || w.done, w.done
	return nil
}

// Journal tells whether Open had to make the stream's journal, and how many lines of
// the one that it found could not be read.
func (s *Recorder) Journal() (made bool, bad int) { return s.made, s.bad }

// Last gives the media sequence number and the end of the newest segment that
// the store had acknowledged, or that was given up, when Open read the journal
// or since; false: none.
func (s *Recorder) Last() (msn uint64, end time.Time, ok bool) {
	s.a.mu.Lock()
	defer s.a.mu.Unlock()
	n := len(s.shown.records)
	if n == 0 {
		return 0, time.Time{}, false
	}
	r := s.shown.records[n-1]
	return r.MSN, r.Date.Add(r.Duration), true
}

// Add hands a closed segment over. It never blocks. A number that steps back, a
// segment that no playlist could list, and what comes behind the end of the broadcast
// is refused: counted, and told by End.
func (s *Recorder) Add(seg Segment) {
	if s.a.opts.Store == nil {
		return
	}
	it := &item{record: seg.Record(), data: seg.Data, kept: seg.Kept > 0, put: make(chan error, 1), since: time.Now()}
	it.size = it.record.Bytes
	if s.a.opts.Spool != nil && !it.kept && !it.record.Gap {
		it.settled = make(chan struct{})
	}
	bad := it.record.listable()
	if bad != nil && len(it.record.DateRanges) > 0 {
		s.log.Error("date ranges of a segment cannot be written and are left out", "msn", seg.MSN, "err", bad)
		it.record.DateRanges = nil
		bad = it.record.listable()
	}
	given, bad := s.take(it, bad)
	if bad != nil {
		s.refuse(seg.MSN, bad)
	}
	given.tell()
}

// take queues a segment unless something speaks against it.
func (s *Recorder) take(it *item, bad error) (lost, error) {
	s.a.mu.Lock()
	defer s.a.mu.Unlock()
	switch {
	case bad != nil:
	case s.ended:
		bad = errEnded
	case s.last != nil && it.record.MSN <= *s.last:
		bad = fmt.Errorf("media sequence number steps back from %d", *s.last)
	}
	if bad != nil {
		s.a.stats.Refused++
		return nil, bad
	}
	s.last = &it.record.MSN
	s.queue = append(s.queue, it)
	*s.a.waiting(it) += it.size
	signal(s.wake)
	return s.a.enforceBounds(), nil
}

// Kept hears that the spool has a segment that was added: it may be stored, and
// memory may let go of it.
func (s *Recorder) Kept(msn uint64) { s.settle(msn, true) }

// Left hears that the spool has nothing of a segment that was added, and will
// have nothing: it may be stored, from memory.
func (s *Recorder) Left(msn uint64) { s.settle(msn, false) }

// settle hears what became of a segment in the spool. One that was given up is
// no longer of interest.
func (s *Recorder) settle(msn uint64, kept bool) {
	s.a.mu.Lock()
	it := s.find(msn)
	if it == nil || it.settled == nil {
		s.a.mu.Unlock()
		return
	}
	close(it.settled)
	it.settled, it.kept = nil, kept
	var given lost
	if !it.taken {
		given = s.a.freeMemory(it)
		signal(s.wake)
	}
	s.a.notify()
	s.a.mu.Unlock()
	given.tell()
}

// find gives the item of a segment that waits; nil: none does. a.mu is held.
func (s *Recorder) find(msn uint64) *item {
	i, found := slices.BinarySearchFunc(s.queue, msn, func(it *item, msn uint64) int { return cmp.Compare(it.record.MSN, msn) })
	if !found {
		return nil
	}
	return s.queue[i]
}

// End says that nothing more comes. When all is stored, the plain playlist gets
// its ENDLIST and the replay its playlist. It may be called more than once.
func (s *Recorder) End() {
	if s.a.opts.Store == nil {
		return
	}
	s.a.mu.Lock()
	s.ended = true
	signal(s.wake)
	refused := s.refused
	s.refused = refusals{}
	s.a.mu.Unlock()
	refused.tell(s)
}

// signal leaves a value in a channel of one place.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
