package storage

import (
	"context"
	"crypto/md5"
	"encoding/base64"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// The checksum that a bucket demands of a put, beyond the signature. A bucket with
// Object Lock demands one. Older servers know only Content-MD5, which takes eight times
// the processor time of a CRC, and some servers refuse headers that they do not know.
// So no checksum is sent until a bucket asks for one; then the CRC, and MD5 where that
// is not enough.
const (
	checkNothing int32 = iota
	checkCRC
	checkMD5
)

// send puts an object with the checksum that the bucket is known to demand. A put that
// is refused for lack of one has no effect, so a conditional put may be sent again, too.
func (s *S3) send(ctx context.Context, in *s3.PutObjectInput, options ...func(*s3.Options)) (*s3.PutObjectOutput, error) {
	body := in.Body.(io.ReadSeeker)
	for {
		level := s.checksums.Load()
		if err := attest(in, body, level); err != nil {
			return nil, fmt.Errorf("read what is to be stored: %w", err)
		}
		out, err := s.client.PutObject(ctx, in, options...)
		if err == nil || !demandsMore(err, level) {
			return out, err
		}
		s.checksums.CompareAndSwap(level, level+1)
	}
}

// attest sets the checksum of a body, and seeks the body to its beginning.
func attest(in *s3.PutObjectInput, body io.ReadSeeker, level int32) error {
	in.ContentMD5, in.ChecksumCRC32 = nil, nil
	if _, err := body.Seek(0, io.SeekStart); err != nil || level == checkNothing {
		return err
	}
	var sum hash.Hash = crc32.NewIEEE()
	if level == checkMD5 {
		sum = md5.New()
	}
	if _, err := io.Copy(sum, body); err != nil {
		return err
	}
	text := aws.String(base64.StdEncoding.EncodeToString(sum.Sum(nil)))
	if level == checkMD5 {
		in.ContentMD5 = text
	} else {
		in.ChecksumCRC32 = text
	}
	_, err := body.Seek(0, io.SeekStart)
	return err
}

// demandsMore tells whether a put was refused because of its checksum, and there is
// another kind to try.
func demandsMore(err error, level int32) bool {
	code, status := apiCode(err)
	if level >= checkMD5 || status != http.StatusBadRequest && status != http.StatusNotImplemented {
		return false
	}
	message := strings.ToLower(said(err))
	return code == "MissingContentMD5" || strings.Contains(message, "content-md5") || strings.Contains(message, "checksum")
}

// lockedBy tells whether a change was refused because of a retention or a legal hold.
// S3 has no code for that: AWS and versitygw say AccessDenied, MinIO InvalidRequest.
func lockedBy(err error) bool {
	code, _ := apiCode(err)
	if code == "ObjectLocked" {
		return true
	}
	message := strings.ToLower(said(err))
	for _, words := range []string{"protected by object lock", "worm protected", "object is locked", "under retention", "legal hold"} {
		if strings.Contains(message, words) {
			return true
		}
	}
	return false
}

// encryption gives the settings of encryption for puts.
func encryption(o S3Options) (sse types.ServerSideEncryption, key *string, err error) {
	switch {
	case o.Encryption == "" && o.KMSKey != "":
		return "", nil, fmt.Errorf("storage.s3.kms_key needs storage.s3.sse: aws:kms")
	case o.Encryption == "":
		return "", nil, nil
	case o.Encryption == string(types.ServerSideEncryptionAes256) && o.KMSKey != "":
		return "", nil, fmt.Errorf("storage.s3.kms_key is not for storage.s3.sse: AES256; take aws:kms")
	}
	for _, known := range []types.ServerSideEncryption{
		types.ServerSideEncryptionAes256, types.ServerSideEncryptionAwsKms, types.ServerSideEncryptionAwsKmsDsse,
	} {
		if o.Encryption != string(known) {
			continue
		}
		if o.KMSKey != "" {
			key = aws.String(o.KMSKey)
		}
		return known, key, nil
	}
	return "", nil, fmt.Errorf("storage.s3.sse is %q; it is AES256, aws:kms, aws:kms:dsse or empty", o.Encryption)
}
