package archive

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Epoch names one broadcast of a room.
type Epoch struct{ Room, Epoch string }

// Unfinished finds the epochs whose last playlists were not stored when a
// former process went away, the oldest of each room first. Each is either on
// air still, or must be opened and ended.
func (a *Archive) Unfinished() ([]Epoch, error) {
	if a.opts.Store == nil {
		return nil, nil
	}
	rooms, err := os.ReadDir(a.opts.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list journals: %w", err)
	}
	var out []Epoch
	for _, room := range rooms {
		if !room.IsDir() || named("room", room.Name()) != nil {
			continue
		}
		epochs, err := a.epochs(room.Name())
		if err != nil {
			return nil, err
		}
		for _, epoch := range epochs {
			done, err := finished(filepath.Join(a.opts.Dir, room.Name(), epoch+suffix))
			if err != nil {
				return nil, err
			}
			if !done {
				out = append(out, Epoch{room.Name(), epoch})
			}
		}
	}
	return out, nil
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
func (s *Stream) Ended() bool {
	s.a.mu.Lock()
	defer s.a.mu.Unlock()
	return s.ended
}
