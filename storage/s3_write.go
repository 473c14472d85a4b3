package storage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// Put stores body under key.
func (s *S3) Put(ctx context.Context, key string, body []byte) error {
	if err := checkKey(key); err != nil {
		return fmt.Errorf("put %q: %w", key, err)
	}
	if _, err := s.send(ctx, s.object(key, body)); err != nil {
		return fmt.Errorf("put %q: %w", key, s.explain(err))
	}
	return nil
}

// Replace stores body under key in place of any other object, also under an
// immutable key. Caches may keep the old one. Readers find one of the two.
func (s *S3) Replace(ctx context.Context, key string, body []byte) error {
	return s.Put(ctx, key, body)
}

// PutIf stores body under key if the object there still has that ETag; an empty
// one means that there must be none. It answers the new ETag, or ErrChanged. An
// immutable key can only be created.
//
// It is sent once. If the answer were lost and the request sent again, the server
// would refuse the second one because of the first. After an error that is neither
// ErrChanged nor ErrNoConditional, the object may or may not be there: Get tells.
//
// PutIf gives ErrNoConditional where the server answers "not implemented", and where
// Check found that it ignores conditions. Before Check, PutIf on such a server is Put.
func (s *S3) PutIf(ctx context.Context, key string, body []byte, etag string) (string, error) {
	if err := checkKey(key); err != nil {
		return "", fmt.Errorf("put %q: %w", key, err)
	}
	if etag != "" && Immutable(key) {
		return "", fmt.Errorf("put %q: %w", key, ErrImmutable)
	}
	if s.overlooks.Load() {
		return "", fmt.Errorf("put %q: %w", key, ErrNoConditional)
	}
	in := s.object(key, body)
	if etag == "" {
		in.IfNoneMatch = aws.String("*")
	} else {
		in.IfMatch = aws.String(etag)
	}
	out, err := s.send(ctx, in, func(o *s3.Options) { o.RetryMaxAttempts = 1 })
	if err != nil {
		return "", fmt.Errorf("put %q: %w", key, s.explainIf(err))
	}
	return aws.ToString(out.ETag), nil
}

// tryConditions creates an object that is there already, and replaces a version of it
// that never existed. A server with conditional writes refuses both; some servers know
// only the first condition.
func (s *S3) tryConditions(ctx context.Context, key string, body []byte) error {
	for _, etag := range []string{"", `"00000000000000000000000000000000"`} {
		_, err := s.PutIf(ctx, key, body, etag)
		switch {
		case err == nil, errors.Is(err, ErrNoConditional):
			s.overlooks.Store(true)
			return nil
		case errors.Is(err, ErrUnreachable), errors.Is(err, ErrBusy):
			return err
		}
	}
	return nil
}

// explainIf is explain for a request that came with a condition.
func (s *S3) explainIf(err error) error {
	code, status := apiCode(err)
	switch {
	case code == "NotImplemented" || status == http.StatusNotImplemented:
		return &failure{ErrNoConditional, ErrNoConditional.Error(), err}
	case status == http.StatusPreconditionFailed,
		// Of two such requests at once, one is refused (S3 API, PutObject).
		code == "ConditionalRequestConflict",
		// If-Match, and there is no object.
		code == "NoSuchKey":
		return &failure{ErrChanged, ErrChanged.Error(), err}
	}
	return s.explain(err)
}

// Delete removes the object under key; a missing one is no error.
func (s *S3) Delete(ctx context.Context, key string) error {
	if err := checkKey(key); err != nil {
		return fmt.Errorf("delete %q: %w", key, err)
	}
	_, err := s.client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &s.bucket, Key: aws.String(s.prefix + key)})
	if err != nil {
		if code, _ := apiCode(err); code == "NoSuchKey" {
			return nil // some servers say so
		}
		return fmt.Errorf("delete %q: %w", key, s.explain(err))
	}
	return nil
}

// DeleteIf is Delete if the object still has that ETag; else it gives ErrChanged.
// It compares the ETag first, because a server may ignore the condition. On such a
// server, an object that is put between the two requests is lost.
func (s *S3) DeleteIf(ctx context.Context, key, etag string) error {
	if err := checkKey(key); err != nil {
		return fmt.Errorf("delete %q: %w", key, err)
	}
	err := s.deleteIf(ctx, aws.String(s.prefix+key), etag)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return fmt.Errorf("delete %q: %w", key, err)
	}
	return nil
}

func (s *S3) deleteIf(ctx context.Context, key *string, etag string) error {
	there, err := s.client.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &s.bucket, Key: key})
	if err != nil {
		return s.explain(err)
	}
	if aws.ToString(there.ETag) != etag {
		return ErrChanged
	}
	in := &s3.DeleteObjectInput{Bucket: &s.bucket, Key: key, IfMatch: &etag}
	_, err = s.client.DeleteObject(ctx, in, func(o *s3.Options) { o.RetryMaxAttempts = 1 })
	if err == nil {
		return nil
	}
	if err = s.explainIf(err); !errors.Is(err, ErrNoConditional) {
		return err
	}
	in.IfMatch = nil
	if _, err = s.client.DeleteObject(ctx, in); err != nil {
		err = s.explain(err)
	}
	return err
}

func (s *S3) object(key string, body []byte) *s3.PutObjectInput {
	return &s3.PutObjectInput{
		Bucket:               &s.bucket,
		Key:                  aws.String(s.prefix + key),
		Body:                 bytes.NewReader(body),
		ContentLength:        aws.Int64(int64(len(body))),
		ContentType:          aws.String(ContentType(key)),
		CacheControl:         aws.String(CacheControl(key)),
		ServerSideEncryption: s.sse,
		SSEKMSKeyId:          s.kmsKey,
	}
}
