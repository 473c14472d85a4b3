package guard_test

import (
	"fmt"
	"io"
	"net"

	"github.com/yutopp/go-rtmp"
	"github.com/yutopp/go-rtmp/message"

	"mediad/ingest/rtmp/guard"
)

// publisher is one connection's go-rtmp handler.
type publisher struct {
	rtmp.DefaultHandler
	guard *guard.Conn
}

func (p *publisher) OnPublish(_ *rtmp.StreamContext, _ uint32, cmd *message.NetStreamPublish) error {
	if cmd.PublishingName != "key" {
		return fmt.Errorf("unknown key")
	}
	p.guard.AllowMedia()
	return nil
}

// A go-rtmp server behind the guard.
func ExampleNewListener() {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	srv := rtmp.NewServer(&rtmp.ServerConfig{
		OnConnect: func(c net.Conn) (io.ReadWriteCloser, *rtmp.ConnConfig) {
			g := c.(*guard.Conn)
			g.OnCommand(func(name string, amf []byte) {
				// connect's properties that go-rtmp drops are here
			})
			return g, &rtmp.ConnConfig{
				Handler:                   &publisher{guard: g},
				SkipHandshakeVerification: true,
				ReaderBufferSize:          64 << 10,
				ControlState: rtmp.StreamControlStateConfig{
					MaxChunkStreams:   64,
					MaxMessageStreams: 2,
				},
			}
		},
	})
	done := make(chan error)
	go func() {
		done <- srv.Serve(guard.NewListener(ln, guard.ListenerOptions{MaxConnsPerAddr: 8}))
	}()

	conn, err := net.Dial("tcp", ln.Addr().String())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Fprint(conn, "GET / HTTP/1.1\r\n\r\n")
	rest, _ := io.ReadAll(conn)
	fmt.Printf("a browser gets %d bytes\n", len(rest))

	_ = srv.Close()
	fmt.Println(<-done)
	// Output:
	// a browser gets 0 bytes
	// Server is closed
}
