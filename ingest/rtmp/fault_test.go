package rtmp

import (
	"bytes"
	"errors"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"mediad/ingest"
	"mediad/ingest/rtmp/guard"
)

// TestTakeOver: the old publisher is kicked when a new one comes.
func TestTakeOver(t *testing.T) {
	h := serve(t, Options{}, nil)
	old := h.dial(t)
	old.publish(goodKey)
	oldSink, oldReq := h.sink(t)
	next := h.dial(t)
	next.publish(goodKey)
	nextSink, _ := h.sink(t)
	oldReq.Kick(ingest.ErrTakenOver)
	oldReq.Kick(errors.New("a second time"))
	oldSink.await(t, "close lost")
	next.raw(slices.Concat(next.media(video, 0, avc720), next.media(audio, 0, aac44), next.media(video, 0, idr), next.media(video, 33, pic)))
	nextSink.await(t, "key")
	h.stop()
	oldReq.Kick(nil) // long gone
	if oldSink.text() != "close lost" {
		t.Errorf("the old sink: %s", oldSink.text())
	}
	if !strings.Contains(h.log.String(), ingest.ErrTakenOver.Error()) || strings.Contains(h.log.String(), "a second time") ||
		strings.Contains(h.log.String(), "publisher lost") {
		t.Errorf("the log:\n%s", h.log)
	}
}

func TestLost(t *testing.T) {
	for _, tc := range []struct {
		name string
		end  func(t *testing.T, h *testServer, p *peer)
	}{
		{"closed without a word", func(t *testing.T, _ *testServer, p *peer) { _ = p.conn.Close() }},
		{"reset", func(t *testing.T, _ *testServer, p *peer) {
			if err := p.conn.(*net.TCPConn).SetLinger(0); err != nil {
				t.Fatal(err)
			}
			_ = p.conn.Close()
		}},
		{"cut inside a message", func(t *testing.T, _ *testServer, p *peer) {
			m := p.media(video, 33, pic)
			p.raw(m[:len(m)-2])
			_ = p.conn.Close()
		}},
		{"garbage", func(t *testing.T, _ *testServer, p *peer) { p.raw([]byte(strings.Repeat("\xff", 64))) }},
		{"a broken picture", func(t *testing.T, _ *testServer, p *peer) { p.raw(p.media(video, 33, "2701000000"+"00000009"+"41")) }},
		{"the server's shutdown", func(t *testing.T, h *testServer, _ *peer) { h.stop() }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			h := serve(t, Options{}, nil)
			p := h.dial(t)
			p.publish(goodKey)
			sink, _ := h.sink(t)
			p.raw(slices.Concat(p.media(video, 0, avc720), p.media(audio, 0, aac44), p.media(video, 0, idr), p.media(video, 33, pic)))
			sink.await(t, "key")
			tc.end(t, h, p)
			lines := sink.await(t, "close")
			if lines[len(lines)-1] != "close lost" {
				t.Errorf("%q", lines)
			}
		})
	}
}

func TestTimeouts(t *testing.T) {
	// Cases with a dialogue first need more time on a busy machine.
	const short, longer = 100 * time.Millisecond, time.Second
	for _, tc := range []struct {
		name   string
		o      Options
		act    func(t *testing.T, h *testServer)
		reason string
	}{
		{"no handshake", Options{HandshakeTimeout: short}, func(t *testing.T, h *testServer) {
			conn, err := net.Dial("tcp", h.addr)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = conn.Close() }()
			readToEnd(t, conn)
		}, "handshake"},
		{"no publish", Options{PublishTimeout: short}, func(t *testing.T, h *testServer) {
			p := h.dial(t)
			p.raw(p.call(0, "connect", 1., object{"app", "live"}))
			readToEnd(t, p.conn)
		}, "nothing published in time"},
		{"silence", Options{ReadTimeout: longer}, func(t *testing.T, h *testServer) {
			p := h.dial(t)
			p.publish(goodKey)
			sink, _ := h.sink(t)
			lines := sink.await(t, "close lost")
			if !slices.Contains(lines, "explain no audio or video in time") {
				t.Errorf("the sink: %q", lines)
			}
		}, "silent|no audio or video"},
		{"words, but no media", Options{ReadTimeout: longer}, func(t *testing.T, h *testServer) {
			p := h.dial(t)
			p.publish(goodKey)
			sink, _ := h.sink(t)
			stop := make(chan struct{})
			defer close(stop)
			go func() { // acknowledgements, more often than the guard asks
				tick := time.NewTicker(short / 4)
				defer tick.Stop()
				for {
					select {
					case <-tick.C:
						if _, err := p.conn.Write([]byte{2, 0, 0, 0, 0, 0, 4, 3, 0, 0, 0, 0, 0, 0, 0, 9}); err != nil {
							return
						}
					case <-stop:
						return
					}
				}
			}()
			sink.await(t, "close lost")
		}, "no audio or video in time"},
		{"nothing after an unpublish", Options{PublishTimeout: longer}, func(t *testing.T, h *testServer) {
			p := h.dial(t)
			p.publish(goodKey)
			p.raw(p.call(0, "FCUnpublish", 0., nil, goodKey))
			readToEnd(t, p.conn)
		}, "nothing published in time"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			h := serve(t, tc.o, nil)
			tc.act(t, h)
			h.stop()
			found := false
			for _, reason := range strings.Split(tc.reason, "|") {
				found = found || strings.Contains(h.log.String(), reason)
			}
			if !found {
				t.Errorf("no %q in the log:\n%s", tc.reason, h.log)
			}
		})
	}
}

func readToEnd(t *testing.T, conn net.Conn) {
	t.Helper()
	if err := conn.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 4096)
	for {
		if _, err := conn.Read(buf); err != nil {
			var late net.Error
			if errors.As(err, &late) && late.Timeout() {
				t.Error("the connection stays open")
			}
			return
		}
	}
}

// TestPanic: a panic ends only its own session, and is logged.
func TestPanic(t *testing.T) {
	for _, where := range []string{"tracks", "unit", "close"} {
		t.Run(where, func(t *testing.T) {
			h := serve(t, Options{}, nil)
			h.fail = func(line string) error {
				if strings.HasPrefix(line, where) {
					panic("the sink is broken at " + goodKey)
				}
				return nil
			}
			p := h.dial(t)
			p.publish(goodKey)
			sink, _ := h.sink(t)
			p.raw(slices.Concat(p.media(video, 0, avc720), p.media(audio, 0, aac44), p.media(video, 0, idr), p.media(video, 33, pic)))
			if where == "close" {
				_ = p.conn.Close()
			}
			sink.await(t, "close lost")
			h.stop()
			if log := h.log.String(); !strings.Contains(log, "the sink is broken at [key]") || !strings.Contains(log, "fault_test.go") {
				t.Errorf("the log:\n%s", log)
			}
		})
	}
}

func TestSinkErrorsEndTheConnection(t *testing.T) {
	h := serve(t, Options{}, nil)
	h.fail = func(line string) error {
		if strings.HasPrefix(line, "unit") {
			return errors.New("the disk is full")
		}
		return nil
	}
	p := h.dial(t)
	p.publish(goodKey)
	sink, _ := h.sink(t)
	p.raw(slices.Concat(p.media(video, 0, avc720), p.media(audio, 0, aac44), p.media(video, 0, idr), p.media(video, 33, pic)))
	if lines := sink.await(t, "close lost"); !slices.Contains(lines, "explain the disk is full") {
		t.Errorf("the sink: %q", lines)
	}
	readToEnd(t, p.conn)
	h.stop()
	if !strings.Contains(h.log.String(), "the disk is full") {
		t.Errorf("the log:\n%s", h.log)
	}
}

// TestLimits: the guard's limits hold, and refused input does not disturb others.
func TestLimits(t *testing.T) {
	h := serve(t, Options{Guard: guard.ListenerOptions{MaxConns: 1}}, nil)
	p := h.dial(t)
	p.publish(goodKey)
	sink, _ := h.sink(t)
	second, err := net.Dial("tcp", h.addr)
	if err != nil {
		t.Fatal(err)
	}
	readToEnd(t, second)
	_ = second.Close()
	p.raw(slices.Concat(p.media(video, 0, avc720), p.media(audio, 0, aac44), p.media(video, 0, idr), p.media(video, 33, pic)))
	sink.await(t, "key")
}

// TestFatalInputs: the two messages that end a process with a bare go-rtmp end
// a connection.
func TestFatalInputs(t *testing.T) {
	h := serve(t, Options{}, nil)
	live := h.dial(t)
	live.publish(goodKey)
	sink, _ := h.sink(t)
	nested := bytes.Repeat([]byte{0x0a, 0, 0, 0, 1}, 12000)
	for _, body := range [][]byte{
		append(amf("hello", 1.), 0x0a, 0x7f, 0xff, 0xff, 0xff),
		append(amf("hello", 1.), nested...),
	} {
		p := h.dial(t)
		p.raw(p.chunkSize(1 << 20))
		p.raw(p.message(3, 20, 0, 0, body))
		readToEnd(t, p.conn)
	}
	live.raw(slices.Concat(live.media(video, 0, avc720), live.media(audio, 0, aac44), live.media(video, 0, idr), live.media(video, 33, pic)))
	sink.await(t, "key")
}

func TestListenerFails(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- New(Options{Publisher: &testPublisher{}}).Serve(t.Context(), l) }()
	_ = l.Close()
	select {
	case err := <-done:
		if err == nil {
			t.Error("no error")
		}
	case <-time.After(20 * time.Second):
		t.Fatal("Serve goes on without a listener")
	}
}
