package rtmp

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"runtime/debug"
	"strings"

	"github.com/yutopp/go-rtmp"
	"github.com/yutopp/go-rtmp/message"

	"mediad/ingest"
	"mediad/ingest/rtmp/guard"
)

const (
	// chunkSize is the size of the server's chunks, in bytes. ffmpeg uses it for
	// its own chunks as well; the default would cost a header every 128 bytes.
	chunkSize = 64 << 10
	// ackWindow is how many bytes may go either way before their receipt is
	// confirmed. Adobe's server uses the same number.
	ackWindow = 2_500_000
)

// Reasons why a session ends a connection.
var (
	errNoPublish = errors.New("nothing published in time")
	errNoMedia   = errors.New("no audio or video in time")
	errPanic     = errors.New("internal error")
	errKicked    = errors.New("ended by the server")
)

// session is one connection: the handler of go-rtmp's callbacks. They all run
// on the goroutine that reads the connection.
type session struct {
	// Read only.
	o         Options
	server    *Server
	ctx       context.Context
	cancel    context.CancelFunc
	log       *slog.Logger
	transport *transport
	remote    netip.AddrPort
	watchdog  *watchdog

	// Owned by the reading goroutine.
	conn    *rtmp.Conn // from OnServe on
	tx      int64      // the transaction of the command being handled
	encoder string
	secrets []string // names that must not be logged
	stream  uint32   // the message stream that publishes
	feed    *feed    // nil while nothing is published
	extra   bool     // further tracks have been logged
	rate    rate
}

func newSession(ctx context.Context, server *Server, c *guard.Conn) *session {
	o := server.o
	s := &session{o: o, server: server, transport: &transport{Conn: c}}
	s.ctx, s.cancel = context.WithCancel(ctx)
	if a, ok := c.RemoteAddr().(*net.TCPAddr); ok {
		ap := a.AddrPort()
		s.remote = netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port())
	}
	s.log = o.Log.With("remote", c.RemoteAddr().String())
	s.transport.config = s.config()
	c.OnCommand(s.command)
	c.HandOver()
	s.watchdog = newWatchdog(o.HandshakeTimeout+o.PublishTimeout, errNoPublish, s.transport.dismiss)
	return s
}

// config works around what go-rtmp v0.0.7 leaves open by default: limits that
// it applies only when asked, and a logger that prints secrets.
func (s *session) config() *rtmp.ConnConfig {
	return &rtmp.ConnConfig{
		Handler: s,
		// Clients with a digest in their handshake echo no random bytes.
		SkipHandshakeVerification: true,
		// Media that is under way behind an unpublish.
		IgnoreMessagesOnNotExistStream:          true,
		IgnoreMessagesOnNotExistStreamThreshold: 1000,
		// Payloads go past go-rtmp, and the guard has a buffer of its own.
		ReaderBufferSize: 4 << 10,
		ControlState: rtmp.StreamControlStateConfig{
			MaxChunkStreams:            64,
			MaxMessageStreams:          2, // the control stream and one that publishes
			DefaultAckWindowSize:       ackWindow,
			DefaultBandwidthWindowSize: ackWindow,
			DefaultBandwidthLimitType:  message.LimitTypeDynamic,
		},
		Logger: newLogger(func(line string) { s.transport.because(errors.New(s.redact(line))) }),
		RPreset: &rtmp.DefaultResponsePreset{
			ServerConnectResultProperties: message.NetConnectionConnectResultProperties{
				FMSVer: "FMS/3,0,1,123", Capabilities: 31, Mode: 1,
			},
			ServerConnectResultData: map[string]any{"version": "3,0,1,123"},
		},
	}
}

// OnServe is called after the handshake.
func (s *session) OnServe(conn *rtmp.Conn) {
	s.conn = conn
	// Nothing has been written yet, so go-rtmp's writer does not use the size now.
	if err := conn.GetChunkStreamer().SelfState().SetChunkSize(chunkSize); err != nil {
		s.transport.abort(err)
	}
}

// OnClose is called when the connection has ended.
func (s *session) OnClose() {
	var err error
	defer s.leave(&err)
	s.cancel()
	s.watchdog.stop()
	if s.feed != nil {
		s.explainClose()
		s.endPublish(ingest.Lost)
		return
	}
	if why := s.transport.why(); why != nil {
		s.log.Debug("RTMP connection ended", "reason", s.redact(why.Error()))
	}
}

// endPublish closes the Sink, if one is open.
func (s *session) endPublish(end ingest.End) {
	f := s.feed
	if f == nil {
		return
	}
	s.feed = nil
	s.watchdog.expect(s.o.PublishTimeout, errNoPublish)
	if end == ingest.Unpublished {
		s.log.Info("publisher is done")
	} else {
		s.lost(f.sink)
	}
	f.close(end)
}

// leave ends every callback. A panic ends only this connection; go-rtmp would do the
// same, but without a log line. An error becomes the reason of the connection's end.
func (s *session) leave(err *error) {
	if r := recover(); r != nil {
		s.log.Error("panic in an RTMP session", "panic", s.redact(fmt.Sprint(r)), "stack", string(debug.Stack()))
		*err = errPanic
	}
	if *err != nil {
		s.transport.because(*err)
	}
}

// redact removes the names of streams, which are keys, from a text.
func (s *session) redact(text string) string {
	for _, secret := range s.secrets {
		text = strings.ReplaceAll(text, secret, "[key]")
	}
	return text
}

// hide remembers a name for redact.
func (s *session) hide(name string) {
	for _, n := range []string{name, streamKey(name)} {
		if n != "" && len(s.secrets) < 16 {
			s.secrets = append(s.secrets, n)
		}
	}
}
