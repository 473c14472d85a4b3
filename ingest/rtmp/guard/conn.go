package guard

import (
	"net"
	"sync"
	"sync/atomic"
)

const (
	handshakeSize = 1 + 1536 + 1536 // C0 C1 C2, and S0 S1 S2: RTMP1 5.2

	// A stranger gets a small buffer; a publisher's is large, to make few reads.
	strangerBuffer  = 4 << 10
	publisherBuffer = 64 << 10
)

// Conn is the server's end of an RTMP connection. Like every net.Conn it may
// be used by several goroutines; Reads exclude each other, as do Writes.
type Conn struct {
	conn  net.Conn
	slot  *slot // in a listener's Quota; nil: there is none
	lim   Limits
	count counters
	times deadlines
	out   outbound

	media atomic.Bool // AllowMedia has been called

	closing  sync.Once
	closeErr error // owned by closing

	// Owned by the Read in progress.
	reading       sync.Mutex
	err           error // final
	onCommand     func(name string, amf []byte)
	handOver      bool
	payloadOf     []byte // of the media message that was read last; only where handOver
	source        source
	handshakeRead int  // bytes of C0 C1 C2 that have passed
	commands      int  // commands before AllowMedia
	preambleSent  bool // the preamble has been handed out
	chunks        reassembly
	ack           ackWindow
	aggregate     aggregate // what is left of an aggregate message
	pending       pending
}

// New puts a guard before conn. The handshake's time limit starts now.
func New(conn net.Conn, l Limits) *Conn {
	c := &Conn{conn: conn, lim: l.normalize()}
	c.source.buf = make([]byte, strangerBuffer)
	c.chunks.size = 128 // RTMP1 5.4.1
	c.out.init()
	c.times.startPhase(c.lim.HandshakeTimeout, ErrHandshakeTimeout)
	return c
}

// OnCommand has f called with every command (RTMP1 7.2) before Read returns
// it: its name, and its AMF0 as the reader will see it — name, transaction id,
// arguments — already checked and rewritten, valid during the call. It runs on
// the reading goroutine. go-rtmp drops most of connect's properties; this is
// where to find them. Call OnCommand before the first Read.
func (c *Conn) OnCommand(f func(name string, amf []byte)) {
	c.reading.Lock()
	defer c.reading.Unlock()
	c.onCommand = f
}

// AllowMedia says that the server accepts the peer as a publisher. From now
// on audio, video and data pass, only ReadTimeout bounds the peer's time, and
// no newcomer can take its slot in the listener's Quota.
func (c *Conn) AllowMedia() {
	if c.slot != nil {
		c.slot.markPublisher()
	}
	c.media.Store(true)
	c.times.endPhases(c.conn, c.lim.ReadTimeout)
}

// NetConn returns the connection behind the guard. Reading from it or writing
// to it breaks the stream.
func (c *Conn) NetConn() net.Conn { return c.conn }

// Close closes the connection. All calls return the first one's result.
func (c *Conn) Close() error {
	c.closing.Do(func() {
		c.closeErr = c.conn.Close()
		if c.slot != nil {
			c.slot.release()
		}
	})
	return c.closeErr
}

// LocalAddr returns the address of this end.
func (c *Conn) LocalAddr() net.Addr { return c.conn.LocalAddr() }

// RemoteAddr returns the peer's address.
func (c *Conn) RemoteAddr() net.Addr { return c.conn.RemoteAddr() }
