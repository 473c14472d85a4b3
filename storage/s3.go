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
// chain: environment, shared files, container, instance. They are looked for
// anew when the server refuses them.
type S3Options struct {
	// Endpoint is the server's URL, with a path if it has one; empty: AWS.
	Endpoint string
	// Region; empty: what the SDK finds, else us-east-1 where an endpoint is
	// given (most other servers do not care), else an error.
	Region string
	Bucket string
	// Prefix stands in front of every key, with one slash between.
	Prefix string
	// PathStyle puts the bucket into the URL's path instead of its host name.
	// An endpoint that is an IP address implies it.
	PathStyle bool
	// Encryption is what the server is asked to encrypt objects with: AES256,
	// aws:kms, aws:kms:dsse; empty: what the bucket does by itself.
	Encryption string
	// KMSKey names the key for aws:kms; empty: the account's own.
	KMSKey string
	// Idle is how many connections stay open while nobody uses them: one for each
	// request that runs at once. It is never below 32.
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

	// overlooks: Check found that the server takes conditional writes and does
	// not look at the condition.
	overlooks atomic.Bool
	// checksums is what the bucket has asked for so far: see send.
	checksums atomic.Int32
}

// Time limits of one request. The caller's context bounds it as a whole; these
// see that a dead server is noticed though the caller waits patiently.
const (
	dialTimeout   = 5 * time.Second
	answerTimeout = 20 * time.Second // from the last byte sent to the first of the answer
)

// attempts is how often the SDK sends one request: a reader gets over a blip,
// and everything patient is the queue's.
const attempts = 2

// NewS3 makes a client. It asks nobody whether the bucket is there: Check does.
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
			// Integrity is the signature's part, which covers the SHA-256 of the
			// body; the newer trailing checksums are unknown to many servers.
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

// Check writes, reads, lists and deletes a small object. What it says is meant
// for the person who wrote the configuration.
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
