package rtmp

import (
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/yutopp/go-rtmp"

	"mediad/ingest/rtmp/guard"
)

// linger is how long a refused peer is given to read why.
const linger = time.Second

var (
	// errClosed is the reason of a connection that go-rtmp closed by itself.
	errClosed = errors.New("connection closed")
	// errHungUp is the reason that io.EOF stands for.
	errHungUp = errors.New("the publisher closed the connection")
)

// transport is what go-rtmp reads from and writes to: a guarded connection
// that knows why it ended.
type transport struct {
	*guard.Conn

	// config is go-rtmp's configuration for it, set before go-rtmp gets it.
	config *rtmp.ConnConfig

	// reason is the first cause of the end.
	reason atomic.Pointer[error]
	// refused says that the peer has been told why it is refused.
	refused atomic.Bool

	// late ends a connection whose peer could not be told in time why it ends.
	late atomic.Pointer[time.Timer]

	// released is called once, when go-rtmp is done with the connection.
	released func()
	once     sync.Once
}

// Read remembers why it failed.
func (t *transport) Read(p []byte) (int, error) {
	n, err := t.Conn.Read(p)
	switch {
	case errors.Is(err, io.EOF):
		t.because(errHungUp)
	case err != nil:
		t.because(err)
	}
	return n, err
}

// The codes of go-rtmp's own answers to a publish or a connect that its handler
// refused. They give no reason, and OBS does not know them.
var (
	ownPublishFailed = []byte("NetStream.Publish.Failed")
	ownConnectFailed = []byte("NetConnection.Connect.Failed")
)

// Write leaves out go-rtmp's own answer after a refusal. go-rtmp flushes each
// chunk by itself, and its chunks are larger than any answer, so each message is
// one Write.
func (t *transport) Write(p []byte) (int, error) {
	if t.refused.Load() && (bytes.Contains(p, ownPublishFailed) || bytes.Contains(p, ownConnectFailed)) {
		return len(p), nil
	}
	return t.Conn.Write(p)
}

// Close is go-rtmp's last act with a connection.
func (t *transport) Close() error {
	t.once.Do(func() {
		t.because(errClosed)
		if late := t.late.Load(); late != nil {
			late.Stop()
		}
		if t.refused.Load() {
			t.drain()
		}
		_ = t.Conn.Close() // its error tells nothing: the connection ends anyway
		t.released()
	})
	return nil
}

// drain says that no more comes and reads what the peer still sends. Closing
// with unread bytes would reset the connection, and the peer's system might
// throw the answer away before the encoder has read it.
func (t *transport) drain() {
	conn := t.NetConn()
	c, ok := conn.(interface{ CloseWrite() error })
	if !ok || c.CloseWrite() != nil || conn.SetReadDeadline(time.Now().Add(linger)) != nil {
		return
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(conn, 1<<20))
}

// abort ends the connection from any goroutine. It does not wait.
func (t *transport) abort(reason error) {
	t.because(reason)
	// Closing a TLS connection first sends an alert, and would wait for a peer
	// that does not read.
	if c, ok := t.NetConn().(*tls.Conn); ok {
		_ = c.NetConn().Close()
	}
	_ = t.Conn.Close()
}

// dismiss ends the connection from any goroutine. It does not wait. The reading
// goroutine wakes up, tells the peer why, and closes. If that takes too long, or the
// peer does not read, a timer closes the connection.
func (t *transport) dismiss(reason error) {
	t.because(reason)
	if err := t.Conn.SetReadDeadline(time.Unix(1, 0)); err != nil {
		t.abort(reason)
		return
	}
	t.late.Store(time.AfterFunc(2*linger, func() { t.abort(reason) }))
}

// because notes a reason; the first one stays.
func (t *transport) because(err error) { t.reason.CompareAndSwap(nil, &err) }

// why is the reason of the end.
func (t *transport) why() error {
	if err := t.reason.Load(); err != nil {
		return *err
	}
	return nil
}

// protocol is the protocol that the peer used.
func (t *transport) protocol() string {
	if _, ok := t.NetConn().(*tls.Conn); ok {
		return "rtmps"
	}
	return "rtmp"
}

var _ net.Conn = (*transport)(nil)
