package spool

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"mediad/packager/layout"
)

// mark is a file in an epoch's folder. It is there as long as at most one listed part is
// not written. A full disk does not keep it from being taken away. Without it the next
// process does not go on with the numbers.
const mark = layout.SpoolMark

// settle lets the mark say what the stream does.
func (st *Recorder) settle() {
	st.marking.Lock()
	defer st.marking.Unlock()
	for !st.gone {
		st.mu.Lock()
		trusted := st.trusted
		st.mu.Unlock()
		if trusted == st.marked {
			return
		}
		if err := setMark(st.dir, trusted); err != nil {
			// Not marked is the safe side; a mark that stays is worth a line.
			st.log.Error("the spool's mark cannot be changed", "exact", trusted, "err", err)
			return
		}
		st.marked = trusted
	}
}

func setMark(dir string, there bool) error {
	path := filepath.Join(dir, mark)
	if !there {
		if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, nil, 0o644)
}

// Doubt takes the mark of an epoch without a Recorder away: more will be listed than is
// written, and the next process must not go on from there.
func (s *Spool) Doubt(room, epoch string) error {
	if err := setMark(s.folder(room, epoch), false); err != nil {
		return fmt.Errorf("doubt the spool: %w", err)
	}
	return nil
}

// leave removes an ended broadcast's folder, if nothing foreign is in it, and
// forgets the stream.
func (st *Recorder) leave() {
	st.marking.Lock()
	st.gone = true
	setMark(st.dir, false)
	os.Remove(st.dir) // fails where something else is in it, which then stays
	st.marking.Unlock()
	st.s.mu.Lock()
	defer st.s.mu.Unlock()
	if st.s.streams[st.epoch] == st {
		delete(st.s.streams, st.epoch)
	}
}
