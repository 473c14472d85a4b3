package push

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"

	"mediad/ingest/rtmp/flv"
)

// ErrRefused is the end of a connection whose server did not take the stream key: it said
// so, or it hung up in place of an answer, as some platforms do.
var ErrRefused = errors.New("the server refused the stream key")

// maxSend bounds what the system keeps of what was written and not yet sent. Without it, a
// server that reads nothing would get megabytes of memory; with it, a round trip of a
// third of a second still carries 12 Mbit/s.
const maxSend = 256 << 10

// Conn is a publish that a server has accepted. Send and End are for one goroutine.
type Conn struct {
	p     *publisher
	bytes atomic.Uint64

	ended chan struct{}
	once  sync.Once
	err   error // set before ended is closed
}

// Dial connects, and returns when the server says that publishing has started.
func (c *Client) Dial(ctx context.Context) (*Conn, error) {
	to, err := parseURL(c.o.URL)
	if err != nil {
		return nil, err
	}
	p, err := c.connect(ctx, to)
	if err != nil {
		return nil, err
	}
	conn := &Conn{p: p, ended: make(chan struct{})}
	go conn.listen()
	return conn, nil
}

// listen waits for the end of the connection, or for a word of the server that ends it.
func (c *Conn) listen() {
	for {
		select {
		case e := <-c.p.events:
			if err := e.refusal(0); err != nil {
				c.over(err)
				return
			}
		case <-c.p.ended:
			c.over(c.p.lost())
			return
		}
	}
}

func (c *Conn) over(err error) {
	c.once.Do(func() {
		c.err = err
		close(c.ended)
		_ = c.p.conn.Close() // whoever writes stops waiting
	})
}

// Send sends one message now. Its body is parts, one after the other, which are not kept.
func (c *Conn) Send(t flv.Type, timestamp uint32, parts ...[]byte) error {
	if err := c.p.send(t, timestamp, parts...); err != nil {
		select {
		case <-c.ended: // which says better why
			return c.err
		default:
			return fmt.Errorf("write to server: %w", err)
		}
	}
	n := 0
	for _, p := range parts {
		n += len(p)
	}
	c.bytes.Add(uint64(n))
	return nil
}

// SendMetadata sends the body of onMetaData.
func (c *Conn) SendMetadata(timestamp uint32, body []byte) error {
	return c.Send(flv.Script, timestamp, []byte(setDataFrame), body)
}

// Abort breaks the connection: whoever writes, or waits for the server, fails. It returns at
// once and may be called from any goroutine, also after Close.
func (c *Conn) Abort() { _ = c.p.conn.Close() }

// Bytes gives how much media was sent. It may be called from any goroutine.
func (c *Conn) Bytes() uint64 { return c.bytes.Load() }

// Ended is closed when the server has ended the connection; Err says why.
func (c *Conn) Ended() <-chan struct{} { return c.ended }

// Err is why the connection has ended. It is for who has seen Ended.
func (c *Conn) Err() error { return c.err }

// Unpublish tells the server that nothing more comes.
func (c *Conn) Unpublish() error { return c.p.unpublish() }

// Close ends the connection, and returns when its goroutines have ended. It may be called
// once, from any goroutine that does not send.
func (c *Conn) Close() {
	c.p.close()
	<-c.ended
}

// bound keeps what the system holds for a connection small.
func bound(conn net.Conn) {
	type inside interface{ NetConn() net.Conn }
	if t, ok := conn.(inside); ok {
		conn = t.NetConn()
	}
	if t, ok := conn.(*net.TCPConn); ok {
		_ = t.SetWriteBuffer(maxSend) // where the system refuses, more is held
	}
}
