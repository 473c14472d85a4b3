package storage

import (
	"errors"
	"fmt"
	"os"
	"sync"
)

// A stable playlist has a new version every few seconds. To make a file for each, and
// to delete the file before, costs a file system more than the writing. So the two
// files exchange their names. The file of the version before stays hidden, and is
// rewritten for the next version, unless it is still open anywhere, or has another
// name. So a reader that has begun with a version gets the whole of it.

// spareName begins the name of such a file. After a crash, sweep removes it like all
// others.
const spareName = "kept-"

// spares are the hidden files of former versions.
type spares struct {
	mu sync.Mutex
	// Guarded by mu.
	byKey map[string]string // paths
	off   bool              // the file system cannot do it
}

// take gives the file that was kept for a key to this caller alone, or "" where there
// is none.
func (s *spares) take(key string) (path string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	path = s.byKey[key]
	delete(s.byKey, key)
	return path
}

// keep keeps a file for a key. It gives the file that was kept before, which is no
// longer needed, or "".
func (s *spares) keep(key, path string) (spare string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.byKey == nil {
		s.byKey = map[string]string{}
	}
	spare = s.byKey[key]
	s.byKey[key] = path
	return spare
}

// works tells whether the file system can exchange and rewrite files.
func (s *spares) works() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.off
}

func (s *spares) giveUp() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.off = true
}

// errInUse says that a process has the file open, or that it has another name.
var errInUse = errors.New("the file is still in use")

// hide writes body durably to a hidden file: to the one that was kept for the key, or
// to a new one.
func (d *Dir) hide(key string, body [][]byte) (path string, err error) {
	if Immutable(key) {
		return d.temp(tempName, body)
	}
	spare := d.spares.take(key)
	if spare == "" {
		return d.temp(spareName, body)
	}
	if err = rewrite(spare, body); err == nil {
		return spare, nil
	}
	if errors.Is(err, errors.ErrUnsupported) {
		d.spares.giveUp()
	}
	os.Remove(spare) // if it stays, sweep removes it
	return d.temp(spareName, body)
}

// rewrite replaces the bytes of a file durably, if nobody else uses it.
func rewrite(path string, body [][]byte) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	switch err = alone(f); {
	case err == nil:
		err = replaceAll(f, body)
	case !errors.Is(err, errInUse):
		err = fmt.Errorf("%w: %w", errors.ErrUnsupported, err)
	}
	return errors.Join(err, f.Close())
}

func replaceAll(f *os.File, body [][]byte) error {
	size := int64(0)
	for _, b := range body {
		n, err := f.WriteAt(b, size)
		if err != nil {
			return err
		}
		size += int64(n)
	}
	info, err := f.Stat()
	if err == nil && info.Size() > size {
		err = f.Truncate(size)
	}
	if err != nil {
		return err
	}
	return f.Sync()
}

// place moves a hidden file to its place. Where the version before is there, the two are
// exchanged, and old is the new path of that version. The lock is held.
func (d *Dir) place(key, hidden, path string) (old string, err error) {
	if !Immutable(key) && d.spares.works() {
		// The kernel would also exchange a folder, so look first.
		if info, err := os.Lstat(path); err == nil && info.Mode().IsRegular() {
			if exchange(hidden, path) == nil {
				return hidden, nil
			}
			d.spares.giveUp()
		}
	}
	return "", inFolder(path, func() error { return os.Rename(hidden, path) })
}

// putAway keeps the file of the version before for the next one, if the new version's
// name is durable (placed is nil). Otherwise a loss of power may bring the old version
// back, so its file must not be rewritten.
func (d *Dir) putAway(key, old string, placed error) {
	if placed == nil {
		old = d.spares.keep(key, old)
	}
	if old != "" {
		os.Remove(old) // if it stays, it is swept
	}
}
