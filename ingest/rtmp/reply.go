package rtmp

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"github.com/yutopp/go-rtmp"
	"github.com/yutopp/go-rtmp/message"
)

// Chunk streams that the server writes on.
const (
	controlChunks = 2 // RTMP1 5.4
	commandChunks = 3
	statusChunks  = 5
)

// writeTimeout bounds the wait for the writer, which has its own deadlines.
const writeTimeout = 5 * time.Second

// status is the information object of onStatus, in this order.
type status struct {
	Level       string `amf0:"level"`
	Code        string `amf0:"code"`
	Description string `amf0:"description"`
}

// result answers the command being handled with an empty _result.
func (s *session) result() error { return s.call("_result", s.tx, 0) }

// onStatus tells a message stream something.
func (s *session) onStatus(stream uint32, info status) error {
	return s.callOn(statusChunks, stream, "onStatus", 0, info)
}

// call sends a command without command object on the control stream.
func (s *session) call(name string, tx int64, stream uint32, args ...any) error {
	return s.callOn(commandChunks, stream, name, tx, args...)
}

func (s *session) callOn(chunks int, stream uint32, name string, tx int64, args ...any) error {
	body := new(bytes.Buffer)
	enc := message.NewAMFEncoder(body, message.EncodingTypeAMF0)
	for _, v := range append([]any{nil}, args...) {
		if err := enc.Encode(v); err != nil {
			return fmt.Errorf("encode %s: %w", name, err)
		}
	}
	return s.write(chunks, stream, &message.CommandMessage{
		CommandName: name, TransactionID: tx, Encoding: message.EncodingTypeAMF0, Body: body,
	})
}

// write queues a message. It must be called on the reading goroutine only:
// go-rtmp's own answers share its encoder.
func (s *session) write(chunks int, stream uint32, m message.Message) error {
	ctx, cancel := context.WithTimeout(context.Background(), writeTimeout)
	defer cancel()
	if err := s.conn.Write(ctx, chunks, 0, &rtmp.ChunkMessage{StreamID: stream, Message: m}); err != nil {
		return fmt.Errorf("write to publisher: %w", err)
	}
	return nil
}
