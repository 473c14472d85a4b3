package storage

import (
	"errors"
	"fmt"
	"os"
	"sync"
)

// A stable playlist has a new version every few seconds. A file made for each, and
// that of the version before deleted, costs a file system more than writing it. So
// the two change names, and the file of the version before stays, hidden, for the
// version after: unless it is still open anywhere, or has another name, it is
// written anew. Whoever began to read a version gets the whole of it.

// spareName begins the name of such a file. Half-written or left by a crash it is
// swept as all others.
const spareName = "kept-"

// spares are the hidden files of versions before.
type spares struct {
	mu sync.Mutex
	// Guarded by mu.
	byKey map[string]string // paths
	off   bool              // the file system cannot do it
}

// take gives the file that was kept for a key, for this caller alone; "": none.
func (s *spares) take(key string) (path string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	path = s.byKey[key]
	delete(s.byKey, key)
	return path
}

// keep keeps a file, and gives one that nobody needs then; "": none.
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

// works tells whether versions may take turns.
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

// errInUse: somebody has the file open, or there is another name for it.
var errInUse = errors.New("the file is still in use")

// hide writes body to a hidden file and to the disk under it: to the one that was
// kept for the key, or to a new one.
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
	os.Remove(spare) // if it stays, it is swept
	return d.temp(spareName, body)
}

// rewrite gives a file other bytes, on the disk, if nobody else uses it.
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

// place brings a hidden file to its place, in exchange for the version before if
// there is one: old is where that lies then. The lock is held.
func (d *Dir) place(key, hidden, path string) (old string, err error) {
	if !Immutable(key) && d.spares.works() {
		// A folder would be exchanged, too.
		if info, err := os.Lstat(path); err == nil && info.Mode().IsRegular() {
			if exchange(hidden, path) == nil {
				return hidden, nil
			}
			d.spares.giveUp()
		}
	}
	return "", inFolder(path, func() error { return os.Rename(hidden, path) })
}

// putAway keeps the file of the version before, once the one in its place is on the disk under its
// name: until then a loss of power may bring it back.
func (d *Dir) putAway(key, old string, placed error) {
	if placed == nil {
		old = d.spares.keep(key, old)
	}
	if old != "" {
		os.Remove(old) // if it stays, it is swept
	}
}
