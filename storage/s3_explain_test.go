package storage_test

import (
	"bytes"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"strings"
	"testing"

	"mediad/storage"
)

// quirk is a way in which a server differs from the one behind it. It answers the
// request and returns true, or lets the request pass.
type quirk func(w http.ResponseWriter, r *http.Request) bool

// answer is what S3 says when it refuses.
func answer(status int, code string) func(http.ResponseWriter) bool {
	return func(w http.ResponseWriter) bool {
		w.Header().Set("Content-Type", "application/xml")
		w.WriteHeader(status)
		w.Write([]byte(`<?xml version="1.0"?><Error><Code>` + code + `</Code><Message>m</Message></Error>`))
		return true
	}
}

// quirky puts a front before the real server.
func quirky(t *testing.T, q quirk) storage.S3Options {
	t.Helper()
	behind, err := url.Parse(os.Getenv("MEDIAD_STORAGE_TEST_S3_ENDPOINT"))
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		// The signature covers the host that the client sees.
		r.SetURL(behind)
		r.Out.Host = r.In.Host
	}}
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !q(w, r) {
			proxy.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(front.Close)
	o := gatewayOptions(t)
	o.Endpoint, o.PathStyle = front.URL, true
	return o
}

func pass(http.ResponseWriter, *http.Request) bool { return false }

// TestS3Quirks: where a server behaves in another way than the one in the tests, the
// error is in words for the person who wrote the configuration, or there is none.
func TestS3Quirks(t *testing.T) {
	on := func(method string, f func(http.ResponseWriter) bool) quirk {
		return func(w http.ResponseWriter, r *http.Request) bool { return r.Method == method && f(w) }
	}
	for name, c := range map[string]struct {
		q    quirk
		want error // nil: the check passes
		says []string
	}{
		"none": {q: pass},
		// Trailing checksums need a server that knows them.
		"no checksum trailers": {q: func(w http.ResponseWriter, r *http.Request) bool {
			if r.Header.Get("X-Amz-Trailer") != "" || strings.Contains(r.Header.Get("X-Amz-Content-Sha256"), "STREAMING") ||
				r.Header.Get("X-Amz-Sdk-Checksum-Algorithm") != "" {
				return answer(501, "NotImplemented")(w)
			}
			return false
		}},
		"no conditional writes": {q: func(w http.ResponseWriter, r *http.Request) bool {
			return (r.Header.Get("If-Match") != "" || r.Header.Get("If-None-Match") != "") && answer(501, "NotImplemented")(w)
		}},
		"busy once": {q: func() quirk {
			n := 0
			return func(w http.ResponseWriter, _ *http.Request) bool { n++; return n == 1 && answer(503, "SlowDown")(w) }
		}()},
		"busy": {q: on("PUT", answer(503, "SlowDown")), want: storage.ErrBusy,
			says: []string{"cannot write", "asks for fewer requests (503 SlowDown)"}},
		"clock": {q: on("PUT", answer(403, "RequestTimeTooSkewed")), want: storage.ErrCredentials,
			says: []string{"clock and the server's differ", "RequestTimeTooSkewed"}},
		"another region": {q: func(w http.ResponseWriter, _ *http.Request) bool {
			w.Header().Set("X-Amz-Bucket-Region", "eu-west-3")
			return answer(301, "PermanentRedirect")(w)
		}, want: storage.ErrBucket, says: []string{"set storage.s3.region to eu-west-3"}},
		"moved": {q: func(w http.ResponseWriter, _ *http.Request) bool {
			w.Header().Set("Location", "http://elsewhere.invalid/")
			return answer(307, "TemporaryRedirect")(w)
		}, want: storage.ErrBucket, says: []string{"in another region or at another endpoint"}},
		"another region in the signature": {q: on("PUT", func(w http.ResponseWriter) bool {
			w.WriteHeader(400)
			w.Write([]byte(`<Error><Code>AuthorizationHeaderMalformed</Code><Message>m</Message><Region>ap-east-1</Region></Error>`))
			return true
		}), want: storage.ErrBucket, says: []string{"region"}},
		"expired": {q: on("PUT", answer(400, "ExpiredToken")), want: storage.ErrCredentials, says: []string{"session token is expired"}},
		"may not put": {q: on("PUT", answer(403, "AccessDenied")), want: storage.ErrDenied,
			says: []string{"cannot write", "s3:PutObject"}},
		"may not get": {q: func(w http.ResponseWriter, r *http.Request) bool {
			return r.Method == "GET" && r.URL.Query().Get("list-type") == "" && answer(403, "AccessDenied")(w)
		}, want: storage.ErrDenied, says: []string{"cannot read", "s3:GetObject"}},
		"may not list": {q: func(w http.ResponseWriter, r *http.Request) bool {
			return r.URL.Query().Get("list-type") != "" && answer(403, "AccessDenied")(w)
		}, want: storage.ErrDenied, says: []string{"cannot list", "s3:ListBucket"}},
		"may not delete": {q: on("DELETE", answer(403, "AccessDenied")), want: storage.ErrDenied,
			says: []string{"cannot delete", "s3:DeleteObject"}},
		"a web page": {q: func(w http.ResponseWriter, _ *http.Request) bool {
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(405)
			w.Write([]byte("<html>console</html>"))
			return true
		}, want: storage.ErrNotS3, says: []string{"does not answer like an S3 server", "storage.s3.endpoint"}},
		"not a server of objects": {q: func(w http.ResponseWriter, r *http.Request) bool {
			http.NotFound(w, r)
			return true
		}, want: storage.ErrNotS3, says: []string{"does not answer like an S3 server"}},
	} {
		t.Run(name, func(t *testing.T) {
			err := openS3(t, quirky(t, c.q)).Check(t.Context())
			if !errors.Is(err, c.want) || c.want == nil && err != nil {
				t.Fatalf("%v, want %v", err, c.want)
			}
			for _, part := range c.says {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%q does not say %q", err, part)
				}
			}
		})
	}
}

// TestS3Styles: where the name of the bucket is in the host and must be in the path, or
// the other way round, the error names the setting.
func TestS3Styles(t *testing.T) {
	o := gatewayOptions(t)
	o.Endpoint = strings.Replace(o.Endpoint, "127.0.0.1", "store.invalid", 1)
	err := openS3(t, o).Check(t.Context())
	if !errors.Is(err, storage.ErrUnreachable) || !strings.Contains(err.Error(), "set storage.s3.path_style: true") {
		t.Errorf("%v", err)
	}
	o.PathStyle = true
	if err = openS3(t, o).Check(t.Context()); !errors.Is(err, storage.ErrUnreachable) || strings.Contains(err.Error(), "path_style") {
		t.Errorf("%v", err)
	}
}

// slams takes each connection, reads a little and resets it, as servers that
// speak TLS may do with plain HTTP.
func slams(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for c, err := l.Accept(); err == nil; c, err = l.Accept() {
			c.Read(make([]byte, 8))
			c.(*net.TCPConn).SetLinger(0)
			c.Close()
		}
	}()
	return "http://" + l.Addr().String()
}

// TestS3NoTLS: https where the server speaks http, http where it speaks TLS, and
// certificates that nobody signed.
func TestS3NoTLS(t *testing.T) {
	front := httptest.NewTLSServer(http.NotFoundHandler())
	defer front.Close()
	o := gatewayOptions(t)
	for endpoint, says := range map[string]string{
		strings.Replace(o.Endpoint, "http:", "https:", 1): "speaks HTTP, not TLS: begin storage.s3.endpoint with http://",
		front.URL: "certificate signed by unknown authority",
		strings.Replace(front.URL, "https:", "http:", 1): "if it speaks TLS: begin storage.s3.endpoint with https://",
		slams(t): "if it speaks TLS: begin storage.s3.endpoint with https://",
	} {
		o.Endpoint, o.PathStyle = endpoint, true
		if err := openS3(t, o).Check(t.Context()); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want %q", endpoint, err, says)
		}
	}
}

// TestS3Conditional: on a server without conditional writes, PutIf says so, and
// everything else works.
func TestS3Conditional(t *testing.T) {
	s := openS3(t, quirky(t, func(w http.ResponseWriter, r *http.Request) bool {
		return r.Header.Get("If-None-Match") != "" && answer(501, "NotImplemented")(w)
	}))
	if _, err := s.PutIf(t.Context(), "a.m3u8", []byte("x"), ""); !errors.Is(err, storage.ErrNoConditional) {
		t.Errorf("%v", err)
	}
	put(t, s, "a.m3u8", []byte("x"))
	if !bytes.Equal(read(t, get(t, s, "a.m3u8")), []byte("x")) {
		t.Error("other bytes")
	}
}
