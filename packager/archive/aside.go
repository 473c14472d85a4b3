package archive

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"mediad/packager/layout"
)

// Rooms gives the rooms that have, or had, a folder of journals. It looks into none
// of them.
func (a *Archive) Rooms() ([]string, error) {
	entries, err := os.ReadDir(a.opts.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list journals: %w", err)
	}
	var out []string
	for _, e := range entries {
		if layout.Legal(e.Name()) {
			out = append(out, e.Name())
		}
	}
	return out, nil
}

// SetAside is for the start of a process. Where a room's folder or journal should be and
// something else is, that is moved aside: one damaged place of a disk must not keep a
// room off the air. It gives the new names; nothing is deleted.
func (a *Archive) SetAside(room string) (moved []string, err error) {
	if !layout.Legal(room) {
		return nil, nil
	}
	var errs []error
	check := func(path string, good func(fs.FileMode) bool) bool {
		info, err := os.Stat(path) // a link may lead elsewhere on purpose
		if err == nil && good(info.Mode()) {
			return true
		}
		aside := layout.Aside(path, time.Now().UnixNano())
		if err := os.Rename(path, aside); err != nil {
			errs = append(errs, fmt.Errorf("set aside: %w", err))
			return false
		}
		moved = append(moved, aside)
		return false
	}
	folder := a.disk().Room(room)
	if _, err := os.Lstat(folder); errors.Is(err, fs.ErrNotExist) || !check(folder, fs.FileMode.IsDir) {
		return moved, errors.Join(errs...)
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, fmt.Errorf("list journals: %w", err)
	}
	for _, e := range entries {
		if _, ok := layout.JournalEpoch(e.Name()); ok {
			check(filepath.Join(folder, e.Name()), fs.FileMode.IsRegular)
		}
	}
	return moved, errors.Join(errs...)
}
