package main

import (
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"mediad/storage"
	"mediad/storage/versity"
)

// TestStoreCheckedLater: a bucket that is away at the start is looked at until
// it is there, and only then is it known to take conditional writes for plain ones.
func TestStoreCheckedLater(t *testing.T) {
	g, err := versity.Start(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	t.Setenv("AWS_ACCESS_KEY_ID", g.AccessKey)
	t.Setenv("AWS_SECRET_ACCESS_KEY", g.SecretKey)
	to, err := url.Parse(g.Endpoint)
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(to)
		r.Out.Host = r.In.Host // it is signed
	}}
	var asked atomic.Int64
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case asked.Add(1) < 10:
			w.WriteHeader(http.StatusServiceUnavailable)
		case r.Header.Get("If-Match") != "":
			w.Header().Set("ETag", `"whatever"`)
		default:
			proxy.ServeHTTP(w, r)
		}
	}))
	defer front.Close()
	var c Config
	c.DataDir, c.Storage.Kind = t.TempDir(), "s3"
	c.Storage.S3.Endpoint, c.Storage.S3.Region, c.Storage.S3.Bucket, c.Storage.S3.PathStyle = front.URL, g.Region, g.Bucket, true
	log := &lockedBuffer{}
	logger := slog.New(slog.NewTextHandler(log, nil))
	if _, _, err := openStore(t.Context(), c, logger); err == nil {
		t.Error("the first start goes on without its store")
	}
	if err := os.Mkdir(filepath.Join(c.DataDir, "spool"), 0o755); err != nil {
		t.Fatal(err)
	}
	store, checked, err := openStore(t.Context(), c, logger)
	if err != nil || checked {
		t.Fatalf("checked %v, %v", checked, err)
	}
	checkUntil(t.Context(), store, time.Millisecond, logger)
	if _, err := store.PutIf(t.Context(), "live/demo/index.m3u8", []byte("x"), `"stale"`); !errors.Is(err, storage.ErrNoConditional) {
		t.Errorf("after the check: %v", err)
	}
	if text := log.String(); !strings.Contains(text, "still cannot be used") || !strings.Contains(text, "can be used now") {
		t.Errorf("log:\n%s", text)
	}
}

// TestStoreName: what is the same store has one name, wherever data_dir lies,
// and another store has another.
func TestStoreName(t *testing.T) {
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	s3 := func(endpoint, bucket, prefix string) StorageConfig {
		return StorageConfig{Kind: "s3", S3: S3Config{Endpoint: endpoint, Bucket: bucket, Prefix: prefix}}
	}
	dir := func(path string) StorageConfig { return StorageConfig{Kind: "dir", Dir: DirConfig{Path: path}} }
	for _, c := range []struct {
		data    string
		storage StorageConfig
		want    string
	}{
		{"data", dir(""), "dir objects"},
		{"/srv/mediad", dir(""), "dir objects"},
		{"/srv/mediad", dir("/srv/mediad/objects/"), "dir objects"},
		{"data", dir("data/shows"), "dir shows"},
		{"data", dir("../shows"), "dir " + filepath.Join(filepath.Dir(here), "shows")},
		{"/srv/mediad", dir("/mnt/shows"), "dir /mnt/shows"},
		{"data", s3("", "shows", ""), "s3 AWS shows"},
		{"data", s3("https://s3.example.com/", "shows", "a/b"), "s3 https://s3.example.com shows/a/b"},
		{"data", s3("https://s3.example.com", "shows", "a/b"), "s3 https://s3.example.com shows/a/b"},
		{"data", StorageConfig{Kind: "none"}, ""},
	} {
		if got := (Config{DataDir: c.data, Storage: c.storage}).storeName(); got != c.want {
			t.Errorf("%+v in %s: %q, want %q", c.storage, c.data, got, c.want)
		}
	}
}
