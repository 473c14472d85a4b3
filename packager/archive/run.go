package archive

import (
	"bytes"
	"context"
	"errors"
	"sync"
	"time"

	"mediad/packager/layout"
)

// run brings all that is added to the stream into the store, until the stream
// is ended and finished or ctx ends. Two goroutines share the work, so that a
// slow playlist does not hold segments up: one uploads, a few at a time, and
// writes down in order; one puts the newest playlist, passing over versions that
// were outdated before their turn came.
func (s *Recorder) run(ctx context.Context) {
	defer close(s.done)
	defer func() {
		if err := s.journal.close(); err != nil {
			s.log.Error("close journal", "err", err)
		}
	}()
	if s.after != nil {
		select {
		case <-s.after:
		case <-ctx.Done():
			return
		}
	}
	if !s.complete {
		var lister sync.WaitGroup
		lister.Go(func() { s.publish(ctx) })
		s.upload(ctx)
		lister.Wait()
	}
	s.a.mu.Lock()
	defer s.a.mu.Unlock()
	if s.complete {
		delete(s.a.streams, s)
		if s.a.newest[s.room] == s {
			delete(s.a.newest, s.room)
		}
	}
	s.a.notify()
}

// uploadsAtOnce is how many segments of a stream are put at once where more than one
// waits. A store whose answer takes longer than a segment lasts would never be
// caught up with by one at a time. Behind one that fails none is begun: a store in
// trouble is not asked for more.
const uploadsAtOnce = 4

// upload puts the segments that wait, and takes them from the queue in order.
func (s *Recorder) upload(ctx context.Context) {
	var puts sync.WaitGroup
	defer puts.Wait()
	for {
		oldest, unstarted, ended := s.next()
		for _, it := range unstarted {
			puts.Go(func() { it.put <- s.object(ctx, it) })
		}
		if oldest == nil && ended {
			s.drain(ctx)
			return
		}
		var put chan error
		if oldest != nil {
			put = oldest.put
		}
		select {
		case err := <-put:
			if !s.store(ctx, oldest, err) {
				return // ctx ended
			}
		case <-s.wake:
		case <-ctx.Done():
			return
		}
	}
}

// next gives the oldest segment that waits, nil if none does, and those whose
// upload is to begin.
func (s *Recorder) next() (oldest *item, unstarted []*item, ended bool) {
	s.a.mu.Lock()
	defer s.a.mu.Unlock()
	for i, it := range s.queue[:min(uploadsAtOnce, len(s.queue))] {
		// One that is in memory alone goes when its turn comes: acknowledged before
		// those in front of it, it would be in no journal, nor in the spool.
		if i > 0 && (s.queue[0].failed || s.a.opts.Spool != nil && !it.kept) {
			break
		}
		if !it.taken {
			it.taken = true
			unstarted = append(unstarted, it)
		}
	}
	if len(s.queue) > 0 {
		oldest = s.queue[0]
	}
	return oldest, unstarted, s.ended
}

// store writes down that the oldest segment is there or, after an error, that it
// never will be. It answers false when ctx ended before.
func (s *Recorder) store(ctx context.Context, it *item, err error) bool {
	if err != nil && ctx.Err() != nil {
		return false
	}
	r := it.record
	if err != nil {
		r.Gap, r.Bytes = true, 0
	}
	if !s.opened {
		if err := s.begin(ctx, r); err != nil {
			return false
		}
	}
	if longest := time.Duration(s.shown.target) * time.Second; r.Duration.Round(time.Second) > longest {
		s.log.Error("segment is longer than TARGETDURATION; players may refuse the plain playlist", "msn", r.MSN, "duration", r.Duration)
	}
	if err := s.write(ctx, recordLine(r)); err != nil {
		return false
	}
	if s.a.opts.Spool != nil {
		s.a.opts.Spool.Done(s.room, s.epoch, r.MSN)
	}
	s.a.mu.Lock()
	defer s.a.mu.Unlock()
	s.shown.add(r)
	s.version++
	s.queue[0], s.queue = nil, s.queue[1:]
	if !r.Gap {
		s.a.stats.Stored++
		s.a.stats.StoredBytes += uint64(r.Bytes)
	}
	signal(s.list)
	s.a.notify()
	return true
}

// errGivenUp is why the upload of a segment ends that was given up.
var errGivenUp = errors.New("given up")

// object puts a segment's bytes, unless it is given up before they are there.
// After an error that is not the end of ctx it is given up.
func (s *Recorder) object(ctx context.Context, it *item) error {
	err := s.bring(ctx, it)
	s.a.mu.Lock()
	var given lost
	switch {
	case it.dropped:
		err = errGivenUp // also where the bytes came to be there
	case err == nil:
		s.a.release(it)
		it.stored = true
	case ctx.Err() == nil:
		given = lost{s.a.giveUp(s, it, err)}
	}
	s.a.mu.Unlock()
	given.tell()
	return err
}

// bring puts a segment's bytes, until that succeeds or fails for good.
//
// It waits until the spool has the segment or has left it out. What a crash
// leaves of one in the spool is stored by the next process: were more of it
// stored already, the same key would get other bytes.
func (s *Recorder) bring(ctx context.Context, it *item) error {
	if it.record.Gap {
		return nil
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	s.a.mu.Lock()
	settled, dropped := it.settled, it.dropped
	it.cancel = func() { cancel(errGivenUp) }
	s.a.mu.Unlock()
	if dropped {
		return errGivenUp
	}
	if settled != nil {
		select {
		case <-settled:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	key := layout.Of(s.room, s.epoch).Segment(it.record.MSN).Key()
	return s.a.attempt(ctx, s.a.slots, s.log.With("msn", it.record.MSN), key, func(ctx context.Context) error {
		if err := s.put(ctx, key, it); err != nil {
			// It may take long: the next attempt reads what the spool has.
			s.a.mu.Lock()
			it.failed = true
			given := s.a.freeMemory(it)
			s.a.mu.Unlock()
			given.tell()
			return err
		}
		return nil
	})
}

// put puts a segment from where it lies: as the spool's file, where the store can
// take that, else from memory, or from the spool if memory has let go.
func (s *Recorder) put(ctx context.Context, key string, it *item) error {
	s.a.mu.Lock()
	data, kept, dropped := it.data, it.kept, it.dropped
	s.a.mu.Unlock()
	if dropped {
		return errGivenUp
	}
	store, takes := s.a.opts.Store.(fromFiles)
	var file string
	var err error
	if takes && kept {
		file, err = s.a.opts.Spool.File(s.room, s.epoch, it.record.MSN)
	}
	if err == nil && takes && (file != "" || data != nil) {
		return store.PutFrom(ctx, key, data, file)
	}
	body := bytes.Join(data, nil)
	if data == nil && kept {
		if body, err = s.a.opts.Spool.Read(s.room, s.epoch, it.record.MSN); err != nil {
			return err
		}
	}
	return s.a.opts.Store.Put(ctx, key, body)
}

// begin writes the journal's first line, with what the epoch's first segment
// fixes. By now the room's earlier broadcasts are done.
func (s *Recorder) begin(ctx context.Context, first Record) error {
	o := &opening{Version: 1, Target: max(s.least, first.target()), Window: s.a.opts.Window}
	err := s.a.retry(ctx, s.log, func() error {
		prev, err := s.a.before(s.room, s.epoch)
		if err != nil || prev.open == nil {
			return err
		}
		// The first segment of this epoch is one discontinuity further than the
		// last of the one before, which leaves the list at the same moment.
		shown := prev.listing()
		o.Discontinuities = shown.discontinuities() + 1
		if n := len(prev.records); n > 0 && prev.records[n-1].MSN >= first.MSN {
			s.log.Error("the media sequence number is lower than that of the room's previous broadcast; players of the plain playlist may stop",
				"msn", first.MSN, "previous", prev.records[n-1].MSN)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := s.write(ctx, line{Open: o}); err != nil {
		return err
	}
	s.a.mu.Lock()
	defer s.a.mu.Unlock()
	s.opened = true
	s.shown = listing{target: o.Target, length: o.Window, dropped: o.Discontinuities}
	return nil
}

// write appends to the journal, trying again when the disk fails: a segment
// counts as stored only when it is written down.
func (s *Recorder) write(ctx context.Context, l line) error {
	return s.a.retry(ctx, s.log, func() error { return s.journal.append(l) })
}

// drain hands the stream over to the lister: all is stored, nothing follows.
func (s *Recorder) drain(ctx context.Context) {
	// The line says that the end was decided, so that a crash before the last
	// playlist cannot make a broadcast live again.
	if err := s.write(ctx, line{End: true}); err != nil {
		return
	}
	s.a.mu.Lock()
	defer s.a.mu.Unlock()
	s.drained = true
	signal(s.list)
}
