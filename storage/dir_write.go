package storage

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"
)

// write writes body durably to a hidden file and, if may allows it under the lock,
// moves the file to its place. It gives the ETag of the object that is then there.
// The order (file, rename, folder) makes the object durable and never torn.
func (d *Dir) write(ctx context.Context, key string, body [][]byte, may func(path string) (bool, error)) (string, error) {
	if err := checkKey(key); err != nil {
		return "", err
	}
	if err := ctx.Err(); err != nil {
		return "", err
	}
	temp, err := d.hide(key, body)
	if err != nil {
		return "", err
	}
	path := d.path(key)
	etag, old, placed := "", "", false
	err = d.exclusively(func() error {
		ok, err := may(path)
		if ok && err == nil {
			old, err = d.place(key, temp, path)
			placed = err == nil
		}
		if err == nil && Immutable(key) {
			etag, err = d.etag(key, path)
		}
		return err
	})
	if !placed {
		os.Remove(temp) // if it stays, it is swept
	}
	if err == nil {
		err = d.settle(path)
	}
	if old != "" {
		d.putAway(key, old, err)
	}
	if err == nil && !Immutable(key) {
		etag = bytesTag(slices.Concat(body...))
	}
	return etag, err
}

// settle makes the name of an object durable. It does so also where the object was
// there before: the process that made it may have been killed before this step. Other
// writers may run meanwhile.
func (d *Dir) settle(path string) error {
	err := syncDir(filepath.Dir(path))
	if errors.Is(err, fs.ErrNotExist) {
		return d.here() // the object was deleted since, and its folder with it
	}
	return err
}

// inFolder makes a name, and its folder if that is missing. The lock is held, so that
// nobody removes the folder meanwhile.
func inFolder(path string, make func() error) error {
	err := make()
	if errors.Is(err, fs.ErrNotExist) {
		if err = makeDirs(filepath.Dir(path)); err == nil {
			err = make()
		}
	}
	return err
}

// temp writes body durably to a new hidden file.
func (d *Dir) temp(name string, body [][]byte) (path string, err error) {
	return d.fill(name, func(f *os.File) error {
		for _, b := range body {
			if _, err := f.Write(b); err != nil {
				return err
			}
		}
		return nil
	})
}

// fill makes a new hidden file, lets write fill it, and makes it durable.
func (d *Dir) fill(name string, write func(*os.File) error) (path string, err error) {
	if d.lock.Load() == nil {
		return "", d.unprepared()
	}
	dir := filepath.Join(d.root, hidden)
	f, err := createTemp(dir, name)
	if errors.Is(err, fs.ErrNotExist) {
		// The folder was removed while the server runs.
		if err = makeDirs(dir); err == nil {
			f, err = createTemp(dir, name)
		}
	}
	if err != nil {
		return "", err
	}
	if err = write(f); err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return "", errors.Join(err, os.Remove(f.Name()))
	}
	return f.Name(), nil
}

// tempName begins the name of a file that is hidden until it is whole.
const tempName = "put-"

// createTemp makes a new hidden file that others may read, as far as the umask allows:
// a web server or CDN may serve the directory.
func createTemp(dir, name string) (*os.File, error) {
	return os.OpenFile(filepath.Join(dir, name+rand.Text()), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o644)
}

// exclude locks out all other writers, also those of other processes.
func (d *Dir) exclude() (unlock func(), err error) {
	d.mu.Lock()
	lock := d.lock.Load()
	if lock == nil {
		d.mu.Unlock()
		return nil, d.unprepared()
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		d.mu.Unlock()
		return nil, fmt.Errorf("lock object directory: %w", err)
	}
	return func() {
		// Unlocking a lock that is held cannot fail, and closing would do it too.
		_ = syscall.Flock(int(lock.Fd()), syscall.LOCK_UN)
		d.mu.Unlock()
	}, nil
}

// unprepared is the error of writes before Prepare.
func (d *Dir) unprepared() error {
	return fmt.Errorf("the object directory %q could not be used so far", d.root)
}

// makeDirs makes a folder and its missing parents, each durably.
func makeDirs(path string) error {
	err := os.Mkdir(path, 0o755)
	switch {
	case err == nil:
		return syncDir(filepath.Dir(path))
	case errors.Is(err, fs.ErrExist):
		info, err := os.Stat(path)
		if err == nil && !info.IsDir() {
			err = fmt.Errorf("%q is not a directory", path)
		}
		return err
	case errors.Is(err, fs.ErrNotExist) && filepath.Dir(path) != path:
		if err := makeDirs(filepath.Dir(path)); err != nil {
			return err
		}
		if err := os.Mkdir(path, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
		return syncDir(filepath.Dir(path))
	}
	return err
}

// syncDir makes the names in a folder durable.
func syncDir(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
