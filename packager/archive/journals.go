package archive

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"mediad/packager/layout"
)

// Journals are the journals of a data directory, to be looked at and mended
// from outside of the process that writes them.
type Journals struct{ a *Archive }

// OpenJournals gives the journals below a folder, Options.Dir of an Archive.
func OpenJournals(dir string) Journals { return Journals{New(Options{Dir: dir})} }

// Journal is what one says.
type Journal struct {
	Records []Record // as listed, without what is missing between them
	Target  int      // TARGETDURATION in seconds
	Ended   bool     // all is stored that will be
	Done    bool     // the last playlists are stored too
	Bad     int      // lines that say nothing legal
}

// List gives all epochs, the oldest of each room first.
func (j Journals) List() ([]Epoch, error) {
	rooms, err := os.ReadDir(j.a.opts.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list journals: %w", err)
	}
	var out []Epoch
	for _, room := range rooms {
		if !room.IsDir() || !layout.Legal(room.Name()) {
			continue
		}
		epochs, err := j.a.epochs(room.Name())
		if err != nil {
			return nil, err
		}
		for _, epoch := range epochs {
			out = append(out, layout.Of(room.Name(), epoch))
		}
	}
	return out, nil
}

// Has tells whether there is a journal that says anything.
func (a *Archive) Has(room, epoch string) bool {
	info, err := os.Stat(a.disk().Journal(layout.Of(room, epoch)))
	return err == nil && info.Size() > 0
}

// Read reads a journal; nil where there is none.
func (j Journals) Read(e Epoch) (*Journal, error) {
	if _, err := os.Stat(j.a.disk().Journal(e)); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	w, err := j.a.stored(e.Room, e.Epoch)
	if err != nil {
		return nil, err
	}
	out := &Journal{Records: w.here(), Ended: w.end || w.done, Done: w.done, Bad: w.bad, Target: 1}
	if w.open != nil {
		out.Target = w.open.Target
	}
	return out, nil
}

// MarkGaps writes down that segments of a finished epoch have no object. The
// file is replaced as a whole; nobody else may write it meanwhile.
func (j Journals) MarkGaps(e Epoch, msns map[uint64]bool) error {
	w, err := j.a.stored(e.Room, e.Epoch)
	if err != nil {
		return err
	}
	if !w.done {
		return fmt.Errorf("mark gaps in epoch %s: %w", e.Epoch, ErrBusy)
	}
	var lines []line
	if w.open != nil {
		lines = append(lines, line{Open: w.open})
	}
	stores := w.stores
	for i, r := range w.records {
		for ; len(stores) > 0 && stores[0].first <= i; stores = stores[1:] {
			lines = append(lines, line{Store: stores[0].store})
		}
		if msns[r.MSN] {
			r.Gap, r.Bytes = true, 0
		}
		lines = append(lines, recordLine(r))
	}
	for _, t := range stores {
		lines = append(lines, line{Store: t.store})
	}
	text, err := encode(append(lines, line{End: true}, line{Done: true}))
	if err != nil {
		return err
	}
	return replace(j.a.disk().Journal(e), text)
}

// replace puts a file in the place of another, durably.
func replace(path string, text []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), layout.PartialOf(path))
	if err != nil {
		return fmt.Errorf("write journal: %w", err)
	}
	_, err = f.Write(text)
	err = errors.Join(err, f.Chmod(0o640), f.Sync())
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("write journal: %w", errors.Join(err, os.Remove(f.Name())))
	}
	return syncFolders(path)
}

// Replay renders the VOD playlist of an epoch; nil where nothing of it is
// stored.
func (j Journals) Replay(e Epoch) ([]byte, error) {
	w, err := j.a.stored(e.Room, e.Epoch)
	if err != nil {
		return nil, err
	}
	return w.replay()
}

// replay renders what a journal says; nil where nothing of it is stored.
func (w written) replay() ([]byte, error) {
	here := w.here()
	if !anyStored(here) {
		return nil, nil
	}
	return replay(filled(here, w.open.Target), w.open.Target).Bytes()
}

// Plain renders the stable playlist as a finished epoch leaves it; nil where it
// lists nothing.
func (j Journals) Plain(e Epoch) ([]byte, error) {
	w, err := j.a.stored(e.Room, e.Epoch)
	if err != nil || len(w.records) == 0 {
		return nil, err
	}
	shown := w.listing()
	return shown.media(e.Epoch, true).Bytes()
}

// Remove removes a journal that no room knows.
func (j Journals) Remove(e Epoch) error { return j.a.Forget(e.Room, e.Epoch) }
