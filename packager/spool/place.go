package spool

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"mediad/packager/layout"
)

// A segment's media is one file, MSN.ts, which holds nothing else, so that it can
// become the object of a store as it is. Its records stand in a file for many
// segments, FIRST.records: a file for each would have to be made and synced by name
// for each. Former versions had one file for both, MSN.parts.
//
// Whoever writes a segment writes records first, and whoever deletes one the media:
// so no media is ever alone. Where records are of media that is not there, the
// segment is gone.
const (
	mediaSuffix  = layout.SpoolMedia
	logSuffix    = layout.SpoolRecords
	formerSuffix = layout.SpoolParts
)

// Bounds of one file of records. A record stays until its file is deleted.
const (
	maxLogged = 32 // segments
	maxLog    = 1 << 20
)

// place is where a segment's records begin.
type place struct {
	path string
	at   int64
}

// former tells whether a version wrote it that had media among its records.
func (p place) former() bool { return strings.HasSuffix(p.path, string(formerSuffix)) }

func mediaPath(dir string, msn uint64) string { return numbered(dir, msn, mediaSuffix) }
func logPath(dir string, first uint64) string { return numbered(dir, first, logSuffix) }

func numbered(dir string, n uint64, kind layout.SpoolFile) string {
	return filepath.Join(dir, kind.Name(n))
}

// number gives the media sequence number that a file's name says.
func number(e fs.DirEntry, kind layout.SpoolFile) (uint64, bool) {
	n, ok := kind.Number(e.Name())
	return n, ok && e.Type().IsRegular()
}

// folder is what an epoch's folder holds.
type folder struct {
	dir    string
	media  []uint64
	logs   []uint64 // by number
	former []uint64
	cuts   []string // copies that were not finished
	marked bool
	there  bool
}

// list reads a folder. Other files are passed over.
func list(dir string) (folder, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return folder{dir: dir}, nil
	}
	if err != nil {
		return folder{}, fmt.Errorf("read spool: %w", err)
	}
	f := folder{dir: dir, there: true}
	for _, e := range entries {
		if n, ok := number(e, mediaSuffix); ok {
			f.media = append(f.media, n)
		} else if n, ok := number(e, logSuffix); ok {
			f.logs = append(f.logs, n)
		} else if n, ok := number(e, formerSuffix); ok {
			f.former = append(f.former, n)
		}
		f.marked = f.marked || e.Name() == mark
		if strings.HasPrefix(e.Name(), cutPrefix) {
			f.cuts = append(f.cuts, filepath.Join(dir, e.Name()))
		}
	}
	slices.Sort(f.logs)
	return f, nil
}

// places gives where the segments of the folder begin, by number, and the files of
// records that have none. Where a number comes twice, the later file holds.
func (f *folder) places() (at map[uint64]place, empty []string, err error) {
	at = make(map[uint64]place)
	for _, n := range f.former {
		at[n] = place{numbered(f.dir, n, formerSuffix), 0}
	}
	for _, first := range f.logs {
		path := logPath(f.dir, first)
		heads, err := headsOf(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		if len(heads) == 0 {
			empty = append(empty, path)
		}
		for _, h := range heads {
			at[h.msn] = place{path, h.at}
		}
	}
	return at, empty, nil
}

// find gives where a segment begins.
func find(dir string, msn uint64) (place, error) {
	f, err := list(dir)
	if err != nil {
		return place{}, err
	}
	at, _, err := f.places()
	if err != nil {
		return place{}, err
	}
	p, ok := at[msn]
	if !ok {
		return place{}, fmt.Errorf("segment %d: %w", msn, fs.ErrNotExist)
	}
	return p, nil
}

// unlink deletes a file; one that is not there is no error.
func (s *Spool) unlink(path string) error { return unlink(s.disk, path) }

func unlink(d Disk, path string) error {
	if err := d.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
