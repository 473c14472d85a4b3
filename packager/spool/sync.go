package spool

import (
	"errors"
	"fmt"
	"io/fs"
	"sync"
	"time"
)

// A sync makes the disk write down all that it was given before, so one after
// the other costs much more than many at once: closed segments of all streams wait
// a moment for each other. Then streams have their turns, a few at a time. A turn that
// takes longer than slowSync, as on a disk that hangs, does not count any more, and its
// stream needs no slot until a sync is in time again: no other waits for it.
const (
	groupFor    = 100 * time.Millisecond
	syncsAtOnce = 8 // streams that are synced at once
	slowSync    = time.Second
)

// maxSyncing is how many segments of one stream may wait to be synced.
const maxSyncing = 64

// close takes a closed segment to be synced; false: too many of the stream wait.
func (s *Spool) close(w written) bool {
	st := w.st
	st.mu.Lock()
	full, queued := st.syncing >= maxSyncing, st.turn
	if !full {
		st.syncing++
		st.closed = append(st.closed, w)
		st.turn = true
	}
	st.mu.Unlock()
	if full || queued {
		return !full
	}
	s.mu.Lock()
	s.unsynced = append(s.unsynced, st)
	s.mu.Unlock()
	signal(s.handed)
	return true
}

// sync makes closed segments durable and tells who waits for them, until last is
// closed and none is left.
func (s *Spool) sync(last <-chan struct{}) {
	var turns sync.WaitGroup
	defer turns.Wait()
	slots := make(chan struct{}, syncsAtOnce)
	for over := false; !over; {
		select {
		case <-s.handed:
			select {
			case <-time.After(groupFor):
			case <-last:
			}
		case <-last:
			over = true // whoever has a turn syncs all that the stream has
		}
		s.mu.Lock()
		batch := s.unsynced
		s.unsynced = nil
		s.mu.Unlock()
		for _, st := range batch {
			free := func() {}
			if !st.overdue() {
				slots <- struct{}{}
				free = sync.OnceFunc(func() { <-slots })
			}
			turns.Go(func() {
				defer free()
				st.sync(free)
			})
		}
	}
}

// overdue tells whether the stream's last sync took too long.
func (st *Recorder) overdue() bool {
	st.mu.Lock()
	defer st.mu.Unlock()
	return st.late
}

// sync is the stream's turn: it syncs what the stream has, and what comes meanwhile.
// free gives the slot back.
func (st *Recorder) sync(free func()) {
	defer time.AfterFunc(slowSync, free).Stop()
	for {
		st.mu.Lock()
		batch := st.closed
		st.closed = nil
		st.turn = len(batch) > 0
		st.mu.Unlock()
		if len(batch) == 0 {
			return
		}
		began := time.Now()
		st.syncAll(batch)
		st.begin(syncing)
		st.evictions.add(batch, time.Now())
		st.finish(syncing)
		st.mu.Lock()
		st.late = time.Since(began) > slowSync
		st.mu.Unlock()
	}
}

// syncAll syncs segments, then their records and their folder, and tells of each in
// order. Where no store waits for a segment, there is nothing to gain: the window is
// rebuilt only where the page cache survived.
func (st *Recorder) syncAll(batch []written) {
	disk := st.s.disk
	defer st.finish(syncing)
	needed := make([]bool, len(batch))
	errs := make([]error, len(batch))
	logs := make(map[*recordLog]error) // that have segments that are needed
	for i, w := range batch {
		st.begin(syncing)
		st.mu.Lock()
		needed[i] = st.done < w.msn
		st.mu.Unlock()
		if w.media != nil {
			if needed[i] {
				errs[i] = disk.Sync(w.media)
			}
			errs[i] = errors.Join(errs[i], w.media.Close())
		}
		if needed[i] {
			logs[w.log] = nil
		}
	}
	for log := range logs {
		st.begin(syncing)
		logs[log] = disk.Sync(log.File)
	}
	var folder error
	if len(logs) > 0 {
		st.begin(syncing)
		folder = disk.SyncFolder(st.dir)
	}
	for i, w := range batch {
		if needed[i] {
			errs[i] = errors.Join(errs[i], logs[w.log], folder)
		}
		st.synced(w.msn, needed[i], errors.Join(errs[i], w.log.release()))
	}
}

// synced is told how a segment's sync ended.
func (st *Recorder) synced(msn uint64, needed bool, err error) {
	st.mu.Lock()
	st.syncing--
	switch {
	case err != nil && !st.swept(msn, err):
		st.fail(fmt.Errorf("sync segment %d: %w", msn, err))
		st.mu.Unlock()
		st.s.count(func(s *Stats) { s.Errors++ })
		st.leftOut(msn)
		return
	case st.trouble != nil && !st.leaving:
		st.log.Info("the spool can write the broadcast again", "msn", msn)
		st.trouble = nil
	}
	if err == nil && needed && (msn > st.done || msn >= st.need) {
		st.whole[msn] = true
	}
	st.mu.Unlock()
	if st.kept != nil {
		st.kept(msn)
	}
}

// swept tells whether a sync failed only because the store was faster: the
// broadcast has ended, and its folder is gone. mu is held.
func (st *Recorder) swept(msn uint64, err error) bool {
	return st.ended && st.done >= msn && errors.Is(err, fs.ErrNotExist)
}

// File gives the path of a file that holds a closed segment's bytes, is on the disk
// and does not change; "" where there is none, as of a former version's: Read gives
// the bytes then. The file is there until Done. Errors are those of Read.
func (s *Spool) File(room, epoch string, msn uint64) (path string, err error) {
	s.mu.Lock()
	st := s.streams[epoch]
	s.mu.Unlock()
	if st != nil {
		st.mu.Lock()
		whole := st.whole[msn]
		st.mu.Unlock()
		if whole {
			return mediaPath(s.folder(room, epoch), msn), nil
		}
	}
	// A process before this one wrote it, perhaps before the machine went down.
	seg, err := s.open(room, epoch, msn)
	if err != nil || seg.inline {
		return "", err
	}
	if err := seg.check(); err != nil {
		return "", err
	}
	return mediaPath(s.folder(room, epoch), msn), nil
}
