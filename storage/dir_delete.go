package storage

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Delete removes the object under key; a missing one is no error. Folders that
// become empty go with it.
func (d *Dir) Delete(ctx context.Context, key string) error {
	if err := d.remove(ctx, key, func(string) error { return nil }); err != nil {
		return fmt.Errorf("delete %q: %w", key, err)
	}
	return nil
}

// DeleteIf is Delete if the object still has that ETag; else it gives ErrChanged.
func (d *Dir) DeleteIf(ctx context.Context, key, etag string) error {
	err := d.remove(ctx, key, func(path string) error {
		now, err := d.etag(key, path)
		if err == nil && now != etag {
			err = ErrChanged
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("delete %q: %w", key, err)
	}
	return nil
}

// remove removes the file of an object, unless may, which is called under the lock,
// returns an error. The removal is made durable without the lock: it may take long, and
// other writers need not wait for that.
func (d *Dir) remove(ctx context.Context, key string, may func(path string) error) error {
	if err := checkKey(key); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	changed := ""
	if err := d.exclusively(func() (err error) {
		changed, err = d.unlink(key, may)
		return err
	}); err != nil || changed == "" {
		return err
	}
	// Another deletion may have removed the folder since: then the one above it has
	// lost a name.
	for dir := changed; ; dir = filepath.Dir(dir) {
		switch err := syncDir(dir); {
		case !errors.Is(err, fs.ErrNotExist):
			return err
		case dir == d.root:
			return d.here()
		}
	}
}

// unlink removes the file and the folders that become empty. It gives the folder that
// has lost a name, or "" where there was no object. The lock is held.
func (d *Dir) unlink(key string, may func(path string) error) (changed string, err error) {
	path := d.path(key)
	info, err := os.Lstat(path)
	if missing(err) || err == nil && info.IsDir() {
		return "", nil // a folder is not an object
	}
	if err != nil {
		return "", err
	}
	if err := may(path); err != nil {
		return "", err
	}
	if err := os.Remove(path); err != nil {
		return "", err
	}
	if spare := d.spares.take(key); spare != "" {
		os.Remove(spare) // if it stays, it is swept
	}
	// Removing a folder fails as long as something is in it, which ends the loop.
	// No writer can be about to use the folder, because writers make it under the
	// lock.
	dir := filepath.Dir(path)
	for dir != d.root && os.Remove(dir) == nil {
		dir = filepath.Dir(dir)
	}
	return dir, nil
}
