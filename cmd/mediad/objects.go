package main

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

// objectStore is what both kinds of storage can do for a live server.
type objectStore interface {
	archive.Store
	keep.Objects
	GetRange(ctx context.Context, key string, offset, length int64) (storage.Object, error)
	Check(ctx context.Context) error
}

// openObjects opens the configured store, without a look at it; nil where nothing
// is stored.
func openObjects(ctx context.Context, c config.Config) (objectStore, error) {
	var store objectStore
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
			Idle: 2 * c.Storage.Uploads, // playlists have as many places as segments
		})
	default:
		return nil, fmt.Errorf("storage.kind %q is unknown", c.Storage.Kind)
	}
	if err != nil {
		return nil, fmt.Errorf("open storage: %w", err)
	}
	return store, nil
}

// openStore opens the configured store and checks that it can be used; nil
// where nothing is stored. One that cannot, because it is away or full, is an
// error of the first start only: later ones must bring the rooms back on air, and
// what waits for the store waits on. checked is false then: see checkUntil.
func openStore(ctx context.Context, c config.Config, log *slog.Logger) (store objectStore, checked bool, err error) {
	store, err = openObjects(ctx, c)
	if err != nil || store == nil {
		return nil, true, err
	}
	_, serr := os.Stat(c.SpoolDir())
	spooled := serr == nil
	if err := checkWithin(ctx, store, spooled); err != nil {
		if spooled {
			log.Error("the object store cannot be used; what is to be stored waits, and it is looked at again", "in", checkAgain, "err", err)
			return store, false, nil
		}
		if o, ok := store.(io.Closer); ok {
			err = errors.Join(err, o.Close())
		}
		return nil, false, fmt.Errorf("check storage: %w", err)
	}
	return store, true, nil
}

// startWait is how long a start that has a spool waits for its store: viewers
// wait with it, and nothing that they need is there.
const startWait = time.Second

// checkWithin checks a store, for no longer than startWait where it can do without.
func checkWithin(ctx context.Context, store objectStore, spooled bool) error {
	if !spooled {
		return store.Check(ctx)
	}
	short, cancel := context.WithTimeout(ctx, startWait)
	defer cancel()
	err := store.Check(short)
	if short.Err() != nil && ctx.Err() == nil {
		return fmt.Errorf("it has not answered for %v: %w", startWait, err)
	}
	return err
}

// checkAgain is the pause between two checks of a store that could not be used.
const checkAgain = 10 * time.Second

// checkUntil checks a store until it can be used or ctx ends. What a check finds
// out about conditional writes, whoever puts needs to know.
func checkUntil(ctx context.Context, store objectStore, every time.Duration, log *slog.Logger) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		err := store.Check(ctx)
		if err == nil {
			log.Info("the object store can be used now")
			return
		}
		if ctx.Err() == nil {
			log.Warn("the object store still cannot be used", "err", err)
		}
	}
}

// stored lets the packager read what its window no longer holds.
type stored struct{ objectStore }

func (s stored) Open(ctx context.Context, key string) (io.ReadCloser, int64, error) {
	return opened(s.Get(ctx, key))
}

func (s stored) OpenAt(ctx context.Context, key string, offset, length int64) (io.ReadCloser, int64, error) {
	return opened(s.GetRange(ctx, key, offset, length))
}

// opened puts what a store says into the packager's words.
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

func reader(s objectStore) packager.Reader {
	if s == nil {
		return nil
	}
	return stored{s}
}

func writer(s objectStore) archive.Store {
	if s == nil {
		return nil
	}
	return s
}

// kept is the store for whoever deletes; nil where nothing is stored.
func kept(s objectStore) keep.Objects {
	if s == nil {
		return nil
	}
	return s
}
