package spool

import (
	"context"
	"log/slog"
	"os"
	"strings"
	"sync"
	"time"

	"mediad/packager/layout"
)

// Options say where to. Only Dir is required.
type Options struct {
	// Dir holds a folder per room, and in it one per epoch.
	Dir string
	// Boot names the machine and its boot; empty: what Linux says. Where nothing
	// says it, nothing that is found is ever Exact.
	Boot string
	// MaxQueued bounds the bytes of one stream that wait for the disk; 0: 64 MB.
	// A segment of which more waits is left out.
	MaxQueued int64
	// Slow is how long a part may wait for the disk before what is written no
	// longer counts as nearly all that was listed; 0: 250 ms. It is never longer
	// than a part.
	Slow time.Duration
	// Disk; nil: Local.
	Disk Disk
	// Log; nil: slog's default.
	Log *slog.Logger
}

// Spool is one folder of parts. Make it with New, let it Run, Open a Recorder per
// broadcast.
type Spool struct {
	opts   Options
	disk   Disk
	opened chan struct{} // holds a value when unstarted grew
	handed chan struct{} // holds a value when unsynced grew

	mu sync.Mutex
	// Guarded by mu, which is never held over I/O.
	streams   map[string]*Recorder // by epoch; not yet finished
	unstarted []*Recorder          // opened, not yet started by Run
	unsynced  []*Recorder          // that have segments to sync, and wait for their turn
	stats     Stats                // what only counts up
}

// Stats say how the spool does, over all streams since New.
type Stats struct {
	QueuedBytes int64  // wait for the disk
	Troubled    int    // streams whose last segment the disk did not take, or for which it has not answered for 5 s
	Errors      uint64 // of the disk
	Skipped     uint64 // segments that were left out
	Written     uint64 // bytes of media
}

// New makes a Spool that does nothing before Run.
func New(o Options) *Spool {
	if o.Boot == "" {
		// Without it o.Boot stays empty, and nothing is trusted.
		id, _ := os.ReadFile("/proc/sys/kernel/random/boot_id")
		o.Boot = strings.TrimSpace(string(id))
	}
	if o.MaxQueued <= 0 {
		o.MaxQueued = 64 << 20
	}
	if o.Slow <= 0 {
		o.Slow = 250 * time.Millisecond
	}
	if o.Disk == nil {
		o.Disk = Local{}
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return &Spool{
		opts: o, disk: o.Disk, streams: make(map[string]*Recorder),
		opened: make(chan struct{}, 1), handed: make(chan struct{}, 1),
	}
}

// drain is how long Run waits for a disk once its context has ended: one that
// hangs must not keep the process.
const drain = 3 * time.Second

// Run writes what the streams are given, until ctx ends and all of it is
// written, or the disk has not answered for three seconds more.
func (s *Spool) Run(ctx context.Context) error {
	var running, syncs, marks sync.WaitGroup
	last := make(chan struct{})    // closed when no more segments come to be synced
	settled := make(chan struct{}) // closed when no mark changes any more
	syncs.Go(func() { s.sync(last) })
	start := func() {
		s.mu.Lock()
		unstarted := s.unstarted
		s.unstarted = nil
		s.mu.Unlock()
		for _, st := range unstarted {
			running.Go(func() { st.run(ctx) })
			marks.Go(func() { st.keepMark(settled) })
		}
	}
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		start()
		select {
		case <-s.opened:
		case now := <-tick.C:
			s.watch(now)
		case <-ctx.Done():
			start()
			done := make(chan struct{})
			go func() {
				running.Wait()
				close(last)
				syncs.Wait()
				close(settled)
				marks.Wait()
				close(done)
			}()
			select {
			case <-done:
				return nil
			case <-time.After(drain):
				return s.undone()
			}
		}
	}
}

// Stats takes a reading.
func (s *Spool) Stats() Stats {
	s.mu.Lock()
	out := s.stats
	s.mu.Unlock()
	for _, st := range s.all() {
		st.mu.Lock()
		out.QueuedBytes += st.queued
		if st.trouble != nil || !st.hung.IsZero() {
			out.Troubled++
		}
		st.mu.Unlock()
	}
	return out
}

func (s *Spool) count(note func(*Stats)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	note(&s.stats)
}

// Read gives the bytes of a closed segment. An error that has a method
// Permanent() bool which says true means that they are gone for good.
func (s *Spool) Read(room, epoch string, msn uint64) ([]byte, error) {
	seg, err := s.open(room, epoch, msn)
	if err != nil {
		return nil, err
	}
	if err := seg.Load(); err != nil {
		return nil, err
	}
	out := make([]byte, 0, seg.Size())
	for i := range seg.Parts {
		out = append(out, seg.Parts[i].Data...)
	}
	return out, nil
}

// Done says that the store needs no segment of the epoch up to msn any more: it
// has them, or never will.
func (s *Spool) Done(_, epoch string, msn uint64) {
	s.mu.Lock()
	st := s.streams[epoch]
	s.mu.Unlock()
	if st != nil {
		st.release(func() { st.done = max(st.done, msn) })
	}
}

func (s *Spool) folder(room, epoch string) string {
	return layout.Disk(s.opts.Dir).Spool(layout.Of(room, epoch))
}

// open reads a closed segment, but for its media.
func (s *Spool) open(room, epoch string, msn uint64) (*Segment, error) {
	s.mu.Lock()
	st := s.streams[epoch]
	s.mu.Unlock()
	if st != nil {
		st.mu.Lock()
		p, ok := st.places[msn]
		st.mu.Unlock()
		if ok {
			return open(p, msn)
		}
	}
	p, err := find(s.folder(room, epoch), msn)
	if err != nil {
		return nil, lost(err)
	}
	return open(p, msn)
}
