package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// PutFrom is Put for bytes that lie in a file, in memory in pieces, or in both. The
// file must be durable, and its bytes must not change any more; its name may.
//
// Within one file system, the file itself becomes the object by a hard link, so that
// nothing is written twice. Elsewhere, and on a file system without hard links, the
// bytes are copied.
func (d *Dir) PutFrom(ctx context.Context, key string, pieces [][]byte, file string) error {
	if file == "" || !Immutable(key) {
		if pieces != nil {
			return d.put(ctx, key, pieces)
		}
		return d.copy(ctx, key, file)
	}
	err := d.link(ctx, key, file)
	switch {
	case err == nil:
		return nil
	case !errors.Is(err, errNoLink):
		return fmt.Errorf("put %q: %w", key, err)
	case pieces != nil:
		return d.put(ctx, key, pieces)
	}
	return d.copy(ctx, key, file)
}

// errNoLink says that the file cannot be linked to that place.
var errNoLink = errors.New("no second name")

// link makes a hard link from the object's name to a file.
func (d *Dir) link(ctx context.Context, key, file string) error {
	if err := checkKey(key); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	path := d.path(key)
	if err := d.exclusively(func() error {
		err := inFolder(path, func() error { return os.Link(file, path) })
		if errors.Is(err, fs.ErrExist) {
			_, err = fresh(sameFile(path, file))
		}
		return err
	}); err != nil {
		return why(err, file)
	}
	return d.settle(path)
}

// why marks errors that mean that no link can be made there with errNoLink.
func why(err error, file string) error {
	for _, no := range []error{syscall.EXDEV, syscall.EPERM, syscall.EACCES, syscall.EMLINK, syscall.ENOTSUP, syscall.ENOSYS} {
		if errors.Is(err, no) {
			return fmt.Errorf("%w: %w", errNoLink, err)
		}
	}
	if errors.Is(err, fs.ErrNotExist) {
		if _, gone := os.Stat(file); gone != nil {
			return gone
		}
	}
	return err
}

// exclusively calls do while no other writer can run.
func (d *Dir) exclusively(do func() error) error {
	unlock, err := d.exclude()
	if err != nil {
		return err
	}
	defer unlock()
	return do()
}

// sameFile tells whether two names belong to one file, or to files with the same
// bytes.
func sameFile(path, file string) (bool, error) {
	there, err := os.Stat(path)
	if err != nil {
		return false, err
	}
	ours, err := os.Stat(file)
	if err != nil {
		return false, err
	}
	if os.SameFile(there, ours) {
		return true, nil
	}
	if !there.Mode().IsRegular() || there.Size() != ours.Size() {
		return false, nil
	}
	body, err := os.ReadFile(file)
	if err != nil {
		return false, err
	}
	return holds(path, [][]byte{body})
}

// copy puts the bytes of a file, without reading all of them into memory.
func (d *Dir) copy(ctx context.Context, key, file string) error {
	err := checkKey(key)
	if err == nil {
		err = ctx.Err()
	}
	if err == nil {
		err = d.copied(key, file)
	}
	if err != nil {
		return fmt.Errorf("put %q: %w", key, err)
	}
	return nil
}

func (d *Dir) copied(key, file string) error {
	from, err := os.Open(file)
	if err != nil {
		return err
	}
	defer from.Close()
	temp, err := d.fill(tempName, func(to *os.File) error {
		_, err := io.Copy(to, from) // the kernel copies, where it can
		return err
	})
	if err != nil {
		return err
	}
	path := d.path(key)
	err = d.exclusively(func() error {
		ok, err := true, error(nil)
		if Immutable(key) {
			ok, err = fresh(sameFile(path, file))
		}
		if ok && err == nil {
			return inFolder(path, func() error { return os.Rename(temp, path) })
		}
		return err
	})
	os.Remove(temp) // does nothing once it is renamed; if it stays, sweep removes it
	if err != nil {
		return err
	}
	return d.settle(path)
}
