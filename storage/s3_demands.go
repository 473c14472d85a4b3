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

// What a bucket demands of a put beyond the signature. A bucket with Object Lock
// wants a checksum of its own; older servers know none but Content-MD5, which
// costs a core eight times what a CRC does, and some refuse headers that they do
// not know. So nothing is sent before a bucket asks for it, then the cheap one,
// and the dear one where that is not enough.
const (
	checkNothing int32 = iota
	checkCRC
	checkMD5
)

// send puts an object with the checksum that the bucket is known to want. A
// refusal for lack of one leaves nothing behind, so what carries a condition may
// be sent again too.
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

// attest sets the checksum of a body, which it leaves at its beginning.
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

// demandsMore tells whether a refusal is about the checksum, and there is a
// better one.
func demandsMore(err error, level int32) bool {
	code, status := apiCode(err)
	if level >= checkMD5 || status != http.StatusBadRequest && status != http.StatusNotImplemented {
		return false
	}
	message := strings.ToLower(said(err))
	return code == "MissingContentMD5" || strings.Contains(message, "content-md5") || strings.Contains(message, "checksum")
}

// lockedBy tells a refusal to change what a retention or a legal hold protects.
// S3 has no code for it: AWS and versitygw say AccessDenied, MinIO InvalidRequest.
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

// encryption is what a put asks the server to encrypt with.
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
