package objects

import (
	"context"

	"mediad/storage"
)

// PictureStore has the methods that uploaded pictures need.
type PictureStore interface {
	Put(ctx context.Context, key string, body []byte) error
	Get(ctx context.Context, key string) (storage.Object, error)
	Delete(ctx context.Context, key string) error
}

// Pictures gives the store of uploaded pictures: the object store, or a directory on
// this disk where nothing else is stored.
func Pictures(s Store, dir string) (PictureStore, error) {
	if s != nil {
		return s, nil
	}
	return storage.OpenDir(dir)
}
