package archive

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"mediad/packager/layout"
)

// journal is the file in which an epoch's segments are written down. One
// goroutine at a time uses it.
type journal struct {
	file *os.File
	size int64 // up to the end of the last whole line
	torn bool  // something may stand behind it
}

// openJournal opens or makes the file and reads what it says.
func openJournal(path string) (*journal, written, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, written{}, fmt.Errorf("open journal: %w", err)
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, written{}, fmt.Errorf("open journal: %w", err)
	}
	text, err := io.ReadAll(f)
	if err == nil {
		err = syncFolders(path)
	}
	if err != nil {
		return nil, written{}, errors.Join(fmt.Errorf("open journal %q: %w", path, err), f.Close())
	}
	w := read(text)
	return &journal{f, w.good, int64(len(text)) > w.good}, w, nil
}

// append writes lines behind the last whole one and to the disk. Whatever a
// failed or killed append left is overwritten by the next.
func (j *journal) append(lines ...line) error {
	text, err := encode(lines)
	if err != nil {
		return err
	}
	torn := j.torn
	j.torn = true // until it is on the disk
	if _, err = j.file.WriteAt(text, j.size); err == nil && torn {
		// A torn line may have been longer than what now covers it.
		err = j.file.Truncate(j.size + int64(len(text)))
	}
	if err == nil {
		err = j.file.Sync()
	}
	if err != nil {
		return fmt.Errorf("write journal: %w", err)
	}
	j.size, j.torn = j.size+int64(len(text)), false
	return nil
}

func (j *journal) close() error { return j.file.Close() }

// syncFolders makes the names of a room's folder and of a journal in it
// durable.
func syncFolders(path string) error {
	dir := filepath.Dir(path)
	for _, d := range []string{dir, filepath.Dir(dir)} {
		f, err := os.Open(d)
		if err != nil {
			return err
		}
		if err := errors.Join(f.Sync(), f.Close()); err != nil {
			return err
		}
	}
	return nil
}

// epochs lists the epochs of a room that have a journal, in order.
func (a *Archive) epochs(room string) ([]string, error) {
	entries, err := os.ReadDir(a.disk().Room(room))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list journals: %w", err)
	}
	var out []string
	for _, e := range entries {
		if epoch, ok := layout.JournalEpoch(e.Name()); ok {
			out = append(out, epoch)
		}
	}
	slices.Sort(out)
	return out, nil
}

// before gives the newest earlier epoch of the room in which anything was
// stored.
func (a *Archive) before(room, epoch string) (written, error) {
	all, err := a.epochs(room)
	if err != nil {
		return written{}, err
	}
	for _, e := range slices.Backward(all) {
		if e >= epoch {
			continue
		}
		text, err := os.ReadFile(a.disk().Journal(layout.Of(room, e)))
		if err != nil {
			return written{}, fmt.Errorf("read journal: %w", err)
		}
		if w := read(text); w.open != nil {
			return w, nil
		}
	}
	return written{}, nil
}

// Segments gives the segments of an epoch that were stored or given up, oldest
// first, with the gaps that a crash, or a store left behind, made between them;
// nil where nothing is known of the epoch.
func (a *Archive) Segments(room, epoch string) ([]Record, error) {
	if a.opts.Store == nil {
		return nil, nil
	}
	if err := layout.Of(room, epoch).Check(); err != nil {
		return nil, err
	}
	w, err := a.stored(room, epoch)
	if err != nil || w.open == nil {
		return nil, err
	}
	return filled(w.here(), w.open.Target), nil
}

// stored reads the journal of an epoch, which may just be written to.
func (a *Archive) stored(room, epoch string) (written, error) {
	text, err := os.ReadFile(a.disk().Journal(layout.Of(room, epoch)))
	if errors.Is(err, fs.ErrNotExist) {
		return written{}, nil
	}
	if err != nil {
		return written{}, fmt.Errorf("read journal: %w", err)
	}
	return read(text), nil
}
