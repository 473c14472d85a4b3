package guard

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mediad/ingest/rtmp/amf0"
	"net"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/yutopp/go-rtmp"
	rtmpmsg "github.com/yutopp/go-rtmp/message"
)

// got is a message as go-rtmp hands it to its handler.
type got struct {
	Kind string // "audio", "video", "data", "publish", "close"
	TS   uint32
	Body string
}

// handler reports everything on a channel that a test reads.
type handler struct {
	rtmp.DefaultHandler
	g    *Conn
	seen chan got
}

func (h *handler) media(kind string, ts uint32, r io.Reader) error {
	b, err := io.ReadAll(r)
	h.seen <- got{kind, ts, string(b)}
	return err
}
func (h *handler) OnVideo(ts uint32, r io.Reader) error { return h.media("video", ts, r) }
func (h *handler) OnAudio(ts uint32, r io.Reader) error { return h.media("audio", ts, r) }
func (h *handler) OnSetDataFrame(ts uint32, d *rtmpmsg.NetStreamSetDataFrame) error {
	return h.media("data", ts, bytes.NewReader(d.Payload))
}
func (h *handler) OnPublish(_ *rtmp.StreamContext, ts uint32, cmd *rtmpmsg.NetStreamPublish) error {
	h.g.AllowMedia()
	h.seen <- got{"publish", ts, cmd.PublishingName}
	return nil
}
func (h *handler) OnClose() { h.seen <- got{Kind: "close"} }

// server is a real go-rtmp server behind the guard, on a real port.
type server struct {
	addr string
	seen chan got
}

func serve(t *testing.T, l Limits) *server {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &server{addr: ln.Addr().String(), seen: make(chan got, 10000)}
	srv := rtmp.NewServer(&rtmp.ServerConfig{OnConnect: func(c net.Conn) (io.ReadWriteCloser, *rtmp.ConnConfig) {
		g := c.(*Conn)
		_ = g.NetConn().(*net.TCPConn).SetWriteBuffer(4096) // so that a deaf peer is soon found out
		return g, &rtmp.ConnConfig{
			Handler:                   &handler{g: g, seen: s.seen},
			SkipHandshakeVerification: true,
			ReaderBufferSize:          64 << 10,
			ControlState:              rtmp.StreamControlStateConfig{MaxChunkStreams: 64, MaxMessageStreams: 2},
		}
	}})
	done := make(chan error)
	go func() {
		done <- srv.Serve(NewListener(ln, ListenerOptions{Limits: l, MaxConns: -1, MaxConnsPerAddr: -1}))
	}()
	t.Cleanup(func() {
		_ = srv.Close()
		if err := <-done; !errors.Is(err, rtmp.ErrClosed) {
			t.Errorf("server ended with %v", err)
		}
	})
	return s
}

// client is a publisher made of bytes. Everything the server says is kept.
type client struct {
	t     *testing.T
	conn  net.Conn
	heard chan []byte // closed when the server closes
	said  []byte      // what has been heard so far
}

func dial(t *testing.T, addr string) *client {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	c := &client{t: t, conn: conn, heard: make(chan []byte, 1000)}
	go func() {
		defer close(c.heard)
		for {
			b := make([]byte, 4096)
			n, err := conn.Read(b)
			if err != nil {
				return
			}
			c.heard <- b[:n]
		}
	}()
	t.Cleanup(func() { _ = conn.Close() })
	return c
}

// send writes w. The server may have closed by then.
func (c *client) send(w *wire) {
	c.t.Helper()
	if _, err := c.conn.Write(w.Bytes()); err != nil {
		c.t.Logf("send: %v", err)
	}
}

// expect waits until the server has sent a message that contains s.
func (c *client) expect(s string) {
	c.t.Helper()
	for {
		msgs, _, err := dechunk(c.said)
		if err != nil {
			c.t.Fatal(err)
		}
		if slices.ContainsFunc(msgs, func(m message) bool { return strings.Contains(m.Body, s) }) {
			return
		}
		b, ok := <-c.heard
		if !ok {
			c.t.Fatalf("closed without %q, having said %+v", s, msgs)
		}
		c.said = append(c.said, b...)
	}
}

// ended waits until the server closes.
func (c *client) ended() {
	for b := range c.heard {
		c.said = append(c.said, b...)
	}
}

// publish returns after Publish.Start.
func (c *client) publish() {
	c.t.Helper()
	null := []byte{amf0.Null}
	var w wire
	w.handshake().control(1, 4096)
	w.msg(3, 0, 20, 0, command("connect", 1, cat([]byte{amf0.Object}, aKey("app"), aStr("live"), aKey("pageUrl"), []byte{amf0.Undefined}, aEnd())), 4096)
	w.msg(3, 0, 20, 0, command("releaseStream", 2, null, aStr("key")), 4096)
	w.msg(3, 0, 20, 0, command("FCPublish", 3, null, aStr("key")), 4096)
	w.msg(3, 0, 20, 0, command("createStream", 4, null), 4096)
	c.send(&w)
	c.expect("NetConnection.Connect.Success")
	w.Reset()
	w.msg(4, 0, 20, 1, command("publish", 5, null, aStr("key"), aStr("live")), 4096)
	c.send(&w)
	c.expect("NetStream.Publish.Start")
}

// wait reads what handlers report until the n-th of that kind.
func (s *server) wait(t *testing.T, kind string, n int) []got {
	t.Helper()
	var all []got
	for {
		select {
		case g := <-s.seen:
			all = append(all, g)
			if g.Kind == kind {
				n--
			}
			if n == 0 {
				return all
			}
		case <-time.After(30 * time.Second):
			t.Fatalf("still waiting for %d %s, seen %d", n, kind, len(all))
		}
	}
}

// healthy shows that the server takes a publisher and its media.
func (s *server) healthy(t *testing.T) {
	t.Helper()
	c := dial(t, s.addr)
	c.publish()
	var w wire
	w.msg(4, 40, 9, 1, body(10000), 4096).msg(6, 41, 8, 1, body(10), 4096)
	c.send(&w)
	all := s.wait(t, "audio", 1)
	want := []got{{"publish", 0, "key"}, {"video", 40, string(body(10000))}, {"audio", 41, string(body(10))}}
	if d := cmp.Diff(want, all); d != "" {
		t.Error(d)
	}
	_ = c.conn.Close()
	s.wait(t, "close", 1)
}

// Every input that ends the process of go-rtmp without a guard, before any login, in
// every envelope that RTMP has for it.
func TestFatalInputs(t *testing.T) {
	array := []byte{amf0.StrictArray, 0x7f, 0xff, 0xff, 0xff}
	open := map[string][]byte{
		"arrays":      {amf0.StrictArray, 0, 0, 0, 1},
		"objects":     cat([]byte{amf0.Object}, aKey("k")),
		"ECMA arrays": cat([]byte{amf0.ECMAArray, 0, 0, 0, 1}, aKey("k")),
	}
	hidden := bytes.Repeat([]byte{'x'}, 0x300)
	copy(hidden[0x203-1:], cat(aEnd(), aKey("n"), []byte{amf0.Null}, aKey("z"), []byte{amf0.StrictArray, 0x7f, 0x7f, 0x7f, 0x7f}))
	desync := cat([]byte{amf0.ECMAArray, 0, 0, 0, 2}, aKey("a"), aNum(0), aKey("b"), []byte{amf0.Object}, aKey("k"), aStr(string(hidden)), aEnd(), aEnd())

	small := new(wire).msg(3, 0, 20, 0, command("seventeen letters", 1, array), 128)
	if small.Len() != 46 {
		t.Fatalf("the smallest input is %d bytes", small.Len())
	}
	inputs := map[string]func(w *wire){
		"array of 2^31-1 in 46 bytes": func(w *wire) { w.Write(small.Bytes()) },
		"array in connect": func(w *wire) {
			w.msg(3, 0, 20, 0, command("connect", 1, cat([]byte{amf0.Object}, aKey("app"), array)), 128)
		},
		"array in AMF3":      func(w *wire) { w.msg(3, 0, 17, 0, cat([]byte{0}, command("x", 1, array)), 128) },
		"array in data":      func(w *wire) { w.msg(3, 0, 18, 0, cat(aStr("x"), array), 128) },
		"array in aggregate": func(w *wire) { w.msg(3, 0, 22, 0, tag(18, 0, cat(aStr("x"), array)), 128) },
		"array hidden in an ECMA array": func(w *wire) {
			w.control(1, 4096).msg(3, 0, 20, 0, command("x", 1, desync), 4096)
		},
	}
	for name, b := range open {
		for _, size := range []int{60 << 10, 0xffffff} {
			b := bytes.Repeat(b, (size-20)/len(b))
			inputs[fmt.Sprintf("nested %s in %d bytes", name, size)] = func(w *wire) {
				w.control(1, 1<<20).msg(3, 0, 20, 0, command("x", 1, b), 1<<20)
			}
			inputs[fmt.Sprintf("nested %s in %d bytes of data", name, size)] = func(w *wire) {
				w.control(1, 1<<20).msg(3, 0, 18, 0, cat(aStr("x"), b), 1<<20)
			}
		}
	}
	s := serve(t, Limits{})
	for name, in := range inputs {
		for _, published := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/published=%v", name, published), func(t *testing.T) {
				var before, after runtime.MemStats
				c := dial(t, s.addr)
				var w wire
				if published {
					c.publish()
					w.control(1, 128)
				} else {
					w.handshake()
				}
				in(&w)
				runtime.ReadMemStats(&before)
				c.send(&w)
				_ = c.conn.(*net.TCPConn).CloseWrite() // where the guard has dropped it
				c.ended()
				s.wait(t, "close", 1)
				runtime.ReadMemStats(&after)
				if n := after.TotalAlloc - before.TotalAlloc; n > 16<<20 {
					t.Errorf("%d bytes allocated", n)
				}
				s.healthy(t)
			})
		}
	}
}

// Input that ends or overloads the connection of go-rtmp without a guard: here the
// publisher goes on.
func TestHarmlessInputs(t *testing.T) {
	const size = 4096
	tests := []struct {
		name string
		in   func(w *wire)
		want []got
	}{
		{"extended timestamps, 399 messages", func(w *wire) {
			for i := range 399 {
				w.msg(4, 0xffffff+uint32(i*33), 9, 1, body(9000+i), size)
			}
		}, func() (want []got) {
			for i := range 399 {
				want = append(want, got{"video", 0xffffff + uint32(i*33), string(body(9000 + i))})
			}
			return want
		}()},
		{"extended timestamps not repeated", func(w *wire) {
			b := body(9000)
			w.head(0, 4, 0x1000000, len(b), 9, 1).raw(b[:4096]...).cont(4).raw(b[4096:8192]...).cont(4).raw(b[8192:]...)
		}, []got{{"video", 0x1000000, string(body(9000))}}},
		{"abort within a message", func(w *wire) { w.head(0, 4, 1, 9000, 9, 1).raw(make([]byte, size)...).control(2, 4) }, nil},
		{"a header within a message", func(w *wire) { w.head(0, 4, 1, 9000, 9, 1).raw(make([]byte, size)...) }, nil},
		{"zero-length messages", func(w *wire) { w.head(0, 4, 1, 0, 8, 1).head(0, 4, 1, 0, 20, 1).head(1, 4, 1, 0, 9, 1) }, nil},
		{"AMF3 command", func(w *wire) {
			w.msg(3, 0, 17, 0, append([]byte{0}, command("_checkbw", 9, []byte{amf0.Null})...), size)
		}, nil},
		{"AMF3 data", func(w *wire) {
			w.msg(3, 7, 15, 1, cat([]byte{0}, aStr("@setDataFrame"), aStr("onMetaData"), []byte{amf0.Null}), size)
		}, []got{{"data", 7, string(cat(aStr("onMetaData"), []byte{amf0.Null}))}}},
		{"unknown user control", func(w *wire) { w.msg(2, 0, 4, 0, event(31, 0, 0, 0, 0), size).msg(2, 0, 4, 0, event(3), size) }, nil},
		{"unknown and unimplemented types", func(w *wire) {
			for _, typ := range []int{0, 7, 10, 14, 16, 19, 21, 255} {
				w.msg(3, 0, typ, 1, []byte("xyz"), size)
			}
		}, nil},
		{"aggregate", func(w *wire) { w.msg(4, 50, 22, 1, cat(tag(9, 0, []byte("v")), tag(8, 10, []byte("a"))), size) },
			[]got{{"video", 50, "v"}, {"audio", 60, "a"}}},
		{"undefined", func(w *wire) { w.msg(3, 0, 20, 0, command("x", 9, []byte{amf0.Undefined}), size) }, nil},
		{"replies to nothing", func(w *wire) {
			w.msg(3, 0, 20, 0, command("_result", 9), size).msg(3, 0, 20, 0, command("_error", 9), size)
		}, nil},
		{"three-byte chunk stream ids", func(w *wire) {
			w.msg(400, 5, 9, 1, body(9000), size).msg(65599, 6, 8, 1, body(9000), size)
		}, []got{{"video", 5, string(body(9000))}, {"audio", 6, string(body(9000))}}},
		{"short control messages", func(w *wire) {
			for _, typ := range []int{2, 3, 4, 5, 6} {
				w.msg(2, 0, typ, 0, []byte{1}, size)
			}
		}, nil},
		{"control on a message stream that is not there", func(w *wire) { w.msg(2, 0, 4, 77, event(6, 0, 0, 0, 0), size) }, nil},
	}
	s := serve(t, Limits{})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := dial(t, s.addr)
			c.publish()
			var w wire
			tt.in(&w)
			w.msg(6, 0xfffffff, 8, 1, []byte("goes on"), size)
			c.send(&w)
			want := append([]got{{"publish", 0, "key"}}, tt.want...)
			want = append(want, got{"audio", 0xfffffff, "goes on"})
			n := 0
			for _, g := range want {
				if g.Kind == "audio" {
					n++
				}
			}
			if d := cmp.Diff(want, s.wait(t, "audio", n)); d != "" {
				t.Error(d[:min(len(d), 2000)])
			}
			_ = c.conn.Close()
			s.wait(t, "close", 1)
		})
	}
}

// A window of 0 must not make the server send a reply for each chunk.
func TestTinyWindow(t *testing.T) {
	s := serve(t, Limits{})
	c := dial(t, s.addr)
	c.publish()
	start := len(c.said)
	var w wire
	w.control(5, 0)
	for range 25 {
		w.msg(4, 0, 9, 1, body(9000), 4096)
	}
	c.send(&w)
	s.wait(t, "video", 25)
	_ = c.conn.(*net.TCPConn).CloseWrite()
	c.ended()
	if n := len(c.said) - start; n == 0 || n > 16*w.Len()/(32<<10) {
		t.Errorf("%d bytes of acknowledgements for %d", n, w.Len())
	}
}

// 500 peers that send nothing, or half of a publish, are disconnected when their time
// is over.
func TestSilentPeers(t *testing.T) {
	s := serve(t, Limits{HandshakeTimeout: 100 * time.Millisecond, CommandTimeout: 100 * time.Millisecond})
	var shake, half wire
	shake.handshake()
	half.Write(shake.Bytes()[:1000])
	var all []*client
	for i := range 500 {
		c := dial(t, s.addr)
		switch i % 3 {
		case 1:
			c.send(&half)
		case 2:
			c.send(&shake)
		}
		all = append(all, c)
	}
	for _, c := range all {
		c.ended()
	}
	s.wait(t, "close", 500)
	s = serve(t, Limits{})
	s.healthy(t)
}

// A peer that sends commands and never reads is disconnected when an answer cannot be
// written in time.
func TestDeafPeer(t *testing.T) {
	s := serve(t, Limits{WriteTimeout: 100 * time.Millisecond, CommandTimeout: -1})
	conn, err := net.Dial("tcp", s.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.(*net.TCPConn).SetReadBuffer(4096); err != nil {
		t.Fatal(err)
	}
	var w wire
	w.handshake().msg(3, 0, 20, 0, command("connect", 1, cat([]byte{amf0.Object}, aEnd())), 128)
	if _, err := conn.Write(w.Bytes()); err != nil {
		t.Fatal(err)
	}
	w.Reset()
	for range 1000 {
		w.msg(3, 0, 20, 0, command("createStream", 2, []byte{amf0.Null}), 128)
	}
	if err := conn.SetWriteDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	for err == nil {
		_, err = conn.Write(w.Bytes())
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		t.Error("the server waits for ever")
	}
	s.wait(t, "close", 1)
}
