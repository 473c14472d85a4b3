package archive

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"mediad/packager/layout"
)

// ErrBusy: the epoch is on air, or not all of it is stored yet.
var ErrBusy = errors.New("the broadcast is still being stored")

// Idle tells whether nothing will be put any more under an epoch's keys, with
// ErrBusy if something may.
func (a *Archive) Idle(room, epoch string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	for s := range a.streams {
		if s.room == room && s.epoch == epoch {
			return ErrBusy
		}
	}
	return nil
}

// Forget removes the journal of an epoch whose objects are gone, and its spool. A second
// call does nothing.
func (a *Archive) Forget(room, epoch string) error {
	if err := errors.Join(layout.Of(room, epoch).Check(), a.Idle(room, epoch)); err != nil {
		return fmt.Errorf("forget epoch: %w", err)
	}
	path := a.disk().Journal(layout.Of(room, epoch))
	a.mu.Lock()
	delete(a.usage, path)
	a.mu.Unlock()
	// Its spool is beside it, in a folder of the epoch's name.
	if err := os.RemoveAll(a.disk().Spool(layout.Of(room, epoch))); err != nil {
		return fmt.Errorf("forget epoch: %w", err)
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("forget epoch: %w", err)
	}
	return nil
}

// Storing tells whether a broadcast of the room is being stored, so that the
// stable playlist is, or will soon be, another's than that of an older epoch.
func (a *Archive) Storing(room string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	for s := range a.streams {
		if s.room == room {
			return true
		}
	}
	return false
}
