package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"mediad/cmd/mediad/objects"
	"mediad/cmd/mediad/site/sitetest"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"mediad/cmd/mediad/config"
	"mediad/overlay/store"
	"mediad/storage"
	"mediad/storage/versity"
)

// TestStoreCheckedLater: a bucket that does not answer at the start is checked
// until it does. Only then the server knows that the bucket ignores the conditions
// of writes.
func TestStoreCheckedLater(t *testing.T) {
	g := versity.Here(t)
	proxy := handOn(t, g)
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
	var c config.Config
	c.DataDir, c.Storage.Kind = t.TempDir(), "s3"
	c.Storage.S3.Endpoint, c.Storage.S3.Region, c.Storage.S3.Bucket, c.Storage.S3.PathStyle = front.URL, g.Region, g.Bucket, true
	log := &sitetest.Buffer{}
	logger := slog.New(slog.NewTextHandler(log, nil))
	if _, _, err := objects.OpenChecked(t.Context(), c, logger); err == nil {
		t.Error("the first start goes on without its store")
	}
	if err := os.Mkdir(filepath.Join(c.DataDir, "spool"), 0o755); err != nil {
		t.Fatal(err)
	}
	store, checked, err := objects.OpenChecked(t.Context(), c, logger)
	if err != nil || checked {
		t.Fatalf("checked %v, %v", checked, err)
	}
	if err := objects.CheckUntil(t.Context(), store, time.Millisecond, logger); err != nil {
		t.Error(err)
	}
	if _, err := store.PutIf(t.Context(), "live/demo/index.m3u8", []byte("x"), `"stale"`); !errors.Is(err, storage.ErrNoConditional) {
		t.Errorf("after the check: %v", err)
	}
	if text := log.String(); !strings.Contains(text, "still cannot be used") || !strings.Contains(text, "can be used now") {
		t.Errorf("log:\n%s", text)
	}
}

// blackHole is a store that takes every connection and says nothing. It gives its
// address, and how many connections it has.
func blackHole(t *testing.T) (endpoint string, taken *atomic.Int64) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	taken = new(atomic.Int64)
	var all []net.Conn
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			taken.Add(1)
			all = append(all, c)
		}
	}()
	t.Cleanup(func() {
		l.Close()
		<-ended
		for _, c := range all {
			c.Close()
		}
	})
	return "http://" + l.Addr().String(), taken
}

// TestStoreHangs: a start that has a spool does not wait for a store that
// accepts connections and never answers. Only the first start needs its
// answer.
func TestStoreHangs(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "key")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	endpoint, taken := blackHole(t)
	var c config.Config
	c.DataDir, c.Storage.Kind = t.TempDir(), "s3"
	c.Storage.S3.Endpoint, c.Storage.S3.Region, c.Storage.S3.Bucket, c.Storage.S3.PathStyle = endpoint, "us-east-1", "shows", true
	if err := os.Mkdir(filepath.Join(c.DataDir, "spool"), 0o755); err != nil {
		t.Fatal(err)
	}
	log := &sitetest.Buffer{}
	store, checked, err := objects.OpenChecked(t.Context(), c, slog.New(slog.NewTextHandler(log, nil)))
	if err != nil || checked || store == nil {
		t.Fatalf("store %v, checked %v, %v", store, checked, err)
	}
	// The start gave up, the connection did not break.
	if s := log.String(); taken.Load() != 1 || !strings.Contains(s, "has not answered for "+objects.StartWait.String()) || !strings.Contains(s, "level=ERROR") {
		t.Errorf("%d connections; log: %s", taken.Load(), s)
	}
	// A signal stops it.
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	c.DataDir = t.TempDir()
	if _, _, err := objects.OpenChecked(ctx, c, slog.New(slog.DiscardHandler)); err == nil {
		t.Error("the first start goes on without its store")
	}
}

// hangs makes a directory store hang, like a network disk that does not answer:
// writers wait in the system and cannot be interrupted. answers ends that.
func hangs(t *testing.T, objects string) (answers func()) {
	t.Helper()
	f, err := os.Open(filepath.Join(objects, ".mediad", "lock"))
	if err == nil {
		err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX)
	}
	if err != nil {
		t.Fatal(err)
	}
	answers = sync.OnceFunc(func() { f.Close() })
	t.Cleanup(answers)
	return answers
}

// TestDirHangs: a start that has a spool waits for a directory that hangs no longer
// than for a bucket, and checks it until it answers. The first start can be stopped.
func TestDirHangs(t *testing.T) {
	var c config.Config
	c.DataDir, c.Storage.Kind = t.TempDir(), "dir"
	c.Storage.Dir.Path = filepath.Join(t.TempDir(), "objects")
	quiet := slog.New(slog.DiscardHandler)
	first, checked, err := objects.OpenChecked(t.Context(), c, quiet)
	if err != nil || !checked {
		t.Fatalf("checked %v, %v", checked, err)
	}
	if err := first.(io.Closer).Close(); err != nil {
		t.Fatal(err)
	}
	answers := hangs(t, c.ObjectsDir())
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	if _, _, err := objects.OpenChecked(ctx, c, quiet); err == nil {
		t.Error("the first start goes on without its store")
	}
	if err := os.Mkdir(filepath.Join(c.DataDir, "spool"), 0o755); err != nil {
		t.Fatal(err)
	}
	log := &sitetest.Buffer{}
	logger := slog.New(slog.NewTextHandler(log, nil))
	store, checked, err := objects.OpenChecked(t.Context(), c, logger)
	if err != nil || checked {
		t.Fatalf("checked %v, %v", checked, err)
	}
	if s := log.String(); !strings.Contains(s, "has not answered for "+objects.StartWait.String()) || !strings.Contains(s, c.ObjectsDir()) {
		t.Errorf("log: %s", s)
	}
	time.AfterFunc(50*time.Millisecond, answers)
	if err := objects.CheckUntil(t.Context(), store, time.Millisecond, logger); err != nil {
		t.Error(err)
	}
	if err := store.Put(t.Context(), "live/demo/01A/main/1.ts", []byte("x")); err != nil {
		t.Error(err)
	}
	if err := store.(io.Closer).Close(); err != nil {
		t.Error(err)
	}
}

// TestStartWithHangingDir: a broadcast that was on air before kill -9 is on air
// again while the directory store hangs, and is stored when it answers.
func TestStartWithHangingDir(t *testing.T) {
	c, objects := startStored(t)
	on := c.airing("tea")
	eventually(t, "a segment is stored", 30*time.Second, func() bool { return inStore(t, objects) > 0 })
	c.stop(syscall.SIGKILL)

	answers := hangs(t, objects)
	c.start()
	defer c.stop(syscall.SIGTERM)
	defer answers()
	eventually(t, "the room is on air without the store", 15*time.Second, on)
	have := inStore(t, objects)
	answers()
	eventually(t, "the store has what waited", time.Minute, func() bool { return inStore(t, objects) > have })
}

// TestMissingDatabaseBesideStore: a start without a database is refused if the
// object store has recordings, in a directory or in a bucket. A store that does not
// answer does not prevent the start.
func TestMissingDatabaseWithStore(t *testing.T) {
	g := versity.Here(t)
	s3 := config.Storage{Kind: "s3", S3: config.S3{Endpoint: g.Endpoint, Region: g.Region, Bucket: g.Bucket, Prefix: "shop", PathStyle: true}}
	dir := config.Storage{Kind: "dir", Dir: config.Dir{Path: filepath.Join(t.TempDir(), "objects")}}
	for _, kind := range []config.Storage{s3, dir} {
		t.Run(kind.Kind, func(t *testing.T) {
			open := func(anew bool) (string, error) {
				c := config.Config{DataDir: t.TempDir(), Storage: kind}
				log := &sitetest.Buffer{}
				bucket, _, err := objects.OpenChecked(t.Context(), c, slog.New(slog.NewTextHandler(log, nil)))
				if err != nil {
					t.Fatal(err)
				}
				if o, ok := bucket.(io.Closer); ok {
					defer o.Close()
				}
				s, err := store.Open(t.Context(), store.Options{Dir: c.DataDir, Anew: anew, Elsewhere: objects.LeftIn(bucket, c.StoreName(), slog.New(slog.NewTextHandler(log, nil)))})
				if err == nil {
					err = s.Close()
				}
				return log.String(), err
			}
			if said, err := open(false); err != nil || said != "" {
				t.Errorf("beside an empty store: %v, %s", err, said)
			}
			bucket, _, err := objects.OpenChecked(t.Context(), config.Config{DataDir: t.TempDir(), Storage: kind}, slog.New(slog.DiscardHandler))
			if err != nil {
				t.Fatal(err)
			}
			for key, refused := range map[string]bool{"other/index.m3u8": false, "live/tea/01A/main/0.ts": true} {
				if err := bucket.Put(t.Context(), key, []byte("x")); err != nil {
					t.Fatal(err)
				}
				_, err := open(false)
				if (err != nil) != refused || refused && (!strings.Contains(err.Error(), key+" in the store "+kind.Kind) || !strings.Contains(err.Error(), "--begin-anew")) {
					t.Errorf("beside %s: %v", key, err)
				}
				if err := bucket.Delete(t.Context(), key); err != nil {
					t.Fatal(err)
				}
			}
			if err := bucket.Put(t.Context(), "live/tea/index.m3u8", []byte("x")); err != nil {
				t.Fatal(err)
			}
			if _, err := open(true); err != nil {
				t.Errorf("who insists: %v", err)
			}
		})
	}
	endpoint, _ := blackHole(t)
	s3.S3.Endpoint = endpoint
	log := &sitetest.Buffer{}
	conf := config.Config{DataDir: t.TempDir(), Storage: s3}
	bucket, err := objects.Open(t.Context(), conf)
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), store.Options{Dir: conf.DataDir, Elsewhere: objects.LeftIn(bucket, conf.StoreName(), slog.New(slog.NewTextHandler(log, nil)))})
	if err != nil || !strings.Contains(log.String(), "cannot tell") {
		t.Fatalf("beside a store that says nothing: %v, %s", err, log)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// TestStartWithHangingStore: a broadcast that was on air before kill -9 is on air
// again while the store never answers.
func TestStartWithHangingStore(t *testing.T) {
	g := versity.For(t)
	c := newChild(t, inBucket(g, g.Endpoint), g.Environ(), "tea")
	c.start()
	on := c.airing("tea")
	c.stop(syscall.SIGKILL)

	endpoint, taken := blackHole(t)
	c.env = append(c.env, "MEDIAD_STORAGE_S3_ENDPOINT="+endpoint)
	c.start()
	defer c.stop(syscall.SIGTERM)
	eventually(t, "the room is on air without the store", 15*time.Second, on)
	if taken.Load() == 0 {
		t.Error("the store was not asked")
	}
}
