package http2

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// piped serves one connection that is a pipe: time in it is the test's.
func piped(t *testing.T, h http.Handler) (s *Server, c *rude, served chan struct{}) {
	s = New(Options{Handler: h, Log: slog.New(slog.DiscardHandler), Streams: 100, Idle: 2 * time.Minute, Stall: 10 * time.Second, Header: 16 << 10, Network: network})
	ours, theirs := net.Pipe()
	served = make(chan struct{})
	go func() {
		s.serve(ours, nil, context.Background())
		close(served)
	}()
	c = &rude{t: t, Conn: theirs, Framer: http2.NewFramer(theirs, theirs)}
	c.fields = hpack.NewEncoder(&c.block)
	t.Cleanup(func() {
		theirs.Close()
		<-served
		now, cancel := context.WithCancel(context.Background())
		cancel()
		s.Shutdown(now)
	})
	return s, c, served
}

// A silent peer gets a ping. If it answers, it stays, even while it waits for
// long; otherwise its connection ends. An idle connection is closed.
func TestSweep(t *testing.T) {
	for name, c := range map[string]struct {
		asks, answers bool
		after         [2]time.Duration // the connection ends between them
	}{
		"vanished":                  {true, false, [2]time.Duration{25 * time.Second, 40 * time.Second}},
		"vanished, without request": {false, false, [2]time.Duration{25 * time.Second, 40 * time.Second}},
		"idle":                      {false, true, [2]time.Duration{2 * time.Minute, 2*time.Minute + 10*time.Second}},
		"waits":                     {true, true, [2]time.Duration{10 * time.Minute, 11 * time.Minute}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				begun := time.Now()
				h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					select {
					case <-r.Context().Done():
					case <-time.After(10 * time.Minute):
						panic(http.ErrAbortHandler)
					}
				})
				_, client, served := piped(t, h)
				pings := 0
				go func() {
					for {
						f, err := client.ReadFrame()
						if err != nil {
							return
						}
						if p, ok := f.(*http2.PingFrame); ok && c.answers {
							pings++
							go client.Conn.Write(pong(p.Data))
						}
						if r, ok := f.(*http2.RSTStreamFrame); ok && r.ErrCode == http2.ErrCodeInternal {
							client.Close()
						}
					}
				}()
				if err := client.WriteSettings(); err != nil {
					t.Fatal(err)
				}
				if c.asks {
					if err := client.ask(1, true, get...); err != nil {
						t.Fatal(err)
					}
				}
				<-served
				if after := time.Since(begun); after < c.after[0] || after > c.after[1] {
					t.Errorf("it ends after %v", after)
				}
			})
		})
	}
}

// A write that the socket does not accept ends the connection, and with it
// every handler. A peer that sends half a frame has a limited time.
func TestStuckSockets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		ended := make(chan error, 1)
		_, client, served := piped(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, err := w.Write(noise(60_000))
			ended <- err
		}))
		go func() {
			for range 2 { // the server's settings, and its window update
				client.ReadFrame()
			}
			io.CopyN(io.Discard, client.Conn, 100) // and then nothing
		}()
		if err := errors.Join(client.WriteSettings(), client.ask(1, true, get...)); err != nil {
			t.Fatal(err)
		}
		if err := <-ended; err == nil {
			t.Error("all of it was taken")
		}
		<-served
		if after := time.Since(begun); after > 15*time.Second {
			t.Errorf("it ends after %v", after)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		_, client, served := piped(t, http.NotFoundHandler())
		go io.Copy(io.Discard, client.Conn)
		<-served
		if after := time.Since(begun); after != prefaceTimeout {
			t.Errorf("who says nothing is sent away after %v", after)
		}
	})
}

// A deadline also holds for a reader whose window is large and that reads slowly.
func TestSlowSockets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		ended := make(chan error, 1)
		_, client, _ := piped(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(20 * time.Second))
			_, err := w.Write(noise(1 << 20))
			ended <- err
		}))
		go func() {
			b := make([]byte, 8<<10)
			for {
				if _, err := io.ReadFull(client.Conn, b); err != nil {
					return
				}
				time.Sleep(time.Second)
			}
		}()
		if err := errors.Join(client.WriteSettings(http2.Setting{ID: http2.SettingInitialWindowSize, Val: 1 << 21}), client.WriteWindowUpdate(0, 1<<21)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second) // the server has nothing more to say when the answer begins
		if err := client.ask(1, true, get...); err != nil {
			t.Fatal(err)
		}
		go func() {
			for client.WriteRawFrame(0xbe, 0, 0, nil) == nil { // otherwise it would get a ping
				time.Sleep(5 * time.Second)
			}
		}()
		if err := <-ended; !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Error(err)
		}
		if after := time.Since(begun); after < 20*time.Second || after > 31*time.Second {
			t.Errorf("it ends after %v", after)
		}
		client.Close()
		time.Sleep(10 * time.Second) // until all goroutines have noticed
	})
}
