package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// MaxRead is the most bytes that Read takes into memory.
const MaxRead = 16 << 20

// Read gives the bytes of an object and the ETag that belongs to just these
// bytes. It is meant for playlists; an object above MaxRead is refused.
func (d *Dir) Read(ctx context.Context, key string) (body []byte, etag string, err error) {
	o, err := d.Get(ctx, key)
	return whole(key, o, err)
}

// Read gives the bytes of an object and the ETag that belongs to just these
// bytes. It is meant for playlists; an object above MaxRead is refused.
func (s *S3) Read(ctx context.Context, key string) (body []byte, etag string, err error) {
	o, err := s.Get(ctx, key)
	return whole(key, o, err)
}

// whole reads the object that Get opened.
func whole(key string, o Object, err error) ([]byte, string, error) {
	if err != nil {
		return nil, "", err
	}
	body, err := io.ReadAll(io.LimitReader(o.Body, MaxRead+1))
	if err = errors.Join(err, o.Body.Close()); err != nil {
		return nil, "", fmt.Errorf("read %q: %w", key, err)
	}
	if len(body) > MaxRead {
		return nil, "", fmt.Errorf("read %q: it has more than %d bytes", key, MaxRead)
	}
	return body, o.ETag, nil
}
