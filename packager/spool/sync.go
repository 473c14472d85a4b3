package spool

import (
	"errors"
	"fmt"
	"os"
)

// sync makes closed segments durable and tells who waits for it.
func (st *Stream) sync() {
	for w := range st.closed {
		err := errors.Join(w.file.Sync(), w.file.Close())
		if err == nil {
			err = syncFolder(st.dir)
		}
		if err != nil {
			st.s.count(func(s *Stats) { s.Errors++ })
			st.mu.Lock()
			st.fail(fmt.Errorf("sync segment %d: %w", w.msn, err))
			st.mu.Unlock()
			continue
		}
		st.mu.Lock()
		if st.trouble != nil && !st.left {
			st.log.Info("the spool takes the broadcast again", "msn", w.msn)
			st.trouble = nil
		}
		st.mu.Unlock()
		if st.kept != nil {
			st.kept(w.msn)
		}
	}
}

func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
