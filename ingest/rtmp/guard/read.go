package guard

import (
	"errors"
	"fmt"
	"io"
)

// errWait means that going on would have to wait for the peer.
var errWait = errors.New("guard: wait")

// pending is what Read still has to return: a header, then a body. The body lies
// in the buffer of the source or of a chunk stream, which does not change before
// Read has returned all of it.
type pending struct {
	space [2 * (maxHeader + 4)]byte // the largest head is the preamble
	head  []byte
	body  []byte
	stop  bool // a command has been handed out: end the Read with it
}

func (p *pending) empty() bool { return len(p.head) == 0 && len(p.body) == 0 }

func (p *pending) take(dst []byte) int {
	n := 0
	if len(p.head) > 0 {
		n = copy(dst, p.head)
		p.head = p.head[n:]
	}
	m := copy(dst[n:], p.body)
	p.body = p.body[m:]
	return n + m
}

// Read reads sane RTMP. It waits only while it has nothing, fills b from what
// has arrived, and ends early behind a command.
//
// The errors are those of the connection, io.EOF between two messages,
// io.ErrUnexpectedEOF within one, and the package's own. A deadline set by the
// caller leaves the connection usable; every other error is final.
func (c *Conn) Read(b []byte) (int, error) {
	c.reading.Lock()
	defer c.reading.Unlock()
	n := 0
	for n < len(b) {
		if !c.pending.empty() {
			n += c.pending.take(b[n:])
			continue
		}
		if c.pending.stop && n > 0 {
			break
		}
		c.pending.stop = false
		if c.err != nil {
			break
		}
		err := c.advance(n == 0)
		if err == errWait {
			break
		}
		if err != nil {
			if n == 0 && c.times.callers(err) {
				return 0, err
			}
			c.err = err
		}
	}
	if n == 0 && len(b) > 0 {
		return 0, c.err
	}
	return n, nil
}

// advance makes something pending, or fails. It returns errWait if there is
// nothing to do without the peer and wait is false.
func (c *Conn) advance(wait bool) error {
	for c.pending.empty() {
		var err error
		switch {
		case c.handshakeRead < handshakeSize:
			err = c.handshake()
		case !c.preambleSent:
			c.preamble()
		case len(c.aggregate.body) > 0:
			err = c.nextOfAggregate()
		default:
			err = c.chunk()
		}
		if err == errWait && wait {
			err = c.fill()
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// handshake passes C0, C1 and C2 on unchanged: the server answers them, and the
// guard ignores a digest in them.
func (c *Conn) handshake() error {
	b := c.source.peek()
	if len(b) == 0 {
		return errWait
	}
	if c.handshakeRead == 0 {
		switch b[0] {
		case 3: // RTMP1 5.2.2
		case 6, 8, 9:
			return fmt.Errorf("%w (version byte %d)", ErrEncrypted, b[0])
		default:
			return fmt.Errorf("%w (first byte 0x%02x)", ErrVersion, b[0])
		}
	}
	b = b[:min(len(b), handshakeSize-c.handshakeRead)]
	c.pending.body = b
	c.source.skip(len(b))
	if c.handshakeRead += len(b); c.handshakeRead == handshakeSize {
		c.times.startPhase(c.lim.CommandTimeout, ErrCommandTimeout)
	}
	return nil
}

// fill waits for bytes of the peer.
func (c *Conn) fill() error {
	if c.media.Load() {
		c.source.enlarge()
	}
	if err := c.times.beforeRead(c.conn, c.lim.ReadTimeout); err != nil {
		return err
	}
	n, err := c.source.fill(c.conn)
	if total := c.count.bytesIn.Add(uint64(n)); total > uint64(handshakeSize+c.lim.StrangerBytes) && !c.media.Load() {
		return fmt.Errorf("%w: more than %d bytes", ErrStranger, c.lim.StrangerBytes)
	}
	if n == 0 && err != nil {
		if err == io.EOF && !c.atBoundary() {
			err = io.ErrUnexpectedEOF
		}
		return c.times.explain(err)
	}
	if seq, due := c.ack.due(c.count.bytesIn.Load()); due {
		return c.sendAck(seq)
	}
	return nil
}

// atBoundary tells whether no message and no handshake is unfinished.
func (c *Conn) atBoundary() bool {
	return c.handshakeRead%handshakeSize == 0 && len(c.source.peek()) == 0 && c.chunks.unfinished == 0
}
