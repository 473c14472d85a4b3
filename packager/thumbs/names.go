package thumbs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"mediad/packager/layout"
)

// Store is where finished broadcasts lie, and their pictures beside them.
type Store interface {
	// Open gives an object's bytes and their number; it fails with an error
	// that wraps fs.ErrNotExist where there is none.
	Open(ctx context.Context, key string) (io.ReadCloser, int64, error)
	// Put is durable when it returns nil. An error that has a method Permanent()
	// bool which says true is not tried again.
	Put(ctx context.Context, key string, body []byte) error
	// Delete removes an object; one that is not there is no error.
	Delete(ctx context.Context, key string) error
}

// read gives an object's first bytes, most at most.
func read(ctx context.Context, s Store, key string, most int64) ([]byte, error) {
	body, _, err := s.Open(ctx, key)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", key, err)
	}
	defer body.Close()
	data, err := io.ReadAll(io.LimitReader(body, most))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", key, err)
	}
	return data, nil
}

// exists tells whether there is an object.
func exists(ctx context.Context, s Store, key string) (bool, error) {
	body, _, err := s.Open(ctx, key)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look for %s: %w", key, err)
	}
	return true, body.Close()
}

// put writes an object once. Where other bytes stand already, made by an earlier
// ffmpeg in a run that was broken off, those are as good.
func put(ctx context.Context, s Store, key string, body []byte) error {
	err := s.Put(ctx, key, body)
	var p interface{ Permanent() bool }
	if errors.As(err, &p) && p.Permanent() {
		if there, eerr := exists(ctx, s, key); there && eerr == nil {
			return nil
		}
	}
	if err != nil {
		return fmt.Errorf("store %s: %w", key, err)
	}
	return nil
}

// readPoster gives a finished broadcast's poster; nil: it has none.
func readPoster(ctx context.Context, s Store, room, epoch string) ([]byte, error) {
	jpeg, err := read(ctx, s, layout.Of(room, epoch).Poster().Key(), mostPicture)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return jpeg, err
}
