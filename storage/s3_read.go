package storage

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// Get opens the object under key.
func (s *S3) Get(ctx context.Context, key string) (Object, error) {
	return s.GetRange(ctx, key, 0, -1)
}

// GetRange opens length bytes of the object from offset on, fewer where it ends
// before; a negative length means all the rest. Object.Size stays the whole
// object's.
func (s *S3) GetRange(ctx context.Context, key string, offset, length int64) (Object, error) {
	if err := checkKey(key); err != nil {
		return Object{}, fmt.Errorf("get %q: %w", key, err)
	}
	if offset < 0 {
		return Object{}, fmt.Errorf("get %q: %w: byte %d", key, ErrRange, offset)
	}
	in := &s3.GetObjectInput{Bucket: &s.bucket, Key: aws.String(s.prefix + key)}
	whole := offset == 0 && length < 0
	switch {
	case whole:
	case length < 0:
		in.Range = aws.String(fmt.Sprintf("bytes=%d-", offset))
	default:
		// There is no request for an empty range (RFC 9110 14.1.1), so ask for one
		// byte and return none of it.
		in.Range = aws.String(fmt.Sprintf("bytes=%d-%d", offset, offset+max(length, 1)-1))
	}
	out, err := s.client.GetObject(ctx, in)
	if err != nil {
		return Object{}, fmt.Errorf("get %q: %w", key, s.explain(err))
	}
	o := Object{
		Body:        out.Body,
		Size:        aws.ToInt64(out.ContentLength),
		ETag:        aws.ToString(out.ETag),
		ContentType: ContentType(key),
		Modified:    aws.ToTime(out.LastModified),
	}
	if whole {
		return o, nil
	}
	// Content-Range: bytes 0-9/100 (RFC 9110 14.4)
	_, size, _ := strings.Cut(aws.ToString(out.ContentRange), "/")
	if o.Size, err = strconv.ParseInt(size, 10, 64); err != nil {
		out.Body.Close()
		return Object{}, fmt.Errorf("get %q: the server answered a range without saying which", key)
	}
	if length == 0 {
		o.Body = section{strings.NewReader(""), out.Body}
	}
	return o, nil
}

// List gives the objects whose keys begin with prefix and come behind after, in
// the order of their keys' bytes, at most limit (0: MaxList).
func (s *S3) List(ctx context.Context, prefix, after string, limit int) ([]Info, error) {
	limit = listLimit(limit)
	in := &s3.ListObjectsV2Input{Bucket: &s.bucket, Prefix: aws.String(s.prefix + prefix)}
	if after != "" {
		in.StartAfter = aws.String(s.prefix + after)
	}
	var found []Info
	before, empty := aws.ToString(in.StartAfter), 0
	for len(found) < limit {
		in.MaxKeys = aws.Int32(int32(limit - len(found)))
		out, err := s.client.ListObjectsV2(ctx, in)
		if err != nil {
			return nil, fmt.Errorf("list %q: %w", prefix, s.explain(err))
		}
		for _, o := range out.Contents {
			// Callers rely on the list for what is stored. So a list that repeats
			// keys, or is not in their order, is an error.
			raw := aws.ToString(o.Key)
			if raw <= before || !strings.HasPrefix(raw, aws.ToString(in.Prefix)) {
				return nil, fmt.Errorf("list %q: %w: behind %q it has %q", prefix, ErrListing, before, raw)
			}
			before = raw
			key, ours := strings.CutPrefix(raw, s.prefix)
			if !ours || checkKey(key) != nil {
				continue // folder objects of graphical tools, and objects of others
			}
			found = append(found, Info{Key: key, Size: aws.ToInt64(o.Size), Modified: aws.ToTime(o.LastModified)})
		}
		if !aws.ToBool(out.IsTruncated) {
			break
		}
		if empty++; len(out.Contents) > 0 {
			empty = 0
		}
		next := aws.ToString(out.NextContinuationToken)
		switch {
		case next == "":
			return nil, fmt.Errorf("list %q: %w: it is cut short behind %q, and does not say how it goes on", prefix, ErrListing, before)
		case next == aws.ToString(in.ContinuationToken) || empty > mostEmpty:
			return nil, fmt.Errorf("list %q: %w: it does not go on behind %q", prefix, ErrListing, before)
		}
		in.ContinuationToken = &next
	}
	return found, nil
}

// mostEmpty is how many empty pages of a list may follow each other.
const mostEmpty = 100
