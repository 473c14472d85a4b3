package rtmp

import (
	"context"
	"io"
	"log/slog"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"mediad/ingest"
	"mediad/ingest/bans"
	"mediad/ingest/rtmp/guard"
)

// seenFrom is a listener whose peers seem to come from one address.
type seenFrom struct {
	net.Listener
	ip string
}

func (l seenFrom) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return seenConn{c.(*net.TCPConn), l.ip}, nil
}

type seenConn struct {
	*net.TCPConn
	ip string
}

func (c seenConn) RemoteAddr() net.Addr { return &net.TCPAddr{IP: net.ParseIP(c.ip), Port: 4000} }

// start runs a server whose Stats can be asked.
func start(t *testing.T, o Options, l net.Listener) (s *Server, log *logBook) {
	t.Helper()
	log = &logBook{}
	o.Log = slog.New(slog.NewTextHandler(log, nil))
	s = New(o)
	ctx, cancel := context.WithCancel(t.Context())
	var done sync.WaitGroup
	done.Go(func() {
		if err := s.Serve(ctx, l); err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
	t.Cleanup(func() { cancel(); done.Wait() })
	return s, log
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// guess publishes with a wrong key; it tells whether the server listened to it.
func guess(t *testing.T, addr net.Addr) bool {
	t.Helper()
	conn, err := net.Dial("tcp", addr.String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.Write(append([]byte{3}, make([]byte, 1536)...)); err != nil {
		return false
	}
	if _, err := io.ReadFull(conn, make([]byte, 1+2*1536)); err != nil {
		return false
	}
	_ = conn.Close()
	conn, err = net.Dial("tcp", addr.String())
	if err != nil {
		t.Fatal(err)
	}
	p := dialPeer(t, conn)
	p.open("live")
	p.raw(p.call(1, "publish", 3., nil, "wr0ng", "live"))
	if got := strings.Join(p.rest(), "\n"); !strings.Contains(got, codeBadName) {
		t.Errorf("answer: %s", got)
	}
	return true
}

func TestWrongKeysAreBanned(t *testing.T) {
	h := &testPublisher{sinks: make(chan *recordingSink, 1), requests: make(chan ingest.Request, 1)}
	var mu sync.Mutex
	now := time.Now()
	clock := func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
	l := listen(t)
	s, log := start(t, Options{Publisher: h, Bans: bans.New(bans.Rule{Wrong: 2}), now: clock}, seenFrom{l, "192.0.2.7"})
	for i := range 2 {
		if !guess(t, l.Addr()) {
			t.Fatalf("guess %d is not heard", i)
		}
	}
	if guess(t, l.Addr()) {
		t.Error("a third guess is heard")
	}
	got := s.Stats()
	if got.Refused[refusedKey] != 2 || got.Refused[refusedBanned] != 1 || got.Bans != 1 || got.Banned != 1 {
		t.Errorf("%+v", got)
	}
	if !strings.Contains(log.String(), "network=192.0.2.7/32") || strings.Contains(log.String(), "wr0ng") {
		t.Errorf("the log:\n%s", log)
	}
	mu.Lock()
	now = now.Add(5 * time.Minute)
	mu.Unlock()
	if !guess(t, l.Addr()) || s.Stats().Banned != 0 {
		t.Error("the ban does not end")
	}
}

func TestLoopbackIsNotBanned(t *testing.T) {
	for _, addr := range []string{"127.0.0.1", "::1"} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		s, _ := start(t, Options{Publisher: &testPublisher{}, Bans: bans.New(bans.Rule{Wrong: 1})}, seenFrom{l, addr})
		if !guess(t, l.Addr()) || !guess(t, l.Addr()) || s.Stats().Bans != 0 {
			t.Errorf("a proxy on the same machine is banned at %s", addr)
		}
	}
}

// TestFullOfStrangers: peers that take all places and send nothing keep no publisher
// out, and do not disconnect one.
func TestFullOfStrangers(t *testing.T) {
	const places = 8
	h := serve(t, Options{Guard: guard.ListenerOptions{MaxConns: places}}, nil)
	crowd := func() (all []*peer) {
		for range places {
			all = append(all, h.dial(t))
		}
		return all
	}
	strangers := crowd()
	p := h.dial(t)
	p.publish(goodKey)
	sink, _ := h.sink(t)
	p.raw(slices.Concat(p.media(video, 0, avc720), p.media(audio, 0, aac44), p.media(video, 0, idr), p.media(video, 33, pic)))
	sink.await(t, "key")
	readToEnd(t, strangers[0].conn)
	crowd()
	p.raw(p.call(1, "FCUnpublish", 4., nil, goodKey))
	sink.await(t, "close unpublished")
}

func TestBitrateLimit(t *testing.T) {
	h := serve(t, Options{MaxBitrate: 80_000}, nil) // 100 kB in ten seconds
	p := h.dial(t)
	p.publish(goodKey)
	sink, _ := h.sink(t)
	p.raw(slices.Concat(p.chunkSize(1<<20), p.media(video, 0, avc720), p.media(audio, 0, aac44), p.media(video, 0, idr), p.media(video, 33, pic)))
	sink.await(t, "key")
	for ts := uint32(33); ts < 330; ts += 33 {
		p.raw(p.message(4, 9, 1, ts, slices.Concat(unhex(t, pic), make([]byte, 20_000))))
		if sink.text() != "" && strings.Contains(sink.text(), "explain") {
			break
		}
	}
	got := strings.Join(p.rest(), "\n")
	if !strings.Contains(got, "NetStream.Publish.Rejected, description: the stream has") || !strings.Contains(got, "the server takes at most 80 kb/s") {
		t.Errorf("answer: %s", got)
	}
	lines := sink.await(t, "close")
	if last := lines[len(lines)-2:]; !strings.HasPrefix(last[0], "explain the stream has") || last[1] != "close lost" {
		t.Errorf("the sink: %q", last)
	}
	h.stop()
	if !strings.Contains(h.log.String(), "publisher lost") || !strings.Contains(h.log.String(), "lower the bit rate") {
		t.Errorf("the log:\n%s", h.log)
	}
}

// TestStats: the guard's drops are counted while a publisher is there and
// after it has gone; two listeners share their limits.
func TestStats(t *testing.T) {
	h := &testPublisher{sinks: make(chan *recordingSink, 1), requests: make(chan ingest.Request, 1)}
	l, other := listen(t), listen(t)
	s, _ := start(t, Options{Publisher: h, Guard: guard.ListenerOptions{MaxConns: 1}}, l)
	ctx, cancel := context.WithCancel(t.Context())
	var done sync.WaitGroup
	done.Go(func() {
		if err := s.Serve(ctx, other); err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
	defer func() { cancel(); done.Wait() }()

	conn, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	p := dialPeer(t, conn)
	p.publish(goodKey)
	p.raw(slices.Concat(p.message(4, 19, 0, 0, []byte("shared object")), p.media(video, 0, avc720), p.media(audio, 0, aac44), p.media(video, 0, idr), p.media(video, 33, pic)))
	(<-h.sinks).await(t, "key")
	if got := s.Stats(); got.Connections != 1 || got.Dropped[guard.SharedObject] != 1 {
		t.Errorf("while it publishes: %+v", got)
	}
	second, err := net.Dial("tcp", other.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	readToEnd(t, second)
	_ = p.conn.Close()
	for end := time.Now().Add(20 * time.Second); s.Stats().Connections > 0 && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
	if got := s.Stats(); got.Connections != 0 || got.Dropped[guard.SharedObject] != 1 || got.Refused[refusedTotal] != 1 {
		t.Errorf("afterwards: %+v", got)
	}
}

func TestStreamQuery(t *testing.T) {
	for name, want := range map[string]string{
		"key": "", "key?": "", "key?a=b": "a=b", "live/key?a=b?c ": "a=b?c", "key?" + strings.Repeat("x", 1025): "",
	} {
		if got := streamQuery(name); got != want {
			t.Errorf("%.20q: %q, want %q", name, got, want)
		}
	}
}
