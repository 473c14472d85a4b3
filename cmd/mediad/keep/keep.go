// Package keep looks after the stored media: it deletes the media of shows that
// have expired or whose host says so, and compares database, journals, spool and
// object store with each other.
//
// Input: rows (overlay/store), journals (packager/archive) and lists of objects
// (storage). Output: deletions, and findings in words. Beside a live server the
// package never touches a broadcast that is on air or still being stored.
// Unknown objects are deleted only when a person asks for it.
package keep

import (
	"context"
	"errors"
	"fmt"

	"mediad/packager/layout"
	"mediad/storage"
)

// Objects has the methods of an object store that this package uses.
type Objects interface {
	Put(ctx context.Context, key string, body []byte) error
	PutIf(ctx context.Context, key string, body []byte, etag string) (newETag string, err error)
	Replace(ctx context.Context, key string, body []byte) error
	Read(ctx context.Context, key string) (body []byte, etag string, err error)
	Get(ctx context.Context, key string) (storage.Object, error)
	List(ctx context.Context, prefix, after string, limit int) ([]storage.Info, error)
	Delete(ctx context.Context, key string) error
	DeleteIf(ctx context.Context, key, etag string) error
}

// The package looks at nothing outside of these prefixes, since the bucket
// may be shared.
const (
	prefix = layout.Live    // of everything that the archive stores
	probes = storage.Probes // of the objects that the check at the start puts for a moment
)

// each calls f for every object below a prefix, in the order of the keys.
func each(ctx context.Context, o Objects, prefix string, f func(storage.Info) error) error {
	after := ""
	for {
		found, err := o.List(ctx, prefix, after, 0)
		if err != nil {
			return err
		}
		for _, info := range found {
			if info.Key <= after {
				return fmt.Errorf("list %q: %w: behind %q it has %q", prefix, storage.ErrListing, after, info.Key)
			}
			after = info.Key
			if err := f(info); err != nil {
				return err
			}
		}
		if len(found) < storage.MaxList {
			return nil
		}
	}
}

// stat asks the store for one object, without the list.
func stat(ctx context.Context, o Objects, key string) (info storage.Info, ok bool, err error) {
	found, err := o.Get(ctx, key)
	if errors.Is(err, storage.ErrNotFound) {
		return info, false, nil
	}
	if err != nil {
		return info, false, err
	}
	return storage.Info{Key: key, Size: found.Size, Modified: found.Modified}, true, found.Body.Close()
}
