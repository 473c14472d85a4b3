package storage_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"mediad/storage"
)

// TestS3Complaints: errors of a bucket say in words what to change. Each is one of the
// package's errors, and holds no secret.
func TestS3Complaints(t *testing.T) {
	const secret = "wrong-secret-that-must-not-show"
	closed := closedAddress(t)
	slow, release := slowServer(t)
	defer release()
	for name, c := range map[string]struct {
		change func(*storage.S3Options)
		env    map[string]string
		want   error
		says   []string
	}{
		"missing bucket": {
			change: func(o *storage.S3Options) { o.Bucket = "no-such-bucket" },
			want:   storage.ErrBucket, says: []string{`bucket "no-such-bucket" not found at 127.0.0.1:`, "cannot write"},
		},
		"wrong secret": {
			env:  map[string]string{"AWS_SECRET_ACCESS_KEY": secret},
			want: storage.ErrCredentials, says: []string{"secret access key does not match"},
		},
		"unknown key id": {
			env:  map[string]string{"AWS_ACCESS_KEY_ID": "AKIDUNKNOWN", "AWS_SECRET_ACCESS_KEY": secret},
			want: storage.ErrCredentials, says: []string{"does not know the access key id"},
		},
		"no credentials": {
			env:  map[string]string{"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""},
			want: storage.ErrCredentials, says: []string{"no credentials found; set AWS_ACCESS_KEY_ID"},
		},
		"nobody listens": {
			change: func(o *storage.S3Options) { o.Endpoint = "http://" + closed },
			want:   storage.ErrUnreachable, says: []string{"unreachable at " + closed + ": connection refused"},
		},
		"unknown host": {
			change: func(o *storage.S3Options) { o.Endpoint, o.PathStyle = "https://store.invalid", true },
			want:   storage.ErrUnreachable, says: []string{"unreachable at store.invalid:443: no such host"},
		},
		"no TLS there": {
			change: func(o *storage.S3Options) { o.Endpoint = strings.Replace(o.Endpoint, "http:", "https:", 1) },
			want:   storage.ErrUnreachable, says: []string{"unreachable at 127.0.0.1:"},
		},
		"no answer": {
			change: func(o *storage.S3Options) { o.Endpoint = slow },
			want:   storage.ErrUnreachable, says: []string{"timed out"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			for k, v := range c.env {
				t.Setenv(k, v)
			}
			o := gatewayOptions(t)
			if c.change != nil {
				c.change(&o)
			}
			limit := 10 * time.Second
			if name == "no answer" {
				limit = 200 * time.Millisecond
			}
			ctx, cancel := context.WithTimeout(t.Context(), limit)
			defer cancel()
			err := openS3(t, o).Check(ctx)
			if !errors.Is(err, c.want) {
				t.Fatalf("%v, want %v", err, c.want)
			}
			for _, part := range append(c.says, "bucket ") {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%q does not say %q", err, part)
				}
			}
			for _, s := range []string{secret, os.Getenv("AWS_SECRET_ACCESS_KEY"), os.Getenv("AWS_ACCESS_KEY_ID"), "Signature="} {
				if s != "" && strings.Contains(err.Error(), s) {
					t.Errorf("%q shows a credential", err)
				}
			}
			if strings.Contains(err.Error(), "\n") && !strings.Contains(err.Error(), "cannot delete") {
				t.Errorf("%q is more than a line", err)
			}
		})
	}
}

func TestS3OptionsRefused(t *testing.T) {
	t.Setenv("AWS_REGION", "")
	t.Setenv("AWS_DEFAULT_REGION", "")
	for says, o := range map[string]storage.S3Options{
		"storage.s3.bucket is empty":        {Endpoint: "http://127.0.0.1:1"},
		"storage.s3.region is empty":        {Bucket: "b"},
		"storage.s3.endpoint is not a URL":  {Bucket: "b", Endpoint: "127.0.0.1:9000"},
		"storage.s3.endpoint must hold no":  {Bucket: "b", Endpoint: "http://user:hidden@127.0.0.1:1"},
		"storage.s3.prefix: invalid object": {Bucket: "b", Endpoint: "http://127.0.0.1:1", Prefix: "a/../b"},
	} {
		_, err := storage.NewS3(t.Context(), o)
		if err == nil || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "hidden") {
			t.Errorf("%+v: %v, want %q", o, err, says)
		}
	}
}

// TestS3Headers reads from the real server the headers that a CDN gets.
func TestS3Headers(t *testing.T) {
	o := gatewayOptions(t)
	s := openS3(t, o)
	for key, want := range map[string][2]string{
		"live/demo/index.m3u8":     {"application/vnd.apple.mpegurl", "public, max-age=1"},
		"live/demo/01A/main/1.ts":  {"video/mp2t", "public, max-age=31536000, immutable"},
		"live/demo/01A/vod.m3u8":   {"application/vnd.apple.mpegurl", "public, max-age=31536000, immutable"},
		"live/demo/01A/poster.jpg": {"image/jpeg", "public, max-age=31536000, immutable"},
	} {
		put(t, s, key, []byte("x"))
		contentType, cacheControl := storage.HeadS3(t, s, key)
		if contentType != want[0] || cacheControl != want[1] {
			t.Errorf("%s: %q and %q, want %q", key, contentType, cacheControl, want)
		}
	}
}

// TestS3Path: bucket, prefix and key come behind the endpoint's own path.
func TestS3Path(t *testing.T) {
	paths := make(chan string, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 ") {
			t.Errorf("%s comes unsigned", r.URL)
		}
		paths <- r.Method + " " + r.URL.Path
	}))
	defer server.Close()
	for endpoint, prefix := range map[string]string{
		server.URL + "/some/path":  "shop/one",
		server.URL + "/some/path/": "/shop/one/",
	} {
		s := openS3(t, storage.S3Options{Endpoint: endpoint, Bucket: "media", Prefix: prefix, PathStyle: true})
		put(t, s, "live/1.ts", []byte("x"))
		if got := <-paths; got != "PUT /some/path/media/shop/one/live/1.ts" {
			t.Errorf("%s: %s", endpoint, got)
		}
	}
}

// TestS3Answers: codes that the real server does not give.
func TestS3Answers(t *testing.T) {
	for name, c := range map[string]struct {
		status    int
		code      string
		put, cond error
	}{
		"no conditions":     {501, "NotImplemented", nil, storage.ErrNoConditional},
		"bare 501":          {501, "", nil, storage.ErrNoConditional},
		"bare 412":          {412, "", nil, storage.ErrChanged},
		"two at once":       {409, "ConditionalRequestConflict", nil, storage.ErrChanged},
		"nothing to match":  {404, "NoSuchKey", storage.ErrNotFound, storage.ErrChanged},
		"denied":            {403, "AccessDenied", storage.ErrDenied, storage.ErrDenied},
		"bare 403":          {403, "", storage.ErrDenied, storage.ErrDenied},
		"expired":           {400, "ExpiredToken", storage.ErrCredentials, storage.ErrCredentials},
		"clock":             {403, "RequestTimeTooSkewed", storage.ErrCredentials, storage.ErrCredentials},
		"elsewhere":         {301, "PermanentRedirect", storage.ErrBucket, storage.ErrBucket},
		"server is too hot": {503, "SlowDown", nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "application/xml")
				w.WriteHeader(c.status)
				if c.code != "" {
					io.WriteString(w, "<Error><Code>"+c.code+"</Code><Message>as asked</Message></Error>")
				}
			}))
			defer server.Close()
			s := openS3(t, storage.S3Options{Endpoint: server.URL, Bucket: "media"})
			err := s.Put(t.Context(), "index.m3u8", []byte("x"))
			if err == nil || c.put != nil && !errors.Is(err, c.put) {
				t.Errorf("put: %v, want %v", err, c.put)
			}
			_, err = s.PutIf(t.Context(), "index.m3u8", []byte("x"), `"tag"`)
			if err == nil || c.cond != nil && !errors.Is(err, c.cond) {
				t.Errorf("put if: %v, want %v", err, c.cond)
			}
		})
	}
}

// TestS3SendsConditionsOnce: where the answer to a conditional write is lost, no second
// attempt may be refused because of the first.
func TestS3SendsConditionsOnce(t *testing.T) {
	requests := make(chan string, 10)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests <- r.Header.Get("If-None-Match") + r.Header.Get("If-Match")
		panic(http.ErrAbortHandler) // the connection breaks
	}))
	defer server.Close()
	s := openS3(t, storage.S3Options{Endpoint: server.URL, Bucket: "media"})
	for etag, header := range map[string]string{"": "*", `"t"`: `"t"`} {
		if _, err := s.PutIf(t.Context(), "index.m3u8", []byte("x"), etag); !errors.Is(err, storage.ErrUnreachable) {
			t.Errorf("%v, want unreachable", err)
		}
		if got := <-requests; got != header || len(requests) != 0 {
			t.Errorf("condition %q, and %d requests more", got, len(requests))
		}
	}
}

// TestS3OverlookedConditions: Check finds a server that takes conditional writes
// for plain ones, and PutIf says so from then on.
func TestS3OverlookedConditions(t *testing.T) {
	o := gatewayOptions(t)
	to, err := url.Parse(o.Endpoint)
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(to)
		r.Out.Host = r.In.Host // it is signed
	}}
	overlooks := func(headers ...string) (endpoint string) {
		front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			for _, h := range headers {
				if r.Header.Get(h) != "" {
					w.Header().Set("ETag", `"whatever"`) // the condition is signed: it cannot be taken out on the way
					return
				}
			}
			proxy.ServeHTTP(w, r)
		}))
		t.Cleanup(front.Close)
		return front.URL
	}
	for name, c := range map[string]struct {
		endpoint string
		want     error
	}{
		"overlooks both":          {overlooks("If-None-Match", "If-Match"), storage.ErrNoConditional},
		"overlooks If-Match":      {overlooks("If-Match"), storage.ErrNoConditional},
		"overlooks If-None-Match": {overlooks("If-None-Match"), storage.ErrNoConditional},
		"looks":                   {gatewayOptions(t).Endpoint, storage.ErrChanged},
	} {
		o.Endpoint, o.Prefix = c.endpoint, gatewayOptions(t).Prefix
		s := openS3(t, o)
		if err := s.Check(t.Context()); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		put(t, s, "index.m3u8", []byte("one"))
		for _, etag := range []string{"", `"stale"`} {
			if _, err := s.PutIf(t.Context(), "index.m3u8", []byte("two"), etag); !errors.Is(err, c.want) {
				t.Errorf("%s: if %s: %v, want %v", name, etag, err, c.want)
			}
		}
	}
}

func closedAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// slowServer takes connections and never answers.
func slowServer(t *testing.T) (endpoint string, release func()) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return "http://" + l.Addr().String(), func() { l.Close() }
}

// As many requests as S3Options.Idle says may run at once, again and again, over the
// same connections.
func TestS3KeepsConnections(t *testing.T) {
	const abreast = 120
	t.Setenv("AWS_ACCESS_KEY_ID", "any")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "any")
	var opened atomic.Int64
	arrived, leave := make(chan struct{}, abreast), make(chan struct{}, abreast)
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		arrived <- struct{}{}
		<-leave
	}))
	srv.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			opened.Add(1)
		}
	}
	srv.Start()
	defer srv.Close()
	s := openS3(t, storage.S3Options{Endpoint: srv.URL, Bucket: "b", PathStyle: true, Idle: abreast})
	for range 3 {
		var puts sync.WaitGroup
		for i := range abreast {
			puts.Go(func() {
				if err := s.Put(t.Context(), fmt.Sprintf("live/%d.ts", i), []byte("x")); err != nil {
					t.Error(err)
				}
			})
		}
		for range abreast {
			<-arrived
		}
		for range abreast {
			leave <- struct{}{}
		}
		puts.Wait()
	}
	// One may not be back yet when the next round begins.
	if n := opened.Load(); n < abreast || n > abreast*5/4 {
		t.Errorf("%d connections were opened for %d requests at once", n, abreast)
	}
}
