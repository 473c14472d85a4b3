package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"syscall"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// errNoCredentials marks errors of chain: it found no credentials.
var errNoCredentials = errors.New("no credentials found")

// failure is an error of a server in our words. It does not show the SDK's own text,
// with its request URLs and identifiers, but that can be unwrapped.
type failure struct {
	kind error // one of the package's errors, or nil
	text string
	err  error
}

func (f *failure) Error() string { return f.text }

func (f *failure) Unwrap() []error {
	if f.kind == nil {
		return []error{f.err}
	}
	return []error{f.kind, f.err}
}

// apiCode gives the S3 error code and the HTTP status of an answer, "" and 0
// where there was none.
func apiCode(err error) (code string, status int) {
	var api smithy.APIError
	if errors.As(err, &api) {
		code = api.ErrorCode()
	}
	var response *smithyhttp.ResponseError
	if errors.As(err, &response) {
		status = response.HTTPStatusCode()
	}
	return code, status
}

// explain puts an error of the SDK into words for the person who wrote the
// configuration. After refused credentials, the chain is read again. So it is after
// ErrDenied, because some servers answer that to credentials that they no longer know.
func (s *S3) explain(err error) error {
	err = s.inWords(err)
	if errors.Is(err, ErrCredentials) || errors.Is(err, ErrDenied) {
		s.keys.doubt()
	}
	return err
}

func (s *S3) inWords(err error) error {
	if errors.Is(err, context.Canceled) {
		return &failure{nil, "cancelled", err}
	}
	if errors.Is(err, errNoCredentials) {
		return &failure{ErrCredentials, "no credentials found; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or an AWS profile or role", err}
	}
	code, status := apiCode(err)
	if status == 0 && code == "" {
		return s.unanswered(err)
	}
	switch {
	case code == "NoSuchKey":
		return &failure{ErrNotFound, ErrNotFound.Error(), err}
	case code == "InvalidRange":
		return &failure{ErrRange, ErrRange.Error(), err}
	case lockedBy(err):
		return s.quote(&failure{ErrLocked, fmt.Sprintf("Object Lock protects it (%d %s)", status, code), err})
	}
	return s.quote(s.answered(err, code, status))
}

// answered explains an answer that is a refusal.
func (s *S3) answered(err error, code string, status int) *failure {
	switch code {
	case "NoSuchBucket":
		return &failure{ErrBucket, fmt.Sprintf("bucket %q not found at %s", s.bucket, s.where), err}
	case "AccessDenied", "AllAccessDisabled", "AccountProblem":
		needs := "s3:PutObject, s3:GetObject, s3:ListBucket and s3:DeleteObject"
		if s.sse == "" {
			needs += "; if the bucket's policy asks for encryption, set storage.s3.sse"
		}
		return &failure{ErrDenied, "access denied (" + code + "); the credentials need " + needs, err}
	case "SignatureDoesNotMatch":
		return &failure{ErrCredentials, "the secret access key does not match the access key id (" + code + ")", err}
	case "InvalidAccessKeyId", "XAdminUserNotFound": // the latter is versitygw's
		return &failure{ErrCredentials, "the server does not know the access key id (" + code + ")", err}
	case "ExpiredToken", "InvalidToken", "TokenRefreshRequired":
		return &failure{ErrCredentials, "the session token is expired or invalid (" + code + ")", err}
	case "RequestTimeTooSkewed":
		return &failure{ErrCredentials, "this machine's clock and the server's differ too much (" + code + ")", err}
	case "PermanentRedirect", "TemporaryRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException":
		text := fmt.Sprintf("bucket %q is in another region or at another endpoint (%s); see storage.s3.region and storage.s3.endpoint", s.bucket, code)
		if region := bucketRegion(err); region != "" {
			text = fmt.Sprintf("bucket %q is in another region (%s): set storage.s3.region to %s", s.bucket, code, region)
		}
		return &failure{ErrBucket, text, err}
	case "SlowDown", "ServiceUnavailable", "RequestLimitExceeded", "TooManyRequests":
		return &failure{ErrBusy, fmt.Sprintf("%s asks for fewer requests (%d %s)", s.where, status, code), err}
	case "NotImplemented":
		return &failure{nil, fmt.Sprintf("%s does not know what this needs (%d %s)", s.where, status, code), err}
	}
	switch {
	// A server that speaks TLS answers so to a request without TLS.
	case s.plain && status == http.StatusBadRequest && !strings.Contains(header(err, "Content-Type"), "xml"):
		return &failure{ErrNotS3, fmt.Sprintf("%s does not take plain HTTP (400); %s", s.where, speaksTLS), err}
	case stranger(err):
		return &failure{ErrNotS3, fmt.Sprintf("%s does not answer like an S3 server (%d): is storage.s3.endpoint the address of a console, or does it lack a port or a path?", s.where, status), err}
	case status == http.StatusNotFound && (code == "" || code == "NotFound"):
		return &failure{ErrNotFound, ErrNotFound.Error(), err}
	case status == http.StatusForbidden, status == http.StatusUnauthorized:
		return &failure{ErrDenied, fmt.Sprintf("access denied (%d %s)", status, code), err}
	}
	if code == "" {
		code = http.StatusText(status)
	}
	return &failure{nil, fmt.Sprintf("%s answered %d %s", s.where, status, code), err}
}

const speaksTLS = "if it speaks TLS: begin storage.s3.endpoint with https://"

// unanswered explains a request that got no answer at all.
func (s *S3) unanswered(err error) error {
	var request *url.Error
	if !errors.As(err, &request) {
		if errors.Is(err, context.DeadlineExceeded) {
			return &failure{ErrUnreachable, "timed out at " + s.where, err}
		}
		return &failure{nil, "request could not be sent or its answer not be read", err}
	}
	where := s.where
	if u, perr := url.Parse(request.URL); perr == nil && u.Host != "" {
		where = hostPort(u)
	}
	why := "connection failed"
	var errno syscall.Errno
	var dns *net.DNSError
	switch {
	case request.Timeout() || errors.Is(err, os.ErrDeadlineExceeded):
		why = "timed out"
	case errors.As(err, &dns):
		why = "no such host"
		if strings.HasPrefix(where, s.bucket+".") {
			why += "; if this server has no host name for each bucket, set storage.s3.path_style: true"
		}
	case strings.Contains(err.Error(), "server gave HTTP response to HTTPS client"):
		why = "it speaks HTTP, not TLS: begin storage.s3.endpoint with http://"
	case errors.Is(err, net.ErrClosed), errors.Is(err, io.EOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		why = "the server closed the connection without an answer"
		if s.plain { // it may speak TLS: such a server's 400 comes late or never
			why += "; " + speaksTLS
		}
	case errors.As(err, &errno):
		why = errno.Error()
	case request.Err != nil:
		why = request.Err.Error() // TLS, in the words of crypto/x509
	}
	return &failure{ErrUnreachable, fmt.Sprintf("unreachable at %s: %s", where, why), err}
}

// header gives a header of the answer from which an error came.
func header(err error, name string) string {
	var response *smithyhttp.ResponseError
	if !errors.As(err, &response) || response.Response == nil {
		return ""
	}
	return response.Response.Header.Get(name)
}

// bucketRegion is the bucket's region as the server tells it, or "".
func bucketRegion(err error) string { return header(err, "X-Amz-Bucket-Region") }

// stranger tells whether no S3 server gives such an answer: a page, or plain text.
func stranger(err error) bool {
	kind := header(err, "Content-Type")
	return strings.HasPrefix(kind, "text/html") || strings.HasPrefix(kind, "text/plain")
}
