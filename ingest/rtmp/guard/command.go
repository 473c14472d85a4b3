package guard

import (
	"encoding/binary"
	"errors"
	"fmt"
	"mediad/ingest/rtmp/amf0"
)

// unwrapAMF3 returns the AMF0 in an AMF3 message. It follows a format byte of 0,
// which some encoders leave out. A command or data message begins with a String
// in AMF0, so the first byte tells which form it is.
func unwrapAMF3(body []byte) []byte {
	if body[0] == 0 {
		return body[1:]
	}
	return body
}

// startsWithString tells whether b begins with an AMF0 String, and returns it.
// b has been through rewriteAMF.
func startsWithString(b []byte) (s []byte, rest []byte, ok bool) {
	if len(b) < 3 || b[0] != amf0.String {
		return nil, nil, false
	}
	n := 3 + int(binary.BigEndian.Uint16(b[1:]))
	return b[3:n], b[n:], true
}

// command passes a command on, RTMP1 7.1.1. A faulty one ends the connection,
// because no sane encoder sends it.
func (c *Conn) command(s *inStream, body []byte) error {
	if !c.media.Load() {
		if c.commands++; c.commands > c.lim.StrangerCommands {
			return fmt.Errorf("%w: more than %d commands", ErrStranger, c.lim.StrangerCommands)
		}
	}
	if s.typ == typeCommandAMF3 {
		body = unwrapAMF3(body)
	}
	body, err := rewriteAMF(body, c.lim.AMFDepth, c.lim.AMFValues)
	if errors.Is(err, ErrAMF3) {
		c.drop(AMF3)
		return nil
	}
	if err != nil {
		return err
	}
	name, rest, ok := startsWithString(body)
	if !ok || len(rest) == 0 || rest[0] != amf0.Number {
		return ErrCommand
	}
	switch string(name) {
	case "_result", "_error":
		c.drop(Reply) // go-rtmp ends the connection: it has asked nothing
		return nil
	}
	if c.onCommand != nil {
		c.onCommand(string(name), body)
	}
	c.emit(s.id, 0, typeCommand, s.stream, body)
	c.pending.stop = true
	return nil
}

// data passes a data message on, RTMP1 7.1.2. Metadata is only a hint: a faulty
// message is counted, and the stream goes on without it.
func (c *Conn) data(id uint8, ts, stream uint32, body []byte, amf3 bool) {
	if amf3 {
		body = unwrapAMF3(body)
	}
	body, err := rewriteAMF(body, c.lim.AMFDepth, c.lim.AMFValues)
	if errors.Is(err, ErrAMF3) {
		c.drop(AMF3)
		return
	}
	if _, _, ok := startsWithString(body); err != nil || !ok {
		c.drop(BadData)
		return
	}
	c.emit(id, ts, typeData, stream, body)
}
