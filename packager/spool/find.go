package spool

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"time"

	"mediad/ingest"
	"mediad/packager/layout"
)

// Found is what a process before this one left of a broadcast.
type Found struct {
	// Segments are all that can be read, by number; the last may be one that
	// was still open.
	Segments []*Segment
	// Exact: but for one part at most, the last of Segments ends with the last
	// part that was listed.
	Exact bool

	old    bool // there is a folder
	marked bool
}

// Recent gives the newest segments that follow each other without a hole.
func (f *Found) Recent() []*Segment { return run(f.Segments) }

// Find reads an epoch's folder. Files of others are passed over and stay. Files that a
// former process left without a whole part are deleted.
func (s *Spool) Find(room, epoch string) (Found, error) {
	dir := s.folder(room, epoch)
	files, err := list(dir)
	if err != nil || !files.there {
		return Found{}, err
	}
	// Media first, then records: whatever a stream makes meanwhile has them.
	again, err := list(dir)
	if err != nil {
		return Found{}, err
	}
	files.logs = again.logs
	at, spare, err := files.places()
	if err != nil {
		return Found{}, err
	}
	f := Found{old: true, marked: files.marked}
	spare = append(spare, files.cuts...)
	for _, msn := range files.media {
		if p, known := at[msn]; !known || p.former() {
			spare = append(spare, mediaPath(dir, msn)) // as a loss of power may leave it
		}
	}
	used := make(map[string]bool)
	gone := uint64(0) // the newest segment whose media is not there
	for msn, p := range at {
		seg, err := open(p, msn)
		switch {
		case err == nil:
			f.Segments = append(f.Segments, seg)
			used[p.path] = true
		case errors.Is(err, errGone):
			gone = max(gone, msn)
		case errors.Is(err, errTorn):
			// As of a process that died within a segment's first part.
			s.opts.Log.Info("a segment in the spool has no whole part and is ignored", "path", p.path, "msn", msn, "err", err)
			if !p.former() {
				spare = append(spare, mediaPath(dir, msn))
			}
		case !errors.Is(err, fs.ErrNotExist):
			s.opts.Log.Warn("a segment of the spool cannot be read", "path", p.path, "msn", msn, "err", err)
			used[p.path] = true
		}
	}
	// Segments go in order. Those without media leave nothing that could be missing.
	f.Segments = slices.DeleteFunc(f.Segments, func(seg *Segment) bool { return seg.MSN < gone && seg.Size() == 0 })
	slices.SortFunc(f.Segments, func(a, b *Segment) int { return cmp.Compare(a.MSN, b.MSN) })
	if n := len(f.Segments); n > 0 {
		f.Exact = f.marked && s.opts.Boot != "" && f.Segments[n-1].Boot == s.opts.Boot
	}
	for _, p := range at {
		if !used[p.path] {
			used[p.path] = true // once
			spare = append(spare, p.path)
		}
	}
	s.clear(epoch, spare)
	return f, nil
}

// clear deletes what a process before this one left and nobody can use.
func (s *Spool) clear(epoch string, spare []string) {
	s.mu.Lock()
	_, live := s.streams[epoch]
	s.mu.Unlock()
	for _, path := range spare {
		if !live {
			s.disk.Remove(path) // if it stays, it is passed over again
		}
	}
}

// open reads a segment, but for its media. One that was not closed is synced: from
// now on it is what it is.
func open(p place, msn uint64) (*Segment, error) {
	f, err := openFiles(p, msn)
	if err != nil {
		return nil, lost(fmt.Errorf("open segment %d: %w", msn, err))
	}
	defer f.close()
	s, err := read(f.files)
	if err == nil && s.MSN != msn {
		err = fmt.Errorf("it holds segment %d: %w", s.MSN, errTorn)
	}
	if err != nil {
		return nil, lost(fmt.Errorf("read segment %d in %q: %w", msn, p.path, err))
	}
	if s.place = p; !s.Closed {
		err = f.seal(s)
	}
	return s, err
}

// Load reads the Data of all parts.
func (s *Segment) Load() error {
	return s.each(func(i int, media []byte) { s.Parts[i].Data = media })
}

// check reads all media and compares it with its checksums.
func (s *Segment) check() error { return s.each(func(int, []byte) {}) }

func (s *Segment) each(take func(part int, media []byte)) error {
	f, err := openFiles(s.place, s.MSN)
	if err != nil {
		return lost(fmt.Errorf("load segment: %w", err))
	}
	defer f.close()
	for i := range s.Parts {
		media, err := s.media(f.files, i)
		if err != nil {
			return lost(fmt.Errorf("load segment %d: %w", s.MSN, err))
		}
		take(i, media)
	}
	return nil
}

// lost marks errors that no retry cures.
func lost(err error) error {
	if errors.Is(err, errGone) {
		err = fmt.Errorf("%w: %w", err, fs.ErrNotExist)
	}
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, errTorn) {
		return permanent{err}
	}
	return err
}

type permanent struct{ error }

func (p permanent) Unwrap() error   { return p.error }
func (p permanent) Permanent() bool { return true }

// Forget deletes the files of a room's epochs that keep does not want, for the start of
// a process. Nothing is deleted that is no file of a spool.
func (s *Spool) Forget(room string, keep func(epoch string) bool) error {
	epochs, err := os.ReadDir(layout.Disk(s.opts.Dir).Room(room))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read spool: %w", err)
	}
	var errs []error
	for _, epoch := range epochs {
		if epoch.IsDir() && !keep(epoch.Name()) {
			errs = append(errs, s.forget(room, epoch.Name()))
		}
	}
	return errors.Join(errs...)
}

func (s *Spool) forget(room, epoch string) error {
	files, err := list(s.folder(room, epoch))
	if err != nil {
		return fmt.Errorf("forget %s/%s: %w", room, epoch, err)
	}
	var errs []error
	for _, msn := range files.media {
		errs = append(errs, s.unlink(mediaPath(files.dir, msn)))
	}
	for _, first := range files.logs {
		errs = append(errs, s.unlink(logPath(files.dir, first)))
	}
	for _, msn := range files.former {
		errs = append(errs, s.unlink(numbered(files.dir, msn, formerSuffix)))
	}
	for _, path := range files.cuts {
		errs = append(errs, s.unlink(path))
	}
	errs = append(errs, s.setMark(files.dir, false))
	s.disk.Remove(files.dir) // fails where something else is in it, which then stays
	return errors.Join(errs...)
}

// Recall loads the newest segments that follow each other, as many as last for
// length; nil where Found is not Exact.
func (f *Found) Recall(length time.Duration) []*Segment {
	if !f.Exact {
		return nil
	}
	all := f.Recent()
	first, ticks := len(all), int64(0)
	for first > 0 && ticks < ingest.Ticks(length) && all[first-1].Load() == nil {
		first--
		ticks += all[first].Duration()
	}
	return all[first:]
}
