package archive

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"mediad/packager/layout"
)

// Epoch names one broadcast of a room.
type Epoch = layout.Broadcast

// Unfinished finds the epochs of a room whose last playlists were not stored when a
// former process went away, the oldest first. Each is either on air still, or must
// be opened and ended.
func (a *Archive) Unfinished(room string) (epochs []string, err error) {
	if a.opts.Store == nil || !layout.Legal(room) {
		return nil, nil
	}
	all, err := a.epochs(room)
	if err != nil {
		return nil, err
	}
	for _, epoch := range all {
		done, err := finished(a.disk().Journal(layout.Of(room, epoch)))
		if err != nil { // the room's other epochs need not wait for a disk's bad place
			a.opts.Log.Error("a journal cannot be read", "room", room, "epoch", epoch, "err", err)
		}
		if !done {
			epochs = append(epochs, epoch)
		}
	}
	return epochs, nil
}

// finished tells from the end of a journal whether it says done.
func finished(path string) (bool, error) {
	f, err := os.Open(path)
	if err != nil {
		return false, fmt.Errorf("read journal: %w", err)
	}
	defer f.Close()
	want, err := encode([]line{{Done: true}})
	if err != nil {
		return false, err
	}
	tail := make([]byte, len(want))
	info, err := f.Stat()
	if err != nil || info.Size() < int64(len(tail)) {
		return false, err
	}
	if _, err := f.ReadAt(tail, info.Size()-int64(len(tail))); err != nil && !errors.Is(err, io.EOF) {
		return false, fmt.Errorf("read journal: %w", err)
	}
	return strings.HasSuffix(string(tail), string(want)), nil
}

// Ended tells whether End was called, by this process or a former one.
func (s *Recorder) Ended() bool {
	s.a.mu.Lock()
	defer s.a.mu.Unlock()
	return s.ended
}
