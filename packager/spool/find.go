package spool

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"mediad/ingest"
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

// Find reads an epoch's folder. What is no file of a segment is passed over and
// stays; a file of which no part is whole is deleted.
func (s *Spool) Find(room, epoch string) (Found, error) {
	dir := s.folder(room, epoch)
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return Found{}, nil
	}
	if err != nil {
		return Found{}, fmt.Errorf("read spool: %w", err)
	}
	f := Found{old: true}
	for _, e := range entries {
		if e.Name() == mark {
			f.marked = true
		}
		path := filepath.Join(dir, e.Name())
		msn, ok := number(e)
		if !ok {
			if alone(dir, e.Name()) {
				os.Remove(path) // if it stays, it is passed over again
			}
			continue
		}
		seg, err := open(path)
		if err == nil && seg.MSN != msn {
			err = fmt.Errorf("it holds segment %d: %w", seg.MSN, errTorn)
		}
		if err != nil {
			if errors.Is(err, errTorn) {
				// As of a process that died within a segment's first part.
				remove(path) // if it stays, it is passed over again
				s.opts.Log.Info("a file of the spool without a whole part is deleted", "path", path, "error", err)
			} else {
				s.opts.Log.Warn("a file of the spool cannot be read", "path", path, "error", err)
			}
			continue
		}
		f.Segments = append(f.Segments, seg)
	}
	slices.SortFunc(f.Segments, func(a, b *Segment) int { return int(int64(a.MSN) - int64(b.MSN)) })
	if n := len(f.Segments); n > 0 {
		f.Exact = f.marked && s.opts.Boot != "" && f.Segments[n-1].Boot == s.opts.Boot
	}
	return f, nil
}

// alone tells whether a file is media that nothing is known of, or a copy that was
// not finished: as a loss of power may leave it.
func alone(dir, file string) bool {
	if strings.HasPrefix(file, cutPrefix) {
		return true
	}
	digits, ok := strings.CutSuffix(file, mediaSuffix)
	msn, err := strconv.ParseUint(digits, 10, 53)
	if !ok || err != nil || digits != strconv.FormatUint(msn, 10) {
		return false
	}
	_, err = os.Lstat(filepath.Join(dir, name(msn)))
	return errors.Is(err, fs.ErrNotExist)
}

// number gives the media sequence number that a file's name says.
func number(e fs.DirEntry) (uint64, bool) {
	digits, ok := strings.CutSuffix(e.Name(), suffix)
	msn, err := strconv.ParseUint(digits, 10, 53)
	return msn, ok && err == nil && msn > 0 && name(msn) == e.Name() && e.Type().IsRegular()
}

// open reads a segment's file, but for its media. One that was not closed is
// synced: from now on it is what it is.
func open(path string) (*Segment, error) {
	f, err := openFiles(path)
	if err != nil {
		return nil, lost(fmt.Errorf("open segment: %w", err))
	}
	defer f.close()
	s, err := read(f.files)
	if err != nil {
		return nil, lost(fmt.Errorf("read segment %q: %w", path, err))
	}
	if s.path = path; !s.Closed {
		err = f.seal(s)
	}
	return s, err
}

// Load reads the Data of all parts.
func (s *Segment) Load() error {
	return s.each(func(i int, media []byte) { s.Parts[i].Data = media })
}

// check reads all media and sees that it is what was written.
func (s *Segment) check() error { return s.each(func(int, []byte) {}) }

func (s *Segment) each(take func(part int, media []byte)) error {
	f, err := openFiles(s.path)
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
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, errTorn) {
		return permanent{err}
	}
	return err
}

type permanent struct{ error }

func (p permanent) Unwrap() error   { return p.error }
func (p permanent) Permanent() bool { return true }

// Forget deletes the files of epochs that keep does not want, for the start of
// a process. Nothing is deleted that is no file of a spool.
func (s *Spool) Forget(keep func(room, epoch string) bool) error {
	rooms, err := os.ReadDir(s.opts.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read spool: %w", err)
	}
	var errs []error
	for _, room := range rooms {
		epochs, err := os.ReadDir(filepath.Join(s.opts.Dir, room.Name()))
		if err != nil {
			continue // no folder
		}
		for _, epoch := range epochs {
			if epoch.IsDir() && !keep(room.Name(), epoch.Name()) {
				errs = append(errs, s.forget(room.Name(), epoch.Name()))
			}
		}
	}
	return errors.Join(errs...)
}

func (s *Spool) forget(room, epoch string) error {
	dir := s.folder(room, epoch)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("forget %s: %w", dir, err)
	}
	var errs []error
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		if _, ok := number(e); ok {
			errs = append(errs, remove(path))
		} else if e.Name() == mark || alone(dir, e.Name()) {
			if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
				errs = append(errs, err)
			}
		}
	}
	os.Remove(dir) // fails where something else is in it, which then stays
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
