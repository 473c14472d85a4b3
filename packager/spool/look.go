package spool

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"mediad/packager/layout"
)

// File is a segment as another process finds it, which does not write the spool.
type File struct {
	Room, Epoch string
	Path        string // of its media
	MSN         uint64 // 0: its name says none
	Size        int64  // of the file, in bytes
	Modified    time.Time
	Damaged     error // why it cannot be read; nil: it can, as far as it was written
}

// Look reads all segments below a directory, media included, also beside a process
// that writes them. It changes nothing.
func Look(dir string) ([]File, error) {
	names, err := fs.Glob(os.DirFS(dir), "*/*/*")
	if err != nil {
		return nil, fmt.Errorf("look through spool: %w", err)
	}
	var out []File
	var records map[uint64]place // of the folder
	folder := ""
	for _, name := range names {
		at := strings.Split(name, "/")
		f := File{Room: at[0], Epoch: at[1], Path: filepath.Join(dir, filepath.FromSlash(name))}
		kind := layout.SpoolFile(filepath.Ext(name))
		if f.Room[0] == '.' || f.Epoch[0] == '.' || kind != mediaSuffix && kind != formerSuffix {
			continue // set aside, or no media
		}
		// Records come after the names of media: they are there first, and longer.
		if dir := filepath.Dir(f.Path); dir != folder {
			folder = dir
			files, err := list(dir)
			if err == nil {
				records, _, err = files.places()
			}
			if err != nil {
				return nil, fmt.Errorf("look through spool: %w", err)
			}
		}
		err := f.look(kind, records)
		if errors.Is(err, fs.ErrNotExist) {
			continue // stored, or given up, since
		}
		if err != nil {
			return nil, fmt.Errorf("look through spool: %w", err)
		}
		out = append(out, f)
	}
	return out, nil
}

// look fills in what the file says.
func (f *File) look(kind layout.SpoolFile, records map[uint64]place) error {
	info, err := os.Lstat(f.Path)
	if err != nil {
		return err
	}
	f.Size, f.Modified = info.Size(), info.ModTime()
	msn, ok := number(fs.FileInfoToDirEntry(info), kind)
	if !ok {
		f.Damaged = errors.New("it is no file of a segment")
		return nil
	}
	f.MSN = msn
	p, known := place{f.Path, 0}, true
	if kind == mediaSuffix {
		p, known = records[msn]
	}
	if !known {
		f.Damaged = fmt.Errorf("nothing is known of its parts: %w", errTorn)
		return nil
	}
	file, err := openFiles(p, msn)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return f.since(err)
	case err != nil:
		f.Damaged = err
		return nil
	}
	defer file.close()
	seg, err := read(file.files)
	if err == nil && seg.MSN != msn {
		err = fmt.Errorf("it holds segment %d: %w", seg.MSN, errTorn)
	}
	for i := 0; err == nil && i < len(seg.Parts); i++ {
		_, err = seg.media(file.files, i)
	}
	return f.since(err)
}

// since notes that a segment is torn, or on a bad place of the disk, unless it was
// deleted meanwhile.
func (f *File) since(err error) error {
	if _, gone := os.Lstat(f.Path); errors.Is(gone, fs.ErrNotExist) {
		return gone
	}
	f.Damaged = err
	return nil
}

// Remove deletes a segment, whose File.Path it is given, and records of segments
// that are not there any more.
func Remove(path string) error {
	if err := unlink(Local{}, path); err != nil || filepath.Ext(path) != string(mediaSuffix) {
		return err
	}
	dir := filepath.Dir(path)
	files, err := list(dir)
	if err != nil {
		return err
	}
	for _, first := range files.logs {
		heads, err := headsOf(logPath(dir, first))
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(heads, func(h headAt) bool { return slices.Contains(files.media, h.msn) }) {
			if err := unlink(Local{}, logPath(dir, first)); err != nil {
				return err
			}
		}
	}
	return nil
}
