package storage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// Get opens the object under key.
func (d *Dir) Get(ctx context.Context, key string) (Object, error) {
	return d.GetRange(ctx, key, 0, -1)
}

// GetRange opens length bytes of the object from offset on, fewer where it ends
// before; a negative length means all the rest. Object.Size stays the whole
// object's.
func (d *Dir) GetRange(ctx context.Context, key string, offset, length int64) (Object, error) {
	o, err := d.open(ctx, key)
	if err == nil {
		o, err = cut(o, offset, length)
	}
	if err != nil {
		return Object{}, fmt.Errorf("get %q: %w", key, err)
	}
	return o, nil
}

func (d *Dir) open(ctx context.Context, key string) (Object, error) {
	if err := checkKey(key); err != nil {
		return Object{}, err
	}
	if err := ctx.Err(); err != nil {
		return Object{}, err
	}
	f, err := os.Open(d.path(key))
	if missing(err) {
		return Object{}, ErrNotFound
	}
	if err != nil {
		return Object{}, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = ErrNotFound // a folder is not an object
	}
	if err != nil {
		return Object{}, errors.Join(err, f.Close())
	}
	o := Object{Body: f, Size: info.Size(), ContentType: ContentType(key), Modified: info.ModTime()}
	if Immutable(key) {
		o.ETag = statTag(info)
		return o, nil
	}
	// The ETag of a mutable object must belong to exactly the bytes that are given.
	body, err := io.ReadAll(f)
	if err = errors.Join(err, f.Close()); err != nil {
		return Object{}, err
	}
	o.Body, o.Size, o.ETag = memory{bytes.NewReader(body)}, int64(len(body)), bytesTag(body)
	return o, nil
}

// memory is an open object that lies in memory.
type memory struct{ *bytes.Reader }

func (memory) Close() error { return nil }

// section is a part of an open object.
type section struct {
	io.Reader
	io.Closer
}

// cut narrows an open object to a range. It closes it when it fails.
func cut(o Object, offset, length int64) (Object, error) {
	if offset == 0 && length < 0 {
		return o, nil
	}
	if offset < 0 || offset >= o.Size {
		return Object{}, errors.Join(fmt.Errorf("%w: byte %d of %d", ErrRange, offset, o.Size), o.Body.Close())
	}
	if _, err := o.Body.(io.Seeker).Seek(offset, io.SeekStart); err != nil {
		return Object{}, errors.Join(err, o.Body.Close())
	}
	if length >= 0 {
		o.Body = section{io.LimitReader(o.Body, length), o.Body}
	}
	return o, nil
}

// missing tells whether an error means that there is no such file. A key below
// an object ("a/b" where "a" is a file) is missing too.
func missing(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)
}

// List gives the objects whose keys begin with prefix and come behind after, in
// the order of their keys' bytes, at most limit (0: MaxList).
func (d *Dir) List(ctx context.Context, prefix, after string, limit int) ([]Info, error) {
	w := walk{ctx: ctx, prefix: prefix, after: after, limit: listLimit(limit)}
	// Only below the last whole folder of the prefix can anything match.
	base := prefix[:strings.LastIndexByte(prefix, '/')+1]
	if base != "" {
		if err := checkKey(strings.TrimSuffix(base, "/")); err != nil {
			return nil, fmt.Errorf("list %q: %w", prefix, err)
		}
	}
	err := w.folder(d.path(base), base)
	if err == nil && len(w.found) == 0 {
		err = d.here()
	}
	if err != nil {
		return nil, fmt.Errorf("list %q: %w", prefix, err)
	}
	return w.found, nil
}

// here fails where the directory that was opened is missing, such as a disk that is no
// longer mounted. A caller that deletes by the list must not take that for an empty
// store. here looks for the lock, which only Prepare makes.
func (d *Dir) here() error {
	if _, err := os.Stat(filepath.Join(d.root, hidden, "lock")); err != nil {
		return fmt.Errorf("the object directory %q is not the one that was opened; is its disk mounted? %w", d.root, err)
	}
	return nil
}

// walk goes through folders in key order.
type walk struct {
	ctx           context.Context
	prefix, after string
	limit         int
	found         []Info
}

// folder lists the objects in the folder dir. base is its key, with a slash at the end.
func (w *walk) folder(dir, base string) error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	entries, err := os.ReadDir(dir)
	if missing(err) {
		return nil
	}
	if err != nil {
		return err
	}
	// In a bucket, "a-b" comes before "a/c". In a folder, "a" comes before "a-b". So
	// folders are sorted with their slash.
	keyed := func(e fs.DirEntry) string {
		if e.IsDir() {
			return e.Name() + "/"
		}
		return e.Name()
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(keyed(a), keyed(b)) })
	for _, e := range entries {
		if len(w.found) == w.limit {
			return nil
		}
		if err := w.entry(dir, base+keyed(e), e); err != nil {
			return err
		}
	}
	return nil
}

func (w *walk) entry(dir, key string, e fs.DirEntry) error {
	name := filepath.Join(dir, e.Name())
	if e.IsDir() {
		reaches := strings.HasPrefix(key, w.prefix) || strings.HasPrefix(w.prefix, key)
		passed := key <= w.after && !strings.HasPrefix(w.after, key)
		if e.Name()[0] == '.' || !reaches || passed {
			return nil
		}
		return w.folder(name, key)
	}
	if e.Name()[0] == '.' || !e.Type().IsRegular() || !strings.HasPrefix(key, w.prefix) || key <= w.after {
		return nil
	}
	info, err := e.Info()
	if errors.Is(err, fs.ErrNotExist) {
		return nil // deleted meanwhile
	}
	if err != nil {
		return err
	}
	w.found = append(w.found, Info{Key: key, Size: info.Size(), Modified: info.ModTime()})
	return nil
}
