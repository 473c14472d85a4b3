package rtmp

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"os"
	"runtime"
	"runtime/metrics"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"mediad/ingest"
	"mediad/ingest/rtmp/flv"
	"mediad/ingest/rtmp/guard"
	"mediad/ingest/rtmp/push"
)

// TestHostileLoad: while 200 hostile connections do what they can, a real
// publisher plays. It loses no unit, and memory stays within bounds.
// MEDIAD_HOSTILE=10000 is the long form, of make soak.
func TestHostileLoad(t *testing.T) {
	total, atOnce := 200, 200
	if v := os.Getenv("MEDIAD_HOSTILE"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 {
			t.Fatalf("MEDIAD_HOSTILE is %q; it must be a number", v)
		}
		total, atOnce = n, 500
	}
	l := listen(t)
	studio := &studio{sinks: make(chan *meter, 1)}
	s := New(Options{
		Publisher: studio, Log: slog.New(slog.DiscardHandler),
		HandshakeTimeout: 2 * time.Second, PublishTimeout: 2 * time.Second, ReadTimeout: 20 * time.Second,
		Guard: guard.ListenerOptions{MaxConnsPerAddr: -1, Limits: guard.Limits{WriteTimeout: 2 * time.Second}},
	})
	ctx, stop := context.WithCancel(t.Context())
	var server sync.WaitGroup
	server.Go(func() {
		if err := s.Serve(ctx, l); err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
	defer func() { stop(); server.Wait() }()

	src := newCamera(t)
	pushed := make(chan error, 1)
	go func() {
		pushed <- push.New(push.Options{URL: "rtmp://" + l.Addr().String() + "/live", Key: goodKey, Log: slog.New(slog.DiscardHandler)}).Run(ctx, src)
	}()
	sink := <-studio.sinks

	runtime.GC()
	before := memory()
	var most atomic.Uint64
	// The machine may be busy: how late a goroutine comes that has nothing to do
	// with the server is no fault of the server's.
	var late time.Duration
	watching := make(chan struct{})
	var watch sync.WaitGroup
	watch.Go(func() {
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		last := time.Now()
		for {
			select {
			case <-tick.C:
				late, last = max(late, time.Since(last)), time.Now()
				most.Store(max(most.Load(), memory()))
			case <-watching:
				return
			}
		}
	})

	var attackers sync.WaitGroup
	places := make(chan struct{}, atOnce)
	for i := range total {
		places <- struct{}{}
		attackers.Go(func() {
			defer func() { <-places }()
			attack(l.Addr().String(), i)
		})
	}
	attackers.Wait()
	close(watching)
	watch.Wait()

	src.end()
	if err := <-pushed; err != nil {
		t.Errorf("the publisher: %v", err)
	}
	<-sink.closed
	if sent, got := src.sent, sink.units; got != sent || sink.last != ingest.Unpublished || sent < 50 {
		t.Errorf("%d of %d units arrived, the end is %v", got, sent, sink.last)
	}
	if sink.pause > time.Second+2*late {
		t.Errorf("the publisher stood still for %v, the machine for %v", sink.pause, late)
	}
	// A stranger gets at most 256 KiB for unfinished messages, and garbage
	// counts until it is collected; the attackers' own memory is in it.
	if grown, bound := most.Load()-min(before, most.Load()), uint64(64<<20+atOnce<<20/2); grown > bound {
		t.Errorf("memory grew by %d MiB, more than %d", grown>>20, bound>>20)
	}
	for end := time.Now().Add(20 * time.Second); s.Stats().Connections > 0 && time.Now().Before(end); {
		time.Sleep(5 * time.Millisecond)
	}
	st := s.Stats()
	if st.Connections > 0 {
		t.Errorf("%d connections are left", st.Connections)
	}
	t.Logf("%d attackers; %d units, longest pause %v (of the machine %v); memory grew by %.1f MiB; refused %v; dropped %v",
		total, sink.units, sink.pause, late, float64(most.Load()-min(before, most.Load()))/(1<<20), st.Refused, st.Dropped)
}

// memory is what the heap's objects and the stacks take.
func memory() uint64 {
	samples := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/memory/classes/heap/stacks:bytes"}}
	metrics.Read(samples)
	return samples[0].Value.Uint64() + samples[1].Value.Uint64()
}

// studio is a Publisher that knows one key and counts what comes.
type studio struct{ sinks chan *meter }

func (s *studio) Publish(_ context.Context, r ingest.Request) (ingest.Sink, error) {
	if r.Key != goodKey {
		return nil, ingest.ErrBadKey
	}
	m := &meter{closed: make(chan struct{})}
	s.sinks <- m
	return m, nil
}

// meter is a Sink. Its fields may be read when it is closed.
type meter struct {
	closed chan struct{}
	units  int
	at     time.Time
	pause  time.Duration // the longest between two units
	last   ingest.End
}

func (m *meter) SetTracks([]ingest.Track) error { return nil }

func (m *meter) WriteUnit(ingest.Unit) error {
	now := time.Now()
	if !m.at.IsZero() {
		m.pause = max(m.pause, now.Sub(m.at))
	}
	m.units, m.at = m.units+1, now
	return nil
}

func (m *meter) Close(end ingest.End) {
	m.last = end
	close(m.closed)
}

// camera is a Source of a picture and a sound every 20 ms, until it is told to
// end.
type camera struct {
	head, pair []flv.Tag
	ended      atomic.Bool
	// Owned by the caller of Next.
	n    int
	sent int // units
}

func newCamera(t *testing.T) *camera {
	picture := slices.Concat(unhex(t, idr), make([]byte, 8<<10)) // some 3 Mb/s
	binary.BigEndian.PutUint32(picture[5:], uint32(len(picture)-9))
	return &camera{
		head: []flv.Tag{{Type: flv.Video, Body: unhex(t, avc720)}, {Type: flv.Audio, Body: unhex(t, aac44)}},
		pair: []flv.Tag{{Type: flv.Video, Body: picture}, {Type: flv.Audio, Body: unhex(t, sound)}},
	}
}

func (c *camera) end() { c.ended.Store(true) }

func (c *camera) Next() (flv.Tag, error) {
	n := c.n
	c.n++
	if n < len(c.head) {
		return c.head[n], nil
	}
	if n -= len(c.head); n%2 == 0 && c.ended.Load() {
		return flv.Tag{}, io.EOF
	}
	c.sent++
	tag := c.pair[n%2]
	tag.Timestamp = uint32(n / 2 * 20)
	return tag, nil
}

// attack is one hostile connection, of the i-th kind. Whatever comes of it is
// the server's business.
func attack(addr string, i int) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	a := attacker{Conn: conn, rand: rand.New(rand.NewPCG(7, uint64(i))), peer: peer{out: 128}}
	kinds := []func(*attacker){
		(*attacker).slowLoris, (*attacker).garbage, (*attacker).halfHandshake, (*attacker).hugeArray, (*attacker).deepNesting,
		(*attacker).tinyChunks, (*attacker).giantChunk, (*attacker).unfinished, (*attacker).browser, (*attacker).guess,
		(*attacker).reset, (*attacker).deaf, (*attacker).mediaFirst, (*attacker).mutant, (*attacker).silent, (*attacker).manyStreams,
	}
	kinds[i%len(kinds)](&a)
}

type attacker struct {
	net.Conn
	rand *rand.Rand
	peer peer // makes messages
}

// shake does the handshake.
func (a *attacker) shake() {
	_, _ = a.Write(append([]byte{3}, make([]byte, 1536)...))
	_, _ = io.ReadFull(a, make([]byte, 1+2*1536))
	_, _ = a.Write(make([]byte, 1536))
}

// linger reads until the server has had enough.
func (a *attacker) linger() { _, _ = io.Copy(io.Discard, a) }

func (a *attacker) random(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(a.rand.Uint32())
	}
	return b
}

func (a *attacker) command(body []byte) {
	_, _ = a.Write(slices.Concat(a.peer.chunkSize(1<<20), a.peer.message(3, 20, 0, 0, body)))
}

func (a *attacker) slowLoris() {
	for _, b := range append([]byte{3}, make([]byte, 1536)...) {
		if _, err := a.Write([]byte{b}); err != nil {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func (a *attacker) garbage() {
	_, _ = a.Write(append([]byte{3}, a.random(64<<10)...))
	a.linger()
}

func (a *attacker) halfHandshake() {
	_, _ = a.Write(append([]byte{3}, make([]byte, 1536)...))
	a.linger()
}

func (a *attacker) hugeArray() {
	a.shake()
	a.command(append(amf("hello", 1.), 0x0a, 0x7f, 0xff, 0xff, 0xff))
	a.linger()
}

func (a *attacker) deepNesting() {
	a.shake()
	a.command(append(amf("hello", 1.), bytes.Repeat([]byte{3, 0, 1, 'a'}, 15000)...))
	a.linger()
}

// tinyChunks sends a long command in chunks of one byte.
func (a *attacker) tinyChunks() {
	a.shake()
	_, _ = a.Write(slices.Concat(a.peer.chunkSize(1), a.peer.message(3, 20, 0, 0, append(amf("hello", 1.), make([]byte, 60_000)...))))
	a.linger()
}

// giantChunk announces the longest message in the longest chunk.
func (a *attacker) giantChunk() {
	a.shake()
	_, _ = a.Write(slices.Concat(a.peer.chunkSize(0x7fffffff), []byte{3, 0, 0, 0, 0xff, 0xff, 0xff, 20, 0, 0, 0, 0}, make([]byte, 1<<20)))
	a.linger()
}

// unfinished begins commands on many chunk streams and ends none.
func (a *attacker) unfinished() {
	a.shake()
	out := a.peer.chunkSize(60_000)
	for csid := range byte(14) {
		m := a.peer.message(3+csid, 20, 0, 0, make([]byte, 64_000))
		out = append(out, m[:12+60_000]...)
	}
	_, _ = a.Write(out)
	a.linger()
}

func (a *attacker) browser() {
	_, _ = io.WriteString(a, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	a.linger()
}

func (a *attacker) guess() {
	a.shake()
	_, _ = a.Write(slices.Concat(a.peer.call(0, "connect", 1., object{"app", "live"}), a.peer.call(0, "createStream", 2., nil),
		a.peer.call(1, "publish", 3., nil, "wr0ng", "live")))
	a.linger()
}

func (a *attacker) reset() {
	_, _ = a.Write(append([]byte{3}, a.random(700)...))
	_ = a.Conn.(*net.TCPConn).SetLinger(0)
}

// deaf asks much and reads no answer.
func (a *attacker) deaf() {
	a.shake()
	questions := bytes.Repeat(a.peer.call(0, "_checkbw", 9., nil), 1000)
	for range 1000 {
		if _, err := a.Write(questions); err != nil {
			return
		}
	}
	a.linger()
}

// mediaFirst sends pictures before it may.
func (a *attacker) mediaFirst() {
	a.shake()
	picture := a.peer.message(4, 9, 1, 0, a.random(20_000))
	for range 100 {
		if _, err := a.Write(picture); err != nil {
			return
		}
	}
	a.linger()
}

// mutant says the right things with some bytes changed.
func (a *attacker) mutant() {
	a.shake()
	words := slices.Concat(a.peer.chunkSize(4096), a.peer.call(0, "connect", 1., object{"app", "live", "tcUrl", "rtmp://h/live", "list", object{"a", 1., "b", nil}}),
		a.peer.call(0, "releaseStream", 2., nil, "x"), a.peer.call(0, "createStream", 3., nil), a.peer.call(1, "publish", 4., nil, "wr0ng", "live"))
	for range 1 + a.rand.IntN(5) {
		words[a.rand.IntN(len(words))] ^= 1 << a.rand.IntN(8)
	}
	_, _ = a.Write(words)
	a.linger()
}

// silent connects to the application and says no more.
func (a *attacker) silent() {
	a.shake()
	_, _ = a.Write(a.peer.call(0, "connect", 1., object{"app", "live"}))
	a.linger()
}

// manyStreams uses every chunk stream id there is.
func (a *attacker) manyStreams() {
	a.shake()
	var out []byte
	for csid := 64; csid < 320; csid++ {
		out = append(out, 0, byte(csid-64), 0, 0, 0, 0, 0, 1, 3, 0, 0, 0, 0, 0)
	}
	_, _ = a.Write(out)
	a.linger()
}
