package guard

import (
	"encoding/binary"
	"sync"
)

// outbound follows the server's chunk stream, so that an acknowledgement can
// be put between two of its chunks. Apart from that it changes one thing:
// chunks that begin a message on chunk stream 2 get full headers, since the
// acknowledgement there breaks the server's header compression.
//
// It expects what go-rtmp writes: no extended timestamp on a type-3 chunk.
type outbound struct {
	mu sync.Mutex // guards everything here, and writing to the peer

	handshakeWritten int    // bytes of S0 S1 S2 that have passed
	size             uint32 // the server's chunk size
	left             uint32 // bytes of the current chunk yet to come
	cur              *outStream
	open             map[uint32]*outStream
	head             []byte  // the beginning of a header, cut off by the end of a Write
	value            [4]byte // first bytes of the message on chunk stream 2
	ack              uint32  // to be sent if ackDue
	ackDue           bool
	buf              []byte // what is about to be written
	err              error  // final
}

type outStream struct {
	chunkState
	control bool // chunk stream 2
}

func (o *outbound) init() {
	o.size = 128
	o.open = make(map[uint32]*outStream)
}

// Write passes on what the server writes. An error is final, because nobody knows
// how much of a chunk the peer has received.
func (c *Conn) Write(b []byte) (int, error) {
	o := &c.out
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err != nil {
		return 0, o.err
	}
	o.buf = o.buf[:0]
	if o.err = o.follow(b); o.err != nil {
		return 0, o.err
	}
	o.appendAck()
	if o.err = c.flush(); o.err != nil {
		return 0, o.err
	}
	return len(b), nil
}

// sendAck acknowledges at the next boundary of the server's chunks, which is
// usually now. Called by the reading goroutine.
func (c *Conn) sendAck(seq uint32) error {
	o := &c.out
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err != nil {
		return o.err
	}
	o.buf = o.buf[:0]
	o.ack, o.ackDue = seq, true // a later acknowledgement replaces an earlier one
	o.appendAck()
	o.err = c.flush()
	c.count.acks.Add(1)
	return o.err
}

// flush writes buf. Called with mu held.
func (c *Conn) flush() error {
	o := &c.out
	if len(o.buf) == 0 {
		return nil
	}
	if err := c.times.beforeWrite(c.conn, c.lim.WriteTimeout); err != nil {
		return err
	}
	n, err := c.conn.Write(o.buf)
	c.count.bytesOut.Add(uint64(n))
	return c.times.explainWrite(err)
}

// appendAck appends the acknowledgement that is due, if this is the place.
func (o *outbound) appendAck() {
	between := o.handshakeWritten == handshakeSize && o.left == 0 && len(o.head) == 0
	if s := o.open[controlChunkStream]; s != nil && s.left > 0 {
		between = false
	}
	if !between || !o.ackDue {
		return
	}
	o.buf = appendHeader(o.buf, controlChunkStream, 0, 4, typeAck, 0)
	o.buf = binary.BigEndian.AppendUint32(o.buf, o.ack)
	o.ackDue = false
}

// follow appends b to buf, keeping track of the chunks in it.
func (o *outbound) follow(b []byte) error {
	for len(b) > 0 {
		switch {
		case o.handshakeWritten < handshakeSize:
			n := min(len(b), handshakeSize-o.handshakeWritten)
			o.handshakeWritten += n
			o.buf = append(o.buf, b[:n]...)
			b = b[n:]
		case o.left > 0:
			n := min(len(b), int(o.left))
			o.payload(b[:n])
			b = b[n:]
		default:
			var h header
			o.head = append(o.head, b[0])
			b = b[1:]
			if h.parse(o.head) == 0 {
				continue
			}
			if err := o.header(&h); err != nil {
				return err
			}
			o.head = o.head[:0]
		}
	}
	return nil
}

func (o *outbound) header(h *header) error {
	s := o.open[h.csid]
	if s == nil {
		s = &outStream{control: h.csid == controlChunkStream}
		o.open[h.csid] = s
	}
	begins, err := s.apply(h)
	if err != nil {
		return ErrServerChunk
	}
	if begins && s.control {
		o.buf = appendHeader(o.buf, controlChunkStream, s.ts, s.length, s.typ, s.stream)
	} else {
		o.buf = append(o.buf, o.head...)
	}
	o.cur, o.left = s, min(s.left, o.size)
	return nil
}

func (o *outbound) payload(b []byte) {
	s := o.cur
	if s.control {
		if at := s.length - s.left; at < 4 {
			copy(o.value[at:], b)
		}
	}
	o.buf = append(o.buf, b...)
	n := uint32(len(b))
	o.left -= n
	s.left -= n
	if s.left == 0 && s.control && s.typ == typeSetChunkSize && s.length == 4 {
		if v := binary.BigEndian.Uint32(o.value[:]); v > 0 && v <= 0x7fffffff {
			o.size = v
		}
	}
}
