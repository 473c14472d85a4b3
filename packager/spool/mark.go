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

// keepMark lets the mark say what the stream does, until the stream has left or no
// more changes come. It has a goroutine of its own: the writer may hang when the mark
// has to go.
func (st *Recorder) keepMark(last <-chan struct{}) {
	for st.settle() {
		select {
		case <-st.doubted:
		case <-last:
			st.settle()
			return
		}
	}
}

// settle makes the mark what it should be. It answers false once the stream has left.
func (st *Recorder) settle() bool {
	st.marking.Lock()
	defer st.marking.Unlock()
	for !st.gone {
		st.mu.Lock()
		trusted := st.trusted
		st.mu.Unlock()
		if trusted == st.marked {
			return true
		}
		st.begin(marking)
		err := st.s.setMark(st.dir, trusted)
		st.finish(marking)
		if err != nil {
			// Not marked is the safe side; a mark that stays is worth a line.
			st.log.Error("the spool's mark cannot be changed", "exact", trusted, "err", err)
			return true
		}
		st.marked = trusted
	}
	return false
}

func (s *Spool) setMark(dir string, there bool) error {
	path := filepath.Join(dir, mark)
	if !there {
		if err := s.disk.Remove(path); !errors.Is(err, fs.ErrNotExist) {
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
	if err := s.setMark(s.folder(room, epoch), false); err != nil {
		return fmt.Errorf("doubt the spool: %w", err)
	}
	return nil
}

// leave removes an ended broadcast's folder, if nothing foreign is in it, and
// forgets the stream.
func (st *Recorder) leave() {
	st.marking.Lock()
	st.gone = true
	st.begin(writing)
	st.s.setMark(st.dir, false)
	st.s.disk.Remove(st.dir) // fails where something else is in it, which then stays
	st.finish(writing)
	st.marking.Unlock()
	signal(st.doubted) // nobody need keep the mark any more
	st.s.mu.Lock()
	defer st.s.mu.Unlock()
	if st.s.streams[st.epoch] == st {
		delete(st.s.streams, st.epoch)
	}
}
