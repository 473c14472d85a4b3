package spool

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// File is a file of a segment, as somebody finds it who does not write the
// spool.
type File struct {
	Room, Epoch string
	Path        string // of its records
	MSN         uint64 // 0: its name says none
	Size        int64  // in bytes
	Modified    time.Time
	Damaged     error // why it cannot be read; nil: it can, as far as it was written
}

// Look reads all files of segments below a directory, media included, also
// beside a process that writes them. It changes nothing.
func Look(dir string) ([]File, error) {
	names, err := fs.Glob(os.DirFS(dir), "*/*/*"+suffix)
	if err != nil {
		return nil, fmt.Errorf("look through spool: %w", err)
	}
	var out []File
	for _, name := range names {
		at := strings.Split(name, "/")
		f := File{Room: at[0], Epoch: at[1], Path: filepath.Join(dir, filepath.FromSlash(name))}
		if f.Room[0] == '.' || f.Epoch[0] == '.' {
			continue // set aside
		}
		err := f.look()
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
func (f *File) look() error {
	info, err := os.Lstat(f.Path)
	if err != nil {
		return err
	}
	f.Size, f.Modified = info.Size(), info.ModTime()
	msn, ok := number(fs.FileInfoToDirEntry(info))
	if !ok {
		f.Damaged = errors.New("it is no file of a segment")
		return nil
	}
	f.MSN = msn
	file, err := openFiles(f.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return err
	case err != nil:
		f.Damaged = err
		return nil
	}
	defer file.close()
	f.Size += file.long
	seg, err := read(file.files)
	if err == nil && seg.MSN != msn {
		err = fmt.Errorf("it holds segment %d: %w", seg.MSN, errTorn)
	}
	for i := 0; err == nil && i < len(seg.Parts); i++ {
		_, err = seg.media(file.files, i)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		f.Damaged, err = err, nil // torn, or on a bad place of the disk
	}
	return err
}

// Remove deletes a segment, whose File.Path it is given.
func Remove(path string) error { return remove(path) }
