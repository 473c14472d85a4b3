package spool

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"time"
)

// A sync makes the disk write down all that it was given before, so one after
// the other costs much more than many at once: closed segments of all streams wait
// a moment for each other.
const (
	gather  = 100 * time.Millisecond
	abreast = 8 // files that are synced at once
)

// maxSyncing is how many segments of one stream may wait to be synced.
const maxSyncing = 64

// close takes a closed segment to be synced; false: too many of the stream wait.
func (s *Spool) close(w written) bool {
	w.st.mu.Lock()
	full := w.st.syncing >= maxSyncing
	if !full {
		w.st.syncing++
	}
	w.st.mu.Unlock()
	if full {
		return false
	}
	s.mu.Lock()
	s.closed = append(s.closed, w)
	s.mu.Unlock()
	signal(s.handed)
	return true
}

// sync makes closed segments durable and tells who waits for them, until last is
// closed and none is left.
func (s *Spool) sync(last <-chan struct{}) {
	cooling := cooling{letGo: cool}
	for {
		select {
		case <-s.handed:
			select {
			case <-time.After(gather):
			case <-last:
			}
		case <-last:
		}
		s.mu.Lock()
		batch := s.closed
		s.closed = nil
		s.mu.Unlock()
		if len(batch) > 0 {
			syncAll(batch)
			cooling.add(batch, time.Now())
			continue
		}
		select {
		case <-last:
			return
		default:
		}
	}
}

// syncAll syncs segments, then their folders, and tells of each in order. Where no
// store waits for a segment, there is nothing to gain: the window is rebuilt only
// where the page cache survived.
func syncAll(batch []written) {
	errs := make([]error, len(batch))
	needed := make([]bool, len(batch))
	each(len(batch), func(i int) {
		w := batch[i]
		w.st.mu.Lock()
		needed[i] = w.st.done < w.msn
		w.st.mu.Unlock()
		errs[i] = w.finish(needed[i])
	})
	folders := make(map[string]error)
	for i, w := range batch {
		if needed[i] && errs[i] == nil {
			folders[w.st.dir] = nil
		}
	}
	for dir := range folders {
		folders[dir] = syncFolder(dir)
	}
	for i, w := range batch {
		if needed[i] && errs[i] == nil {
			errs[i] = folders[w.st.dir]
		}
		w.st.synced(w.msn, needed[i], errs[i])
	}
}

// each does something for 0 to n-1, some at once.
func each(n int, do func(i int)) {
	var all sync.WaitGroup
	places := make(chan struct{}, abreast)
	for i := range n {
		places <- struct{}{}
		all.Go(func() {
			defer func() { <-places }()
			do(i)
		})
	}
	all.Wait()
}

// finish closes the files of a segment, and syncs them if need be.
func (w *written) finish(sync bool) (err error) {
	if w.media != nil {
		if sync {
			err = w.media.Sync()
		}
		err = errors.Join(err, w.media.Close())
	}
	if sync {
		err = errors.Join(err, w.log.Sync())
	}
	return errors.Join(err, w.log.release())
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
		st.log.Info("the spool takes the broadcast again", "msn", msn)
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

func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
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
