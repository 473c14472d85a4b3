package guard

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// drip writes b one byte at a time, with a pause before each, until it fails.
func drip(conn net.Conn, b []byte, pause time.Duration) {
	for i := range b {
		time.Sleep(pause) // the bubble's clock
		if _, err := conn.Write(b[i : i+1]); err != nil {
			return
		}
	}
}

func TestReadLimits(t *testing.T) {
	var shake, silent, chatty wire
	shake.handshake()
	silent.handshake().msg(3, 0, 20, 0, command("connect", 1), 128)
	chatty.handshake()
	for range 1000 {
		chatty.msg(3, 0, 20, 0, command("ping", 1), 128)
	}
	tests := []struct {
		name  string
		limit Limits
		peer  func(conn net.Conn)
		allow time.Duration // AllowMedia is called then; 0: never
		err   error
		after time.Duration
		slack time.Duration // over which it may be
	}{
		{name: "says nothing", peer: func(net.Conn) {}, err: ErrHandshakeTimeout, after: 10 * time.Second},
		{name: "stops within the handshake", peer: func(c net.Conn) { drip(c, shake.Bytes()[:2000], 0) }, err: ErrHandshakeTimeout, after: 10 * time.Second},
		{name: "drips the handshake", peer: func(c net.Conn) { drip(c, shake.Bytes(), time.Second/2) }, err: ErrHandshakeTimeout, after: 10 * time.Second},
		{name: "stops behind the handshake", peer: func(c net.Conn) { drip(c, shake.Bytes(), 0) }, err: ErrCommandTimeout, after: 15 * time.Second},
		{name: "connects and stops", peer: func(c net.Conn) { drip(c, silent.Bytes(), time.Millisecond) },
			err: ErrCommandTimeout, after: 15*time.Second + handshakeSize*time.Millisecond},
		{name: "only ever asks", limit: Limits{StrangerCommands: 10000}, peer: func(c net.Conn) { drip(c, chatty.Bytes(), time.Millisecond) },
			err: ErrCommandTimeout, after: 15*time.Second + handshakeSize*time.Millisecond},
		{name: "falls silent as a stranger", limit: Limits{ReadTimeout: time.Second}, peer: func(c net.Conn) { drip(c, silent.Bytes(), 0) },
			err: ErrReadTimeout, after: time.Second},
		{name: "falls silent as a publisher", peer: func(c net.Conn) { drip(c, silent.Bytes(), 0) }, allow: 5 * time.Second,
			err: ErrReadTimeout, after: 20 * time.Second},
		{name: "is accepted before the handshake", peer: func(net.Conn) {}, allow: time.Nanosecond,
			err: ErrHandshakeTimeout, after: 10 * time.Second},
		{name: "is accepted before the handshake, then shakes hands", peer: func(c net.Conn) { drip(c, shake.Bytes(), time.Millisecond) },
			allow: time.Nanosecond, limit: Limits{CommandTimeout: time.Second},
			err: ErrReadTimeout, after: 15*time.Second + handshakeSize*time.Millisecond, slack: 15 * time.Second / 16},
		{name: "no limits", limit: Limits{HandshakeTimeout: -1, CommandTimeout: -1, ReadTimeout: -1},
			peer: func(c net.Conn) { time.Sleep(time.Hour); _ = c.Close() }, err: io.EOF, after: time.Hour},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				near, far := net.Pipe()
				start := time.Now()
				c := New(near, tt.limit)
				var peer sync.WaitGroup
				peer.Go(func() { tt.peer(far) })
				if tt.allow > 0 {
					time.AfterFunc(tt.allow, c.AllowMedia)
				}
				var err error
				for b := make([]byte, 100); err == nil; {
					_, err = c.Read(b)
				}
				if !errors.Is(err, tt.err) {
					t.Errorf("error %v, want %v", err, tt.err)
				}
				var ne net.Error
				if tt.err != io.EOF && (!errors.As(err, &ne) || !ne.Timeout()) {
					t.Errorf("%v is not a timeout to net", err)
				}
				if got := time.Since(start); got < tt.after || got > tt.after+tt.slack {
					t.Errorf("after %v, want %v and at most %v more", got, tt.after, tt.slack)
				}
				_ = c.Close()
				_ = far.Close()
				peer.Wait()
			})
		})
	}
}

func TestWriteLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := net.Pipe()
		defer far.Close()
		c := New(near, Limits{})
		defer c.Close()
		start := time.Now()
		_, err := c.Write(make([]byte, 1000))
		if !errors.Is(err, ErrWriteTimeout) || time.Since(start) != 10*time.Second {
			t.Errorf("error %v after %v", err, time.Since(start))
		}
	})
}

// The caller's own deadlines work as on any net.Conn, also while a Read waits.
func TestCallersDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := net.Pipe()
		c := New(near, Limits{})
		start := time.Now()
		time.AfterFunc(time.Second, func() {
			if err := c.SetDeadline(time.Now().Add(time.Second)); err != nil {
				t.Error(err)
			}
		})
		b := make([]byte, 10)
		_, err := c.Read(b)
		if !errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, ErrHandshakeTimeout) || time.Since(start) != 2*time.Second {
			t.Errorf("error %v after %v", err, time.Since(start))
		}
		if _, err := c.Write(b); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("write error %v", err)
		}
		if err := c.SetReadDeadline(time.Time{}); err != nil {
			t.Error(err)
		}
		go func() { _, _ = far.Write([]byte{3}) }()
		if n, err := c.Read(b); n != 1 || err != nil { // it is not final
			t.Errorf("%d bytes, error %v", n, err)
		}
		if _, err := c.Read(b); !errors.Is(err, ErrHandshakeTimeout) || time.Since(start) != 10*time.Second {
			t.Errorf("error %v after %v", err, time.Since(start))
		}
		_ = c.Close()
		_ = far.Close()
	})
}

func TestCloseEndsRead(t *testing.T) {
	near, far := net.Pipe()
	defer far.Close()
	c := New(near, Limits{})
	done := make(chan error)
	go func() {
		_, err := c.Read(make([]byte, 1))
		done <- err
	}()
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	if err := <-done; !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("error %v", err)
	}
	if err := c.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
	if c.NetConn() != near || c.LocalAddr() != near.LocalAddr() || c.RemoteAddr() != near.RemoteAddr() {
		t.Error("not the connection behind")
	}
}

// A reader that never says how much it has read, or says nothing with it.
type stubborn struct{ memConn }

func (*stubborn) Read([]byte) (int, error) { return 0, nil }

func TestNoProgress(t *testing.T) {
	if _, err := New(&stubborn{}, Limits{}).Read(make([]byte, 1)); err != io.ErrNoProgress {
		t.Errorf("error %v", err)
	}
	if n, err := New(&memConn{in: bytes.NewReader(nil)}, Limits{}).Read(nil); n != 0 || err != nil {
		t.Errorf("empty Read: %d, %v", n, err)
	}
}
