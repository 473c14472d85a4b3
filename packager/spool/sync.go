package spool

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// sync makes closed segments durable and tells who waits for it. Where no store
// waits for a segment, there is nothing to gain: the window is rebuilt only
// where the page cache survived.
func (st *Stream) sync() {
	for w := range st.closed {
		var err error
		st.mu.Lock()
		needed := st.done < w.msn
		st.mu.Unlock()
		if needed {
			err = w.file.Sync()
		}
		err = errors.Join(err, w.file.Close())
		if err == nil && needed {
			err = syncFolder(st.dir)
		}
		if err != nil && !st.swept(w.msn, err) {
			st.s.count(func(s *Stats) { s.Errors++ })
			st.mu.Lock()
			st.fail(fmt.Errorf("sync segment %d: %w", w.msn, err))
			st.mu.Unlock()
			st.leftOut(w.msn)
			continue
		}
		st.mu.Lock()
		if st.trouble != nil && !st.leaving {
			st.log.Info("the spool takes the broadcast again", "msn", w.msn)
			st.trouble = nil
		}
		st.mu.Unlock()
		if st.kept != nil {
			st.kept(w.msn)
		}
	}
}

// swept tells whether a sync failed only because the store was faster: the
// broadcast has ended, and its folder is gone.
func (st *Stream) swept(msn uint64, err error) bool {
	st.mu.Lock()
	defer st.mu.Unlock()
	return st.ended && st.done >= msn && errors.Is(err, fs.ErrNotExist)
}

func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
