package guard

import (
	"encoding/binary"
	"fmt"
)

// Message types, RTMP1 5.4, 6.2 and 7.1.
const (
	typeSetChunkSize   = 1
	typeAbort          = 2
	typeAck            = 3
	typeUserControl    = 4
	typeWindowAckSize  = 5
	typePeerBandwidth  = 6
	typeAudio          = 8
	typeVideo          = 9
	typeDataAMF3       = 15
	typeSharedAMF3     = 16
	typeCommandAMF3    = 17
	typeData           = 18
	typeShared         = 19
	typeCommand        = 20
	typeAggregate      = 22
	controlChunkStream = 2
)

// admit judges a message by its header, before anything of it is stored.
func (c *Conn) admit(s *inStream) error {
	skip := func(r Reason) {
		s.skip = true
		c.drop(r)
	}
	s.skip = false
	limit := c.lim.MaxControl
	switch s.typ {
	case typeAudio, typeVideo, typeAggregate:
		limit = c.lim.MaxMessage
		if !c.media.Load() {
			skip(Early)
		}
	case typeData, typeDataAMF3:
		if !c.media.Load() {
			skip(Early)
		} else if int(s.length) > limit {
			skip(TooLongData) // metadata with a picture in it must not end the stream
		}
		return nil
	case typeCommand, typeCommandAMF3,
		typeSetChunkSize, typeAbort, typeUserControl, typeWindowAckSize:
	case typeAck, typePeerBandwidth: // the server needs neither
		skip(Consumed)
		return nil
	case typeShared, typeSharedAMF3:
		skip(SharedObject)
		return nil
	default:
		skip(UnknownType)
		return nil
	}
	if int(s.length) > limit {
		return fmt.Errorf("%w: type %d of %d bytes, limit %d", ErrMessageTooLarge, s.typ, s.length, limit)
	}
	return nil
}

// message takes a whole message and makes pending what the reader may see of it.
func (c *Conn) message(s *inStream, body []byte) error {
	switch s.typ {
	case typeAudio, typeVideo:
		c.emitMedia(s.id, s.ts, s.typ, s.stream, body)
	case typeAggregate:
		c.aggregate = aggregate{body: body, ts: s.ts, stream: s.stream, id: s.id, first: true}
	case typeData, typeDataAMF3:
		c.data(s.id, s.ts, s.stream, body, s.typ == typeDataAMF3)
	case typeCommand, typeCommandAMF3:
		return c.command(s, body)
	case typeUserControl:
		c.userControl(s, body)
	default:
		return c.control(s.typ, body)
	}
	return nil
}

// control obeys the protocol control messages, RTMP1 5.4.
func (c *Conn) control(typ uint8, body []byte) error {
	c.drop(Consumed)
	if len(body) < 4 {
		if typ == typeSetChunkSize {
			return fmt.Errorf("%w: message of %d bytes", ErrChunkSize, len(body))
		}
		return nil
	}
	v := binary.BigEndian.Uint32(body)
	switch typ {
	case typeSetChunkSize:
		// RTMP1 5.4.1. No chunk is longer than its message, so MaxMessage
		// bounds what a large size can mean.
		if v == 0 || v > 0x7fffffff {
			return fmt.Errorf("%w: %d", ErrChunkSize, v)
		}
		c.chunks.size = v
	case typeAbort:
		if s := c.chunks.find(v); s != nil && s.left > 0 {
			c.abandon(s, Aborted)
		}
	case typeWindowAckSize:
		c.ack.announce(v, c.lim.MinAckWindow)
	}
	return nil
}

// userControl passes the events that go-rtmp knows (RTMP1 7.1.7); any other
// ends its connection.
func (c *Conn) userControl(s *inStream, body []byte) {
	size := 6
	if len(body) >= 2 {
		switch binary.BigEndian.Uint16(body) {
		case 0, 1, 2, 4, 6, 7:
		case 3:
			size = 10
		default:
			size = len(body) + 1
		}
	}
	if len(body) < size {
		c.drop(UserControl)
		return
	}
	// Control belongs on message stream 0, whatever the peer says.
	c.emit(s.id, s.ts, typeUserControl, 0, body[:size])
}

// emit makes a message pending.
func (c *Conn) emit(id uint8, ts uint32, typ uint8, stream uint32, body []byte) {
	p := &c.pending
	p.head = appendHeader(p.space[:0], id, ts, uint32(len(body)), typ, stream)
	p.body = body
	c.count.messages.Add(1)
}

// preamble tells the reader, after the handshake, what it will get: one chunk for
// each message, and a window so large that it never acknowledges. go-rtmp
// acknowledges after half its window, in unsigned arithmetic; with the window -2,
// its counter of 32 bits would have to reach 2^32-1 bytes.
func (c *Conn) preamble() {
	control := func(b []byte, typ uint8, v uint32) []byte {
		b = appendHeader(b, controlChunkStream, 0, 4, typ, 0)
		return binary.BigEndian.AppendUint32(b, v)
	}
	b := control(c.pending.space[:0], typeSetChunkSize, maxLength)
	c.pending.head = control(b, typeWindowAckSize, 1<<32-2)
	c.preambleSent = true
}
