package push

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"github.com/yutopp/go-rtmp"
	"github.com/yutopp/go-rtmp/message"

	"mediad/ingest/rtmp/flv"
)

const (
	chunkSize = 64 << 10

	// Chunk streams. All media go on one, as OBS does it.
	controlChunks = 2
	commandChunks = 3
	mediaChunks   = 4 // below 64, so that a basic header is one byte
)

// publisher is one connection to a server.
type publisher struct {
	// Read only.
	conn    net.Conn
	chunks  *rtmp.ChunkStreamer
	timeout time.Duration
	key     string
	events  chan event    // what the server says
	ended   chan struct{} // closed when reading has ended
	quit    chan struct{} // closed by close

	in  *source // owned by the goroutine that reads
	err error   // why reading ended; set before ended is closed

	writing sync.Mutex // guards the streamer's writing side

	// Owned by the goroutine of Run.
	streamID uint32
	tx       int64
	media    chunker
}

// idle waits until a moment, or until there is a reason to stop.
func (p *publisher) idle(ctx context.Context, until time.Time) error {
	timer := time.NewTimer(time.Until(until))
	defer timer.Stop()
	for {
		select {
		case <-timer.C:
			return ctx.Err()
		case e := <-p.events:
			if err := e.refusal(0); err != nil {
				return err
			}
		case <-p.ended:
			return p.lost()
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// lost says why the connection ended: with the server's own reason, if it gave one.
func (p *publisher) lost() error {
	for {
		select {
		case e := <-p.events:
			if err := e.refusal(0); err != nil {
				return err
			}
		default:
			return p.err
		}
	}
}

// send sends one tag, whose body may be in parts.
func (p *publisher) send(t flv.Type, timestamp uint32, parts ...[]byte) error {
	if err := p.conn.SetWriteDeadline(time.Now().Add(p.timeout)); err != nil {
		return err
	}
	return p.media.message(t, timestamp, parts...)
}

// sendTag sends a tag of a file.
func (p *publisher) sendTag(t flv.Tag) error {
	if t.Type == flv.Script {
		return p.send(t.Type, t.Timestamp, []byte(setDataFrame), t.Body)
	}
	return p.send(t.Type, t.Timestamp, t.Body)
}

// unpublish ends the publish and waits until that is written.
func (p *publisher) unpublish() error {
	if _, err := p.call(0, "FCUnpublish", nil, p.key); err != nil {
		return err
	}
	if _, err := p.call(0, "deleteStream", nil, p.streamID); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), p.timeout)
	defer cancel()
	p.writing.Lock()
	defer p.writing.Unlock()
	_, err := p.chunks.NewChunkWriter(ctx, commandChunks) // free when all is out
	return err
}

// call sends a command and returns its transaction.
func (p *publisher) call(stream uint32, name string, args ...any) (int64, error) {
	p.tx++
	body := new(bytes.Buffer)
	enc := message.NewAMFEncoder(body, message.EncodingTypeAMF0)
	for _, v := range args {
		if err := enc.Encode(v); err != nil {
			return 0, fmt.Errorf("encode %s: %w", name, err)
		}
	}
	return p.tx, p.write(commandChunks, stream, 0, &message.CommandMessage{
		CommandName: name, TransactionID: p.tx, Encoding: message.EncodingTypeAMF0, Body: body,
	})
}

func (p *publisher) write(chunks int, stream, timestamp uint32, m message.Message) error {
	ctx, cancel := context.WithTimeout(context.Background(), p.timeout)
	defer cancel()
	if err := p.conn.SetWriteDeadline(time.Now().Add(p.timeout)); err != nil {
		return err
	}
	p.writing.Lock()
	defer p.writing.Unlock()
	select {
	case <-p.chunks.Done():
		return fmt.Errorf("write to server: %w", errors.Join(p.chunks.Err(), io.ErrClosedPipe))
	default:
	}
	return p.chunks.Write(ctx, chunks, timestamp, &rtmp.ChunkMessage{StreamID: stream, Message: m})
}

// close ends the connection and its goroutines.
func (p *publisher) close() {
	close(p.quit)
	_ = p.chunks.Close()
	_ = p.conn.Close()
	<-p.ended
	<-p.chunks.Done()
}
