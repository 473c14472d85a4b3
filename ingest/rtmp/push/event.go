package push

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"mediad/ingest/rtmp/amf0"

	"github.com/yutopp/go-rtmp"
	"github.com/yutopp/go-rtmp/message"
)

// event is a command of the server, as far as it matters.
type event struct {
	name   string // as "_result" or "onStatus"
	tx     int64
	number uint32 // the last number among the arguments: createStream's answer
	// Of the last object among the arguments.
	level, code, description string
}

// refusal is the error that an event means for a caller that waits for the answer
// to tx.
func (e event) refusal(tx int64) error {
	if e.name == "_error" && e.tx == tx && tx != 0 || e.name == "onStatus" && e.level == "error" {
		return &StatusError{Code: e.code, Description: e.description}
	}
	return nil
}

// maxOdd is how many messages of a server that cannot be read are passed over.
const maxOdd = 100

// source is the reading side of a connection. It keeps its error, so that what is wrong with
// the connection is told from what is wrong with a message.
type source struct {
	r   io.Reader
	err error
}

func (s *source) Read(b []byte) (int, error) {
	n, err := s.r.Read(b)
	if err != nil {
		s.err = err
	}
	return n, err
}

// maxCommand bounds what is read of a server's command.
const maxCommand = 16 << 10

// read takes what the server sends until the connection ends.
func (p *publisher) read() {
	defer close(p.ended)
	defer func() {
		if r := recover(); r != nil { // go-rtmp panics on broken chunks
			p.err = fmt.Errorf("read from server: %v", r)
		}
	}()
	for odd := 0; ; {
		var m rtmp.ChunkMessage
		if _, _, err := p.chunks.Read(&m); err != nil {
			// A message of its own, as ffmpeg's onFCPublish without a transaction, is none
			// that anybody waits for.
			if odd++; p.in.err == nil && odd <= maxOdd {
				continue
			}
			if errors.Is(err, io.EOF) {
				err = errors.New("server closed the connection")
			}
			p.err = err
			return
		}
		if err := p.hear(m.Message); err != nil {
			p.err = err
			return
		}
	}
}

func (p *publisher) hear(m message.Message) error {
	switch m := m.(type) {
	case *message.SetChunkSize:
		return p.chunks.PeerState().SetChunkSize(m.ChunkSize)
	case *message.UserCtrl:
		if ping, ok := m.Event.(*message.UserCtrlEventPingRequest); ok {
			return p.write(controlChunks, 0, 0, &message.UserCtrl{Event: &message.UserCtrlEventPingResponse{Timestamp: ping.Timestamp}})
		}
	case *message.CommandMessage:
		body, err := io.ReadAll(io.LimitReader(m.Body, maxCommand))
		if err != nil {
			return err
		}
		e := event{name: m.CommandName, tx: m.TransactionID}
		e.arguments(body)
		select {
		case p.events <- e:
		case <-p.quit:
		}
	}
	return nil
}

// arguments reads AMF0 values as far as they are plain: numbers, strings,
// nulls, and objects of those. It does not use go-amf0, which allocates whatever
// a length says.
func (e *event) arguments(b []byte) {
	for len(b) > 0 {
		switch b[0] {
		case amf0.Object, amf0.ECMAArray:
			var ok bool
			if b, ok = e.object(b); !ok {
				return
			}
			continue
		case amf0.Number:
			if len(b) >= 9 {
				if f := math.Float64frombits(binary.BigEndian.Uint64(b[1:])); f >= 0 && f <= math.MaxUint32 {
					e.number = uint32(f)
				}
			}
		}
		n := amf0.Size(b)
		if n == 0 {
			return
		}
		b = b[n:]
	}
}

// object reads the properties of an object and returns what follows it.
func (e *event) object(b []byte) ([]byte, bool) {
	e.level, e.code, e.description = "", "", ""
	return amf0.Properties(b, func(name string, value []byte) {
		text, ok := amf0.Text(value)
		if !ok {
			return
		}
		switch name {
		case "level":
			e.level = string(text)
		case "code":
			e.code = string(text)
		case "description":
			e.description = string(text)
		}
	})
}
