package storage

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"
)

// Dir keeps every object as a file below one directory; the key is the path.
// Half-written files lie in a hidden folder. So only objects are visible, and a web
// server may serve the directory.
//
// A directory cannot hold both an object "a" and one "a/b".
type Dir struct {
	root string // absolute, set once
	// lock is nil until Prepare has made it, and after Close. It is used with mu held.
	lock atomic.Pointer[os.File]

	preparing sync.Mutex // held by Prepare

	// mu is held from the check of a condition to the change that depends on it
	// (rename, remove). The file lock on lock does the same for other processes.
	mu sync.Mutex

	spares spares
}

// hidden is the folder of half-written files and of the lock. No key can name
// it, because its first byte is a dot.
const hidden = ".mediad"

// strayAge is the age at which a half-written file counts as left behind by a crash:
// no write takes that long.
const strayAge = time.Hour

// OpenDir is NewDir and Prepare.
func OpenDir(path string) (*Dir, error) {
	d, err := NewDir(path)
	if err == nil {
		err = d.Prepare()
	}
	if err != nil {
		return nil, err
	}
	return d, nil
}

// NewDir names the directory and does not access it, because the caller would hang
// with a network disk that hangs. The Dir can be read at once, and written after
// Prepare or Check.
func NewDir(path string) (*Dir, error) {
	if path == "" {
		return nil, errors.New("open object directory: no path given")
	}
	root, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("open object directory %q: %w", path, err)
	}
	return &Dir{root: root}, nil
}

// Prepare makes the directory where it is missing, checks that files can be written
// there, and removes files that a crash left half-written. Further calls do nothing.
func (d *Dir) Prepare() error {
	d.preparing.Lock()
	defer d.preparing.Unlock()
	if d.lock.Load() != nil {
		return nil
	}
	if err := makeDirs(filepath.Join(d.root, hidden)); err != nil {
		return fmt.Errorf("object directory %q cannot be made or written: %w", d.root, reason(err))
	}
	lock, err := os.OpenFile(filepath.Join(d.root, hidden, "lock"), os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return fmt.Errorf("object directory %q cannot be written: %w", d.root, reason(err))
	}
	if err := d.sweep(time.Now()); err != nil {
		return errors.Join(fmt.Errorf("sweep object directory %q: %w", d.root, reason(err)), lock.Close())
	}
	d.lock.Store(lock)
	return nil
}

// Close closes the lock file. It does nothing where a caller holds the lock, perhaps on
// a disk that hangs: the process's end then closes the file. Objects need no closing.
func (d *Dir) Close() error {
	if !d.mu.TryLock() {
		return nil
	}
	defer d.mu.Unlock()
	if lock := d.lock.Swap(nil); lock != nil {
		return lock.Close()
	}
	return nil
}

// Put stores body under key. It fails with ErrImmutable where an immutable key has
// other bytes.
func (d *Dir) Put(ctx context.Context, key string, body []byte) error {
	return d.put(ctx, key, [][]byte{body})
}

// put is Put for bytes in pieces.
func (d *Dir) put(ctx context.Context, key string, body [][]byte) error {
	_, err := d.write(ctx, key, body, func(path string) (bool, error) {
		if !Immutable(key) {
			return true, nil
		}
		return fresh(holds(path, body))
	})
	if err != nil {
		return fmt.Errorf("put %q: %w", key, err)
	}
	return nil
}

// fresh tells whether an immutable object must still be put. It need not where the same
// bytes are there already. Where there are others, fresh fails.
func fresh(same bool, err error) (bool, error) {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return true, nil
	case err != nil:
		return false, err
	case !same:
		return false, ErrImmutable
	}
	return false, nil
}

// PutIf stores body under key if the object there still has that ETag; an empty
// one means that there must be none. It answers the new ETag, or ErrChanged. An
// immutable key can only be created.
func (d *Dir) PutIf(ctx context.Context, key string, body []byte, etag string) (string, error) {
	tag, err := d.write(ctx, key, [][]byte{body}, func(path string) (bool, error) {
		now, err := d.etag(key, path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			now = ""
		case err != nil:
			return false, err
		}
		if now != etag {
			return false, ErrChanged
		}
		if etag != "" && Immutable(key) {
			return false, ErrImmutable
		}
		return true, nil
	})
	if err != nil {
		return "", fmt.Errorf("put %q: %w", key, err)
	}
	return tag, nil
}

// Replace stores body under key in place of any other object, also under an
// immutable key. Caches may keep the old one. Readers find one of the two.
func (d *Dir) Replace(ctx context.Context, key string, body []byte) error {
	if _, err := d.write(ctx, key, [][]byte{body}, func(string) (bool, error) { return true, nil }); err != nil {
		return fmt.Errorf("replace %q: %w", key, err)
	}
	return nil
}

// Check prepares the directory, and writes, reads, lists and deletes a small
// object. No system call on a disk that hangs can be interrupted. So where ctx ends
// first, Check returns, and the check goes on behind it.
func (d *Dir) Check(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	done := make(chan error, 1)
	go func() { done <- d.check(context.WithoutCancel(ctx)) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return fmt.Errorf("object directory %q does not answer: %w", d.root, ctx.Err())
	}
}

func (d *Dir) check(ctx context.Context) error {
	if err := d.Prepare(); err != nil {
		return err
	}
	if err := probe(ctx, d); err != nil {
		return fmt.Errorf("object directory %q: %w", d.root, err)
	}
	return nil
}

// path is the path of a checked key's file.
func (d *Dir) path(key string) string { return filepath.Join(d.root, filepath.FromSlash(key)) }

// sweep removes half-written files that no process writes any more.
func (d *Dir) sweep(now time.Time) error {
	entries, err := os.ReadDir(filepath.Join(d.root, hidden))
	if err != nil {
		return err
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || e.Name() == "lock" || now.Sub(info.ModTime()) < strayAge {
			continue // it is gone meanwhile, or may still be written
		}
		if err := os.Remove(filepath.Join(d.root, hidden, e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// reason removes the operation and the path from an error, because the text that
// wraps it names them.
func reason(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
