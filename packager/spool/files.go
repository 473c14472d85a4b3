package spool

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"mediad/packager/layout"
)

// opened are the open files of a segment.
type opened struct {
	files
	words, media *os.File // media nil: there is none
}

// openFiles opens a segment's files.
func openFiles(p place, msn uint64) (o *opened, err error) {
	o = new(opened)
	if o.words, o.size, err = openSized(p.path); err != nil {
		return nil, err
	}
	o.size = max(o.size-p.at, 0)
	o.files.words = io.NewSectionReader(o.words, p.at, o.size)
	if p.former() {
		return o, nil
	}
	o.media, o.long, err = openSized(mediaPath(filepath.Dir(p.path), msn))
	switch {
	case err == nil:
		o.files.media = o.media
	case !errors.Is(err, fs.ErrNotExist):
		o.close()
		return nil, err
	}
	return o, nil
}

func openSized(path string) (*os.File, int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, err
	}
	info, err := f.Stat()
	if err != nil {
		return nil, 0, errors.Join(err, f.Close())
	}
	return f, info.Size(), nil
}

func (o *opened) close() {
	o.words.Close()
	if o.media != nil {
		o.media.Close()
	}
}

// seal closes a segment that was left open: its media ends with its last whole part, and
// is synced.
func (o *opened) seal(s *Segment) error {
	if o.media != nil && !s.inline {
		if err := shorten(o.media, s.Size()); err != nil {
			return fmt.Errorf("cut the end off segment %d: %w", s.MSN, err)
		}
	}
	return o.words.Sync()
}

// cutPrefix begins the name of a copy that is being made.
const cutPrefix = layout.SpoolCut

// shorten lets a file end at size, durably. A file that has another name is an
// object of the store, which must not change: a copy takes its place here.
func shorten(f *os.File, size int64) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if info.Size() <= size {
		return f.Sync()
	}
	if names, ok := info.Sys().(*syscall.Stat_t); ok && names.Nlink == 1 {
		w, err := os.OpenFile(f.Name(), os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		return errors.Join(w.Truncate(size), w.Sync(), w.Close())
	}
	w, err := os.CreateTemp(filepath.Dir(f.Name()), cutPrefix+"*")
	if err != nil {
		return err
	}
	_, err = io.Copy(w, io.NewSectionReader(f, 0, size))
	err = errors.Join(err, w.Chmod(info.Mode().Perm()), w.Sync(), w.Close())
	if err == nil {
		err = os.Rename(w.Name(), f.Name())
	}
	if err != nil {
		return errors.Join(err, os.Remove(w.Name()))
	}
	return nil
}
