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
	// tryConditions puts on conditions that do not hold. Either answer is well:
	// a store can be used without. It fails where there is none.
	tryConditions(ctx context.Context, key string, body []byte) error
}

// Probes is before the keys that Check puts for a moment.
const Probes = "mediad-check/"

// probe writes, reads, lists and deletes one small object under a fresh key, and
// says in words which of the four cannot be done.
func probe(ctx context.Context, p probed) (err error) {
	key := Probes + rand.Text() + ".m3u8" // playlists are what is put on conditions
	body := []byte("mediad writes, reads, lists and deletes this object to see that it can\n")
	if err := p.Put(ctx, key, body); err != nil {
		return fmt.Errorf("cannot write: %w", err)
	}
	defer func() {
		if derr := p.Delete(ctx, key); errors.Is(derr, ErrLocked) {
			// It stays until its retention ends. What counts is that playlists change.
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
