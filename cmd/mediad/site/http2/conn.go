package http2

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// conn is one connection. Its goroutine (serve) reads. Handlers, each on a
// goroutine of its own, write.
type conn struct {
	net.Conn
	s      *Server
	tls    *tls.ConnectionState // nil: in the clear
	ctx    context.Context      // ends with the connection
	cancel context.CancelFunc
	remote string
	from   netip.Addr    // the network for which it counts
	frames *http2.Framer // reads only
	budget floodBudget   // owned by serve
	heard  atomic.Int64  // when the last whole frame came, in the server's time
	pinged atomic.Int64  // when a ping was sent that is not answered yet; 0: there is none
	idle   atomic.Int64  // since when there is no request; 0: there is one
	grants atomic.Int64  // bytes of bodies that were sent, not yet added to budget

	out out // guarded by its own mutex

	mu sync.Mutex
	// Guarded by mu.
	streams map[uint32]*stream // the open streams
	queue   []*stream          // streams that wait for window, in the order in which they came
	running int                // handlers
	last    uint32             // the newest stream
	window  int64              // how many bytes the peer still accepts
	initial int64              // the same of a new stream
	receive int64              // how many bytes we still accept
	owed    int64              // bytes read since the last WINDOW_UPDATE
	leaving bool               // no new streams
	over    bool
}

// How many bytes a peer may send before they are read.
const (
	streamWindow = 65535 // the default (RFC 9113 6.9.2)
	connWindow   = 128 << 10
)

// frameSize is the longest payload of a frame, which is the default.
const frameSize = 16 << 10

// prefaceTimeout is how long the preface may take.
const prefaceTimeout = 10 * time.Second

func newConn(s *Server, nc net.Conn, state *tls.ConnectionState, base context.Context) *conn {
	c := &conn{
		Conn: nc, s: s, tls: state, remote: nc.RemoteAddr().String(), budget: newFloodBudget(),
		streams: map[uint32]*stream{}, window: streamWindow, initial: streamWindow, receive: connWindow,
	}
	c.from = s.opts.Network(c.remote)
	c.ctx, c.cancel = context.WithCancel(base)
	c.out.open(s, nc, state != nil)
	c.frames = http2.NewFramer(nil, bufio.NewReader(nc))
	c.frames.SetReuseFrames()
	c.frames.SetMaxReadFrameSize(frameSize)
	c.frames.ReadMetaHeaders = hpack.NewDecoder(4096, nil)
	c.frames.MaxHeaderListSize = uint32(s.opts.Header)
	c.heard.Store(c.s.now())
	c.idle.Store(c.s.now())
	return c
}

// serve reads until the connection ends.
func (c *conn) serve() {
	defer c.end()
	if !c.exchangePrefaces() {
		return
	}
	for {
		f, err := c.frames.ReadFrame()
		if err == nil {
			c.heard.Store(c.s.now())
			err = c.handle(f)
		}
		if err != nil && !c.answerError(err) {
			return
		}
	}
}

// exchangePrefaces exchanges prefaces (RFC 9113 3.4).
func (c *conn) exchangePrefaces() bool {
	if c.SetReadDeadline(time.Now().Add(prefaceTimeout)) != nil {
		return false
	}
	if c.tls != nil {
		preface := make([]byte, len(http2.ClientPreface))
		if _, err := io.ReadFull(c.Conn, preface); err != nil || !bytes.Equal(preface, []byte(http2.ClientPreface)) {
			return false
		}
	}
	var hello bytes.Buffer
	w := http2.NewFramer(&hello, nil)
	err := errors.Join(w.WriteSettings(
		http2.Setting{ID: http2.SettingMaxConcurrentStreams, Val: uint32(c.s.opts.Streams)},
		http2.Setting{ID: http2.SettingMaxHeaderListSize, Val: uint32(c.s.opts.Header)},
	), w.WriteWindowUpdate(0, connWindow-streamWindow))
	if err != nil || c.out.control(hello.Bytes()) != nil {
		return false
	}
	f, err := c.frames.ReadFrame()
	if _, ok := f.(*http2.SettingsFrame); err == nil && !ok {
		err = http2.ConnectionError(http2.ErrCodeProtocol)
	}
	if err == nil {
		err = c.handle(f)
	}
	return (err == nil || c.answerError(err)) && c.SetReadDeadline(time.Time{}) == nil
}

// answerError answers an error; false: the connection must end.
func (c *conn) answerError(err error) bool {
	var one http2.StreamError
	if errors.As(err, &one) {
		cost := costError
		if one.Code == http2.ErrCodeRefusedStream { // the peer may not know yet how many streams are allowed
			cost = costReset
		}
		if c.budget.spend(cost) {
			return c.reset(one.StreamID, one.Code) == nil
		}
		err = errFlood
	}
	var code http2.ConnectionError
	switch {
	case errors.As(err, &code):
		c.goAwayAndLinger(http2.ErrCode(code))
	case errors.Is(err, http2.ErrFrameTooLarge):
		c.goAwayAndLinger(http2.ErrCodeFrameSize)
	}
	return false
}

// goAwayAndLinger tells the peer why the connection ends, and gives it a moment to read
// that. It reads what still comes, since a socket with unread bytes is closed by
// a reset.
func (c *conn) goAwayAndLinger(code http2.ErrCode) {
	c.mu.Lock()
	last := c.last
	c.mu.Unlock()
	c.s.opts.Log.Debug("a connection of HTTP/2 is ended", "peer", c.remote, "code", code.String())
	if c.out.control(goAway(last, code)) != nil || c.SetReadDeadline(time.Now().Add(lingerTimeout)) != nil {
		return
	}
	_, _ = io.CopyN(io.Discard, c.Conn, lingerBytes) // at most until the deadline
}

const (
	lingerTimeout = 300 * time.Millisecond
	lingerBytes   = 1 << 20
)

// end tells all waiting goroutines that the peer is gone.
func (c *conn) end() {
	c.Conn.Close()
	c.cancel()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.over = true
	for _, st := range c.streams {
		c.drop(st, errGone)
	}
}

// cut closes the connection in any state.
func (c *conn) cut() {
	c.out.fail(errGone)
	c.cancel()
}

// stopAccepting stops accepting new streams. The connection ends with its last
// stream.
func (c *conn) stopAccepting() {
	c.mu.Lock()
	c.leaving = true
	last, empty := c.last, c.running == 0
	c.mu.Unlock()
	if c.out.control(goAway(last, http2.ErrCodeNo)) != nil || empty {
		c.closeIdle()
	}
}

// closeIdle ends a connection that has no more requests. Its peer has a moment to read
// the last answers and to close.
func (c *conn) closeIdle() {
	c.out.shut()
	time.AfterFunc(closeTimeout, c.cut)
}

const closeTimeout = time.Second

var errGone = errors.New("the peer is gone")
