package storage_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"mediad/storage"
	"mediad/storage/versity"
)

// lockedBucket makes a bucket of a real server in which everything that is put
// stays for a day.
func lockedBucket(t *testing.T, more ...string) storage.S3Options {
	t.Helper()
	g := versity.For(t, more...)
	cfg, err := config.LoadDefaultConfig(t.Context(), config.WithRegion(g.Region))
	if err != nil {
		t.Fatal(err)
	}
	client := s3.NewFromConfig(cfg, func(o *s3.Options) { o.BaseEndpoint, o.UsePathStyle = &g.Endpoint, true })
	bucket := aws.String("locked")
	_, err = client.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: bucket, ObjectLockEnabledForBucket: aws.Bool(true)})
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.PutObjectLockConfiguration(t.Context(), &s3.PutObjectLockConfigurationInput{
		Bucket: bucket,
		ObjectLockConfiguration: &types.ObjectLockConfiguration{
			ObjectLockEnabled: types.ObjectLockEnabledEnabled,
			Rule:              &types.ObjectLockRule{DefaultRetention: &types.DefaultRetention{Days: aws.Int32(1), Mode: types.ObjectLockRetentionModeCompliance}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return storage.S3Options{Endpoint: g.Endpoint, Region: g.Region, Bucket: *bucket, PathStyle: true}
}

// before puts a front between a client and its server. It refuses as q says.
func before(t *testing.T, o storage.S3Options, q quirk) storage.S3Options {
	t.Helper()
	to, err := url.Parse(o.Endpoint)
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(to)
		r.Out.Host = r.In.Host // it is signed
	}}
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !q(w, r) {
			proxy.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(front.Close)
	o.Endpoint, o.PathStyle = front.URL, true
	return o
}

// refusal is answer with the server's own words.
func refusal(status int, code, message string) func(http.ResponseWriter) bool {
	return func(w http.ResponseWriter) bool {
		w.Header().Set("Content-Type", "application/xml")
		w.WriteHeader(status)
		io.WriteString(w, `<?xml version="1.0"?><Error><Code>`+code+`</Code><Message>`+message+`</Message></Error>`)
		return true
	}
}

// TestS3ObjectLock: a bucket that demands a checksum with each put gets one, in the form
// that it knows. Only the first put is refused for lack of one. The real server behind
// it checks the checksum. Playlists can be replaced, because the bucket has versions.
func TestS3ObjectLock(t *testing.T) {
	for name, c := range map[string]struct {
		refuses func(h http.Header) (message string)
		extra   int64 // puts that are refused before it is known
	}{
		"AWS": {func(h http.Header) string {
			if h.Get("Content-Md5") == "" && h.Get("X-Amz-Checksum-Crc32") == "" {
				return "Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters"
			}
			return ""
		}, 1},
		"an older server": {func(h http.Header) string {
			if h.Get("Content-Md5") == "" {
				return "Missing required header for this request: Content-MD5"
			}
			return ""
		}, 2},
		"one that wants nothing": {func(http.Header) string { return "" }, 0},
	} {
		t.Run(name, func(t *testing.T) {
			var puts atomic.Int64
			o := before(t, lockedBucket(t, "--versioning-dir", t.TempDir()), func(w http.ResponseWriter, r *http.Request) bool {
				if r.Method != http.MethodPut {
					return false
				}
				puts.Add(1)
				message := c.refuses(r.Header)
				return message != "" && refusal(400, "InvalidRequest", message)(w)
			})
			if err := openS3(t, o).Check(t.Context()); err != nil {
				t.Fatal(err)
			}
			puts.Store(-c.extra)
			s := openS3(t, o)
			tag, err := s.PutIf(t.Context(), "live/corn/index.m3u8", []byte("one"), "")
			if err != nil {
				t.Fatal(err)
			}
			if _, err = s.PutIf(t.Context(), "live/corn/index.m3u8", []byte("two"), tag); err != nil {
				t.Fatal(err)
			}
			put(t, s, "live/corn/01A/main/1.ts", bytes.Repeat([]byte("segment"), 99_999))
			if got := read(t, get(t, s, "live/corn/index.m3u8")); string(got) != "two" {
				t.Errorf("the playlist says %q", got)
			}
			if n := puts.Load(); n != 3 {
				t.Errorf("%d requests for three puts", n)
			}
			if err := s.Delete(t.Context(), "live/corn/01A/main/1.ts"); err != nil {
				t.Error(err)
			}
			if _, err := s.Get(t.Context(), "live/corn/01A/main/1.ts"); !errors.Is(err, storage.ErrNotFound) {
				t.Errorf("after it was deleted: %v", err)
			}
		})
	}
}

// TestS3LockWithoutVersions: a bucket in which no object may change cannot hold a
// playlist, and Check says so. A refused deletion is an error of its own.
func TestS3LockWithoutVersions(t *testing.T) {
	s := openS3(t, lockedBucket(t))
	err := s.Check(t.Context())
	if !errors.Is(err, storage.ErrLocked) || !strings.Contains(err.Error(), "Object Lock and no versions") {
		t.Errorf("check: %v", err)
	}
	put(t, s, "live/corn/01A/main/1.ts", []byte("segment"))
	err = s.Delete(t.Context(), "live/corn/01A/main/1.ts")
	if !errors.Is(err, storage.ErrLocked) || errors.Is(err, storage.ErrDenied) ||
		!strings.Contains(err.Error(), "the server says: Access Denied because object protected by object lock") {
		t.Errorf("delete: %v", err)
	}
}

// TestS3KeepsItsProbe: a bucket that deletes nothing yet, and lets playlists be
// replaced, can be used.
func TestS3KeepsItsProbe(t *testing.T) {
	s := openS3(t, before(t, gatewayOptions(t), func(w http.ResponseWriter, r *http.Request) bool {
		return r.Method == http.MethodDelete && refusal(400, "InvalidRequest", "Object is WORM protected and cannot be overwritten")(w)
	}))
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestS3Encryption: the encryption that a bucket's policy demands is sent with every
// put, and with no other request. Without it, the refusal names the key to set.
func TestS3Encryption(t *testing.T) {
	policy := func(w http.ResponseWriter, r *http.Request) bool {
		sse, key := r.Header.Get("X-Amz-Server-Side-Encryption"), r.Header.Get("X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id")
		if r.Method == http.MethodPut {
			return (sse != "aws:kms" || key != "alias/shop") && refusal(403, "AccessDenied", "explicit deny in a resource-based policy")(w)
		}
		return sse != "" && refusal(400, "InvalidArgument", "encryption is for puts")(w)
	}
	o := before(t, gatewayOptions(t), policy)
	err := openS3(t, o).Check(t.Context())
	if !errors.Is(err, storage.ErrDenied) || !strings.Contains(err.Error(), "set storage.s3.sse") ||
		!strings.Contains(err.Error(), "the server says: explicit deny in a resource-based policy") {
		t.Errorf("without: %v", err)
	}
	o.Encryption, o.KMSKey = "aws:kms", "alias/shop"
	s := openS3(t, o)
	if err := s.Check(t.Context()); err != nil {
		t.Errorf("with: %v", err)
	}
	if err := s.Replace(t.Context(), "live/corn/01A/vod.m3u8", []byte("x")); err != nil {
		t.Error(err)
	}
	for says, o := range map[string]storage.S3Options{
		`storage.s3.sse is "aes"`:              {Bucket: "b", Endpoint: "http://127.0.0.1:1", Encryption: "aes"},
		"kms_key needs storage.s3.sse":         {Bucket: "b", Endpoint: "http://127.0.0.1:1", KMSKey: "k"},
		"kms_key is not for storage.s3.sse: A": {Bucket: "b", Endpoint: "http://127.0.0.1:1", KMSKey: "k", Encryption: "AES256"},
	} {
		if _, err := storage.NewS3(context.Background(), o); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%+v: %v, want %q", o, err, says)
		}
	}
}

// TestS3SaysWhatTheServerSays: in one line, not too long, and without our
// credentials.
func TestS3SaysWhatTheServerSays(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIDSHOWN")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "never-to-be-shown")
	for name, c := range map[string]struct{ message, says string }{
		"plain":   {"The bucket is out of quota.", "409 QuotaExceeded; the server says: The bucket is out of quota."},
		"lines":   {"one\n\ttwo&#x7f;[31m", "the server says: one two [31m"},
		"secrets": {"key AKIDSHOWN with never-to-be-shown", "the server says: key … with …"},
		"none":    {"", "409 QuotaExceeded"},
		"long":    {strings.Repeat("空", 5000), "空…"},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			refusal(409, "QuotaExceeded", c.message)(w)
		}))
		s := openS3(t, storage.S3Options{Endpoint: server.URL, Bucket: "media", PathStyle: true})
		err := s.Put(t.Context(), "1.ts", []byte("x"))
		if err == nil || !strings.HasSuffix(err.Error(), c.says) || len(err.Error()) > 500 {
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
		server.Close()
	}
}
