package http2

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"testing"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// Whatever a peer sends, the connection ends when the peer does, no handler
// stays, and every received byte of a body is released in the counts.
func FuzzConnection(f *testing.F) {
	seed := func(write func(*rude)) {
		var b bytes.Buffer
		c := &rude{Framer: http2.NewFramer(&b, nil)}
		c.AllowIllegalWrites = true
		c.fields = hpack.NewEncoder(&c.block)
		write(c)
		f.Add(b.Bytes())
	}
	post := append([]string{":method", "POST"}, get[2:]...)
	seed(func(c *rude) {
		c.WriteSettings()
		c.ask(1, true, get...)
		c.WriteWindowUpdate(1, 9)
		c.WriteRSTStream(1, 8)
	})
	seed(func(c *rude) {
		c.WriteSettings(http2.Setting{ID: http2.SettingInitialWindowSize, Val: 3}, http2.Setting{ID: http2.SettingHeaderTableSize, Val: 0})
		c.ask(1, false, post...)
		c.WriteDataPadded(1, false, []byte("body"), make([]byte, 9))
		c.ask(1, true, "x", "trailer")
		c.WritePing(false, [8]byte{1})
		c.WriteSettings(http2.Setting{ID: http2.SettingInitialWindowSize, Val: 0})
		c.WriteGoAway(0, 0, nil)
	})
	seed(func(c *rude) {
		c.WriteSettings()
		c.ask(1, false, append(post, "content-length", "5", "expect", "100-continue")...)
		c.WriteData(1, true, []byte("1234"))
		c.WriteHeaders(http2.HeadersFrameParam{StreamID: 3, BlockFragment: c.head(get...), EndStream: true})
		c.WriteContinuation(3, true, c.head("cookie", "a", "cookie", "b"))
	})
	f.Fuzz(func(t *testing.T, frames []byte) {
		s := New(Options{
			Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Write(noise(100))
				io.Copy(w, r.Body)
			}),
			Log: slog.New(slog.DiscardHandler), Streams: 10, Idle: time.Minute, Stall: 10 * time.Second, Header: 4 << 10, Network: network,
		})
		ours, theirs := net.Pipe()
		go io.Copy(io.Discard, theirs)
		go func() {
			theirs.Write(frames)
			theirs.Close()
		}()
		s.serve(ours, nil, context.Background())
		now, cancel := context.WithCancel(context.Background())
		cancel()
		s.Shutdown(now)
		for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(time.Millisecond) {
			s.stock.mu.Lock()
			left := s.stock.all
			s.stock.mu.Unlock()
			if left == 0 {
				return
			}
			if time.Now().After(deadline) {
				t.Fatalf("%d bytes of bodies stay", left)
			}
		}
	})
}
