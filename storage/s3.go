package storage

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go/logging"
)

// S3Options say where a bucket is. Credentials come from the AWS SDK's default
// chain: environment, shared files, container, instance. The chain is read again
// when the server refuses them.
type S3Options struct {
	// Endpoint is the server's URL, with a path if it has one; empty means AWS.
	Endpoint string
	// Region may be empty. It is then what the SDK finds, else us-east-1 where an
	// endpoint is given (most servers ignore it), else an error.
	Region string
	Bucket string
	// Prefix stands in front of every key, with one slash between.
	Prefix string
	// PathStyle puts the bucket into the URL's path instead of its host name.
	// An endpoint that is an IP address implies it.
	PathStyle bool
	// Encryption is how the server shall encrypt objects: AES256, aws:kms or
	// aws:kms:dsse. Where it is empty, the bucket's own setting holds.
	Encryption string
	// KMSKey names the key for aws:kms; empty means the account's own.
	KMSKey string
	// Idle is how many unused connections stay open. It should be the number of
	// requests that run at once. It is never below 32.
	Idle int
}

// S3 keeps objects in a bucket of AWS S3 or of a server that speaks its
// protocol.
//
// The bucket itself does not guard immutable keys: Put overwrites silently,
// PutIf with an empty ETag does not.
type S3 struct {
	client *s3.Client
	bucket string
	prefix string // "" or with a slash at its end
	where  string // for error texts
	plain  bool   // the endpoint is http://
	keys   *chain
	sse    types.ServerSideEncryption
	kmsKey *string

	// overlooks says that Check found no working conditional writes: the server
	// refuses them, or ignores the condition.
	overlooks atomic.Bool
	// checksums is the kind of checksum that the bucket has asked for: see send.
	checksums atomic.Int32
}

// Time limits of one request. The caller's context bounds the whole request; with
// these limits, a dead server is noticed earlier.
const (
	dialTimeout   = 5 * time.Second
	answerTimeout = 20 * time.Second // from the last byte sent to the first of the answer
)

// attempts is how often the SDK sends one request. A second attempt helps readers over
// a short fault; longer patience is the queue's task.
const attempts = 2

// NewS3 makes a client. It sends no request: Check tells whether the bucket is there.
func NewS3(ctx context.Context, o S3Options) (*S3, error) {
	where := "AWS"
	if o.Bucket == "" {
		return nil, errors.New("open S3 bucket: storage.s3.bucket is empty")
	}
	if o.Endpoint != "" {
		u, err := url.Parse(o.Endpoint)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return nil, errors.New("open S3 bucket: storage.s3.endpoint is not a URL like https://s3.example.com")
		}
		if u.User != nil || u.RawQuery != "" || u.Fragment != "" {
			return nil, errors.New("open S3 bucket: storage.s3.endpoint must hold no user, password or query; credentials come from the environment or the AWS files")
		}
		where = hostPort(u)
	}
	prefix := strings.Trim(o.Prefix, "/")
	if prefix != "" {
		if err := checkKey(prefix); err != nil {
			return nil, fmt.Errorf("open S3 bucket: storage.s3.prefix: %w", err)
		}
		prefix += "/"
	}
	sse, kmsKey, err := encryption(o)
	if err != nil {
		return nil, fmt.Errorf("open S3 bucket: %w", err)
	}
	load := func(ctx context.Context) (aws.Config, error) {
		return config.LoadDefaultConfig(ctx,
			config.WithHTTPClient(httpClient(max(o.Idle, 32))),
			config.WithRetryMaxAttempts(attempts),
			config.WithLogger(logging.Nop{}),
			// The signature covers the SHA-256 of the body, which ensures its
			// integrity. Many servers do not know the newer trailing checksums.
			config.WithRequestChecksumCalculation(aws.RequestChecksumCalculationWhenRequired),
			config.WithResponseChecksumValidation(aws.ResponseChecksumValidationWhenRequired),
		)
	}
	cfg, err := load(ctx)
	if err != nil {
		return nil, fmt.Errorf("open S3 bucket: read AWS configuration: %w", err)
	}
	switch {
	case o.Region != "":
		cfg.Region = o.Region
	case cfg.Region == "" && o.Endpoint == "":
		return nil, errors.New("open S3 bucket: storage.s3.region is empty, and so is AWS_REGION")
	case cfg.Region == "":
		cfg.Region = "us-east-1"
	}
	keys := &chain{load: load, pause: reloadPause, provider: cfg.Credentials, loaded: time.Now()}
	cfg.Credentials = keys
	client := s3.NewFromConfig(cfg, func(so *s3.Options) {
		so.UsePathStyle = o.PathStyle
		if o.Endpoint != "" {
			so.BaseEndpoint = aws.String(strings.TrimRight(o.Endpoint, "/"))
		}
	})
	return &S3{
		client: client, bucket: o.Bucket, prefix: prefix, where: where, plain: strings.HasPrefix(o.Endpoint, "http:"),
		keys: keys, sse: sse, kmsKey: kmsKey,
	}, nil
}

// Check writes, reads, lists and deletes a small object. Its errors are written for
// the person who wrote the configuration.
func (s *S3) Check(ctx context.Context) error {
	if err := probe(ctx, s); err != nil {
		return fmt.Errorf("bucket %q at %s: %w", s.bucket, s.where, err)
	}
	return nil
}

func httpClient(idle int) *awshttp.BuildableClient {
	return awshttp.NewBuildableClient().
		WithDialerOptions(func(d *net.Dialer) { d.Timeout = dialTimeout }).
		WithTransportOptions(func(t *http.Transport) {
			t.TLSHandshakeTimeout = dialTimeout
			t.ResponseHeaderTimeout = answerTimeout
			t.MaxIdleConns, t.MaxIdleConnsPerHost = idle, idle
		})
}

// hostPort names a server with its port, also where the URL implies it.
func hostPort(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return net.JoinHostPort(u.Hostname(), port)
}
