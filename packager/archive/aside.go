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

// SetAside moves out of the way what stands under the name of a room's folder or
// of a journal and is none, for the start of a process: one damaged place of a
// disk must not keep all rooms off the air. It gives the new names; nothing is
// deleted.
func (a *Archive) SetAside() (moved []string, err error) {
	rooms, err := os.ReadDir(a.opts.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list journals: %w", err)
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
	for _, room := range rooms {
		folder := a.disk().Room(room.Name())
		if !layout.Legal(room.Name()) || !check(folder, fs.FileMode.IsDir) {
			continue
		}
		entries, err := os.ReadDir(folder)
		if err != nil {
			errs = append(errs, fmt.Errorf("list journals: %w", err))
			continue
		}
		for _, e := range entries {
			if _, ok := layout.JournalEpoch(e.Name()); ok {
				check(filepath.Join(folder, e.Name()), fs.FileMode.IsRegular)
			}
		}
	}
	return moved, errors.Join(errs...)
}
