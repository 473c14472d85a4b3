// Package objects opens the object store that the configuration names, and judges
// whether it can be used.
//
// Input: the configuration, and the result of the store's own check. Output: one
// store, in the form that each package needs. A store that hangs does not delay a
// start that can work without it.
package objects

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"time"

	"mediad/cmd/mediad/config"
	"mediad/cmd/mediad/keep"
	"mediad/packager"
	"mediad/packager/archive"
	"mediad/storage"
)

// Store has the methods of both kinds of storage that a live server needs.
type Store interface {
	archive.Store
	keep.Objects
	GetRange(ctx context.Context, key string, offset, length int64) (storage.Object, error)
	Check(ctx context.Context) error
}

// Open opens the configured store and does not check it; nil: nothing is
// stored.
func Open(ctx context.Context, c config.Config) (Store, error) {
	var store Store
	var err error
	switch c.Storage.Kind {
	case "none":
		return nil, nil
	case "dir":
		store, err = storage.NewDir(c.ObjectsDir())
	case "s3":
		s := c.Storage.S3
		store, err = storage.NewS3(ctx, storage.S3Options{
			Endpoint: s.Endpoint, Region: s.Region, Bucket: s.Bucket, Prefix: s.Prefix, PathStyle: s.PathStyle,
			Encryption: s.SSE, KMSKey: s.KMSKey,
			Idle: 2 * c.Storage.Uploads, // playlists have as many connections as segments
		})
	default:
		return nil, fmt.Errorf("storage.kind %q is unknown", c.Storage.Kind)
	}
	if err != nil {
		return nil, fmt.Errorf("open storage: %w", err)
	}
	return store, nil
}

// OpenChecked opens the configured store and checks that it can be used; nil:
// nothing is stored. A store that cannot be used, because it is away or full, is
// an error only at the first start. Later starts must bring the rooms back on
// air, and segments for the store go on waiting. checked is false then: see
// CheckUntil.
func OpenChecked(ctx context.Context, c config.Config, log *slog.Logger) (store Store, checked bool, err error) {
	store, err = Open(ctx, c)
	if err != nil || store == nil {
		return nil, true, err
	}
	_, serr := os.Stat(c.SpoolDir())
	spooled := serr == nil
	if err := checkWithin(ctx, store, spooled); err != nil {
		if spooled {
			log.Error("the object store cannot be used; segments wait for it, and it is checked again", "in", CheckAgain, "err", err)
			return store, false, nil
		}
		if o, ok := store.(io.Closer); ok {
			err = errors.Join(err, o.Close())
		}
		return nil, false, fmt.Errorf("check storage: %w", err)
	}
	return store, true, nil
}

// StartWait is how long a start that has a spool waits for its store. Viewers
// wait too, and need nothing from the store.
const StartWait = time.Second

// checkWithin checks a store, for StartWait at most if the start can work without
// it.
func checkWithin(ctx context.Context, store Store, spooled bool) error {
	if !spooled {
		return store.Check(ctx)
	}
	short, cancel := context.WithTimeout(ctx, StartWait)
	defer cancel()
	err := store.Check(short)
	if short.Err() != nil && ctx.Err() == nil {
		return fmt.Errorf("it has not answered for %v: %w", StartWait, err)
	}
	return err
}

// CheckAgain is the pause between two checks of a store that could not be used.
const CheckAgain = 10 * time.Second

// CheckUntil checks a store until it can be used or ctx ends. The check is
// needed anyway: writers must know what it finds out about conditional writes. With
// no store there is nothing to check.
func CheckUntil(ctx context.Context, store Store, every time.Duration, log *slog.Logger) error {
	if store == nil {
		return nil
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		err := store.Check(ctx)
		if err == nil {
			log.Info("the object store can be used now")
			return nil
		}
		if ctx.Err() == nil {
			log.Warn("the object store still cannot be used", "err", err)
		}
	}
}

// Stored lets the packager read media that its window no longer has.
type Stored struct{ Store }

func (s Stored) Open(ctx context.Context, key string) (io.ReadCloser, int64, error) {
	return opened(s.Get(ctx, key))
}

func (s Stored) OpenAt(ctx context.Context, key string, offset, length int64) (io.ReadCloser, int64, error) {
	return opened(s.GetRange(ctx, key, offset, length))
}

// opened turns an answer of the store into the packager's form.
func opened(o storage.Object, err error) (io.ReadCloser, int64, error) {
	switch {
	case errors.Is(err, storage.ErrNotFound) || errors.Is(err, storage.ErrKey):
		return nil, 0, fmt.Errorf("%w: %w", fs.ErrNotExist, err)
	case errors.Is(err, storage.ErrRange):
		return nil, 0, fmt.Errorf("%w: %w", packager.ErrBeyond, err)
	case err != nil:
		return nil, 0, err
	}
	return o.Body, o.Size, nil
}

func Reader(s Store) packager.Reader {
	if s == nil {
		return nil
	}
	return Stored{s}
}

func Writer(s Store) archive.Store {
	if s == nil {
		return nil
	}
	return s
}

// Kept gives the store to the package that deletes; nil: nothing is stored.
func Kept(s Store) keep.Objects {
	if s == nil {
		return nil
	}
	return s
}
