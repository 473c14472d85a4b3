package push

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"

	"github.com/yutopp/go-rtmp"
	"github.com/yutopp/go-rtmp/handshake"
	"github.com/yutopp/go-rtmp/message"
)

// connect returns when the server says that publishing has started.
func (c *Client) connect(ctx context.Context, to server) (*publisher, error) {
	ctx, cancel := context.WithTimeout(ctx, c.o.Timeout)
	defer cancel()
	conn, err := c.dial(ctx, to)
	if err != nil {
		return nil, err
	}
	bound(conn)
	// The handshake takes no context, so ctx ends it by closing the connection.
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	err = handshake.HandshakeWithServer(conn, conn, &handshake.Config{SkipHandshakeVerification: true})
	if !stop() || err != nil {
		_ = conn.Close()
		return nil, fmt.Errorf("RTMP handshake: %w", errors.Join(ctx.Err(), err))
	}
	p := &publisher{
		conn: conn, timeout: c.o.Timeout, key: c.o.Key,
		events: make(chan event, 16), ended: make(chan struct{}), quit: make(chan struct{}),
	}
	// Without the buffer, which go-rtmp flushes behind each chunk, the two headers of a
	// chunk and what is in it would be three packets.
	out := &socket{w: conn}
	p.media.to = out
	p.in = &source{r: conn}
	p.chunks = rtmp.NewChunkStreamer(p.in, bufio.NewWriter(out), &rtmp.StreamControlStateConfig{
		DefaultChunkSize: rtmp.DefaultChunkSize, MaxChunkSize: rtmp.MaxChunkSize, MaxChunkStreams: 64,
		DefaultAckWindowSize: 1<<31 - 1, MaxAckWindowSize: 1<<31 - 1,
		DefaultBandwidthWindowSize: 1<<31 - 1, MaxBandwidthWindowSize: 1<<31 - 1,
	})
	go p.read()
	if err := p.negotiate(ctx, c.o, to); err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

func (c *Client) dial(ctx context.Context, to server) (net.Conn, error) {
	if to.tls {
		return (&tls.Dialer{Config: c.o.TLS}).DialContext(ctx, "tcp", to.host)
	}
	return (&net.Dialer{}).DialContext(ctx, "tcp", to.host)
}

// negotiate does what encoders do, in their order.
func (p *publisher) negotiate(ctx context.Context, o Options, to server) error {
	if err := p.chunks.SelfState().SetChunkSize(chunkSize); err != nil {
		return err
	}
	if err := p.write(controlChunks, 0, 0, &message.SetChunkSize{ChunkSize: chunkSize}); err != nil {
		return err
	}
	connect, err := p.call(0, "connect", connectArgs{App: to.app, Type: "nonprivate", FlashVer: o.Encoder, TCURL: to.url})
	if err != nil {
		return err
	}
	if _, err := p.await(ctx, connect); err != nil {
		return err
	}
	for _, name := range []string{"releaseStream", "FCPublish"} {
		if _, err := p.call(0, name, nil, o.Key); err != nil {
			return err
		}
	}
	create, err := p.call(0, "createStream", nil)
	if err != nil {
		return err
	}
	e, err := p.await(ctx, create)
	if err != nil {
		return err
	}
	p.streamID, p.media.stream = e.number, e.number
	if _, err := p.call(p.streamID, "publish", nil, o.Key, "live"); err != nil {
		return err
	}
	if _, err = p.await(ctx, 0); err != nil && ctx.Err() == nil {
		return fmt.Errorf("%w: %w", ErrRefused, err)
	}
	return err
}

// connectArgs is the command object of connect, in OBS's order.
type connectArgs struct {
	App      string `amf0:"app"`
	Type     string `amf0:"type"`
	FlashVer string `amf0:"flashVer"`
	TCURL    string `amf0:"tcUrl"`
}

// await waits for the answer to a transaction, or for the start of the
// publish if tx is 0.
func (p *publisher) await(ctx context.Context, tx int64) (event, error) {
	for {
		select {
		case e := <-p.events:
			if err := e.refusal(tx); err != nil {
				return event{}, err
			}
			if tx != 0 && e.tx == tx && e.name == "_result" || tx == 0 && e.code == "NetStream.Publish.Start" && e.name == "onStatus" {
				return e, nil
			}
		case <-p.ended:
			return event{}, p.lost()
		case <-ctx.Done():
			return event{}, ctx.Err()
		}
	}
}
