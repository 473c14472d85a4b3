package storage

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// HeadS3 gives the headers that the server keeps with an object.
func HeadS3(t *testing.T, s *S3, key string) (contentType, cacheControl string) {
	t.Helper()
	out, err := s.client.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: &s.bucket, Key: aws.String(s.prefix + key)})
	if err != nil {
		t.Fatal(err)
	}
	return aws.ToString(out.ContentType), aws.ToString(out.CacheControl)
}

// Hidden is the folder of half-written files.
const Hidden = hidden

// ReloadAtOnce makes the next request read the chain again after refused credentials.
func ReloadAtOnce(s *S3) { s.keys.pause = 0 }
