package storage

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
)

// probed is what a first-start check tries out.
type probed interface {
	Put(ctx context.Context, key string, body []byte) error
	Get(ctx context.Context, key string) (Object, error)
	List(ctx context.Context, prefix, after string, limit int) ([]Info, error)
	Delete(ctx context.Context, key string) error
}

// conditional is a store that must find out whether it has conditional writes.
type conditional interface {
	// tryConditions puts with conditions that do not hold, and notes whether the
	// store refuses. A store can be used either way. It fails only where the store
	// does not answer, or is busy.
	tryConditions(ctx context.Context, key string, body []byte) error
}

// Probes begins the keys that Check uses for a moment.
const Probes = "mediad-check/"

// probe writes, reads, lists and deletes one small object under a new key. Its error
// says which of the four failed.
func probe(ctx context.Context, p probed) (err error) {
	key := Probes + rand.Text() + ".m3u8" // conditional writes are for playlists
	body := []byte("mediad writes, reads, lists and deletes this object to see that it can\n")
	if err := p.Put(ctx, key, body); err != nil {
		return fmt.Errorf("cannot write: %w", err)
	}
	defer func() {
		if derr := p.Delete(ctx, key); errors.Is(derr, ErrLocked) {
			// The object stays until its retention ends. That is no harm as long as
			// playlists can be replaced.
			if perr := p.Put(ctx, key, append(body, body...)); errors.Is(perr, ErrLocked) {
				err = errors.Join(err, fmt.Errorf("a playlist cannot be replaced: the bucket has Object Lock and no versions: %w", perr))
			}
		} else if derr != nil {
			err = errors.Join(err, fmt.Errorf("cannot delete: %w", derr))
		}
	}()
	o, err := p.Get(ctx, key)
	if err != nil {
		return fmt.Errorf("cannot read: %w", err)
	}
	got, err := io.ReadAll(o.Body)
	if err = errors.Join(err, o.Body.Close()); err != nil {
		return fmt.Errorf("cannot read: %w", err)
	}
	if !bytes.Equal(got, body) {
		return errors.New("cannot read: the store gives back other bytes than were put")
	}
	if c, ok := p.(conditional); ok {
		if err := c.tryConditions(ctx, key, body); err != nil {
			return fmt.Errorf("cannot find out about conditional writes: %w", err)
		}
	}
	found, err := p.List(ctx, key, "", 1)
	if err != nil {
		return fmt.Errorf("cannot list: %w", err)
	}
	if len(found) != 1 || found[0].Key != key {
		return errors.New("cannot list: the store does not list an object that was just put")
	}
	return nil
}
