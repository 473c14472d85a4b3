package rtmp

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"mediad/ingest"
)

const goodKey = "k3y-that-nobody-may-read"

// testPublisher is a Publisher with one key; every publish gets a recordingSink.
type testPublisher struct {
	sinks    chan *recordingSink
	requests chan ingest.Request
	fail     func(line string) error // for the sinks
}

func (h *testPublisher) Publish(_ context.Context, r ingest.Request) (ingest.Sink, error) {
	switch r.Key {
	case goodKey:
	case "cl0sed":
		return nil, fmt.Errorf("%w: the show is over", ingest.ErrRefused)
	case "br0ken":
		return nil, fmt.Errorf("open database %s: no such file", r.Key)
	default:
		return nil, fmt.Errorf("%w: ask your host for a new one", ingest.ErrBadKey)
	}
	s := newRecordingSink()
	s.fail = h.fail
	h.requests <- r
	h.sinks <- s
	return s, nil
}

// logBook keeps what is logged.
type logBook struct {
	mu  sync.Mutex // guards buf
	buf bytes.Buffer
}

func (l *logBook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *logBook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// testServer is a running server.
type testServer struct {
	*testPublisher
	addr string
	log  *logBook
	stop func() // and wait
}

// serve starts a server on l, or on a port of the loopback. When the test
// ends it must stop in order, and must not have logged a key.
func serve(t *testing.T, o Options, l net.Listener) *testServer {
	t.Helper()
	if l == nil {
		var err error
		if l, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			t.Fatal(err)
		}
	}
	h := &testServer{testPublisher: &testPublisher{sinks: make(chan *recordingSink, 16), requests: make(chan ingest.Request, 16)}, addr: l.Addr().String(), log: &logBook{}}
	o.Publisher = h.testPublisher
	o.Log = slog.New(slog.NewTextHandler(h.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- New(o).Serve(ctx, l) }()
	h.stop = sync.OnceFunc(func() {
		cancel()
		select {
		case err := <-done:
			if err != nil {
				t.Errorf("Serve: %v", err)
			}
		case <-time.After(20 * time.Second):
			t.Error("Serve does not return")
		}
	})
	t.Cleanup(func() {
		h.stop()
		for _, secret := range []string{goodKey, "wr0ng", "cl0sed", "br0ken"} {
			if strings.Contains(h.log.String(), secret) {
				t.Errorf("%q is in the log:\n%s", secret, h.log)
			}
		}
	})
	return h
}

func (h *testServer) dial(t *testing.T) *peer {
	t.Helper()
	conn, err := net.Dial("tcp", h.addr)
	if err != nil {
		t.Fatal(err)
	}
	return dialPeer(t, conn)
}

// sink waits for the next publish.
func (h *testServer) sink(t *testing.T) (*recordingSink, ingest.Request) {
	t.Helper()
	select {
	case s := <-h.sinks:
		return s, <-h.requests
	case <-time.After(20 * time.Second):
		t.Fatalf("nobody publishes:\n%s", h.log)
		return nil, ingest.Request{}
	}
}
