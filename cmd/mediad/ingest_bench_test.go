package main

import (
	"context"
	"encoding/binary"
	"io"
	"log/slog"
	"net"
	"runtime"
	"sync"
	"testing"
	"time"

	"mediad/ingest"
	"mediad/ingest/rtmp"
	"mediad/packager"
)

// BenchmarkIngest turns one encoder's byte stream into parts in the window, as
// fast as possible: guard, go-rtmp, FLV, H.264, segmenter, MPEG-TS. An operation
// is an access unit, of which a second of 2.6 Mbit/s has 77.
//
//	memory    the bytes come out of memory
//	loopback  they come over TCP
//	bare      the same bytes over TCP, read and copied only: the reference
func BenchmarkIngest(b *testing.B) {
	b.Run("memory", func(b *testing.B) {
		l := &oneConn{conn: &memoryConn{recording: newRecording(b.N)}, closed: make(chan struct{})}
		ingestAll(b, l)
	})
	b.Run("loopback", func(b *testing.B) { ingestAll(b, sendOver(b, newRecording(b.N))) })
	b.Run("bare", func(b *testing.B) {
		r := newRecording(b.N)
		l := sendOver(b, r)
		c, err := l.Accept()
		if err != nil {
			b.Fatal(err)
		}
		defer c.Close()
		in, kept := make([]byte, 64<<10), make([]byte, 64<<10)
		measured(b, func() {
			for n, err := c.Read(in); err == nil; n, err = c.Read(in) {
				copy(kept, in[:n])
			}
		})
	})
}

// measured runs f once over b.N units, and reports the cost of a unit and of
// a MB.
func measured(b *testing.B, f func()) {
	const bytes = clipRate / clipUnits
	b.ReportAllocs()
	b.SetBytes(bytes)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	b.ResetTimer()
	f()
	b.StopTimer()
	runtime.ReadMemStats(&after)
	mb := float64(b.N) * bytes / 1e6
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/mb, "ns/MB")
	b.ReportMetric(float64(after.Mallocs-before.Mallocs)/mb, "allocs/MB")
}

// ingestAll serves the connections of l until the first publisher has left.
func ingestAll(b *testing.B, l net.Listener) {
	stream := packager.NewStream(packager.Options{Room: "r", Epoch: "e", Anchor: time.Now()})
	ctx, cancel := context.WithCancel(context.Background())
	p := &onlyPublisher{stream: stream, left: make(chan struct{})}
	server := rtmp.New(rtmp.Options{Publisher: p, Log: slog.New(slog.DiscardHandler)})
	served := make(chan error, 1)
	measured(b, func() {
		go func() { served <- server.Serve(ctx, l) }()
		<-p.left
	})
	cancel()
	if err := <-served; err != nil {
		b.Fatal(err)
	}
	if b.N > 10*clipUnits && stream.Held() == 0 {
		b.Fatal("nothing came into the window")
	}
}

// onlyPublisher lets everybody publish, and tells when somebody has left.
type onlyPublisher struct {
	stream *packager.Stream
	left   chan struct{}
}

func (p *onlyPublisher) Publish(context.Context, ingest.Request) (ingest.Sink, error) {
	return &leavingSink{p.stream.Attach(), p.left}, nil
}

type leavingSink struct {
	*packager.Session
	left chan struct{}
}

func (s *leavingSink) Close(end ingest.End) {
	s.Session.Close(end)
	close(s.left)
}

// recording is an encoder's byte stream with a number of units, with rising
// timestamps. It waits neither for answers nor for a clock.
type recording struct {
	wire    []byte // what comes next
	frames  []clipFrame
	sound   []byte
	at      int // in frames
	base    uint32
	heard   int64
	units   int // yet to come
	scratch []byte
}

func newRecording(units int) *recording {
	shake := make([]byte, 1+2*1536)
	shake[0] = 3
	r := &recording{wire: shake, frames: clipSecond(), sound: chunks(4, 8, 1, 0, soundFrame()), units: units}
	size := append([]byte{2, 0, 0, 0, 0, 0, 4, 1, 0, 0, 0, 0}, binary.BigEndian.AppendUint32(nil, pushChunk)...)
	for _, m := range [][]byte{
		size, command("connect", 1, object{"app", "live"}), command("createStream", 2, nil),
		chunks(3, 20, 1, 0, amf("publish", 3., nil, "key", "live")),
		chunks(4, 9, 1, 0, unhexed(clipAVC)), chunks(4, 8, 1, 0, unhexed(clipAAC)),
	} {
		r.wire = append(r.wire, m...)
	}
	return r
}

func (r *recording) Read(b []byte) (int, error) {
	if len(r.wire) == 0 {
		if r.units == 0 {
			return 0, io.EOF
		}
		r.units--
		r.next()
	}
	n := copy(b, r.wire)
	r.wire = r.wire[n:]
	return n, nil
}

// next writes the next unit.
func (r *recording) next() {
	wire, at := r.frames[r.at].wire, r.base+r.frames[r.at].at
	if sound := uint32(r.heard * 1024 / 48); sound <= at {
		wire, at = r.sound, sound
		r.heard++
	} else if r.at++; r.at == len(r.frames) {
		r.at, r.base = 0, r.base+1000
	}
	r.scratch = append(r.scratch[:0], wire...)
	r.scratch[1], r.scratch[2], r.scratch[3] = byte(at>>16), byte(at>>8), byte(at)
	r.wire = r.scratch
}

// sendOver sends a recording over a loopback connection.
func sendOver(b *testing.B, r *recording) net.Listener {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		b.Fatal(err)
	}
	var sender sync.WaitGroup
	sender.Go(func() {
		go func() { _, _ = io.Copy(io.Discard, c) }() // answers
		_, _ = io.CopyBuffer(struct{ io.Writer }{c}, r, make([]byte, 64<<10))
		_ = c.(*net.TCPConn).CloseWrite()
	})
	b.Cleanup(func() {
		sender.Wait()
		_ = c.Close()
		_ = l.Close()
	})
	return l
}

// oneConn is a listener with one connection.
type oneConn struct {
	mu     sync.Mutex
	conn   net.Conn // nil: accepted; guarded by mu
	once   sync.Once
	closed chan struct{}
}

func (l *oneConn) Accept() (net.Conn, error) {
	l.mu.Lock()
	c := l.conn
	l.conn = nil
	l.mu.Unlock()
	if c != nil {
		return c, nil
	}
	<-l.closed
	return nil, net.ErrClosed
}

func (l *oneConn) Close() error   { l.once.Do(func() { close(l.closed) }); return nil }
func (l *oneConn) Addr() net.Addr { return &net.TCPAddr{} }

// memoryConn is a connection whose peer is a recording, and ignores what is
// written to it.
type memoryConn struct{ *recording }

func (memoryConn) Write(b []byte) (int, error)      { return len(b), nil }
func (memoryConn) Close() error                     { return nil }
func (memoryConn) LocalAddr() net.Addr              { return &net.TCPAddr{} }
func (memoryConn) RemoteAddr() net.Addr             { return &net.TCPAddr{} }
func (memoryConn) SetDeadline(time.Time) error      { return nil }
func (memoryConn) SetReadDeadline(time.Time) error  { return nil }
func (memoryConn) SetWriteDeadline(time.Time) error { return nil }
