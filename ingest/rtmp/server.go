package rtmp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/yutopp/go-rtmp"

	"mediad/ingest/rtmp/guard"
)

// ErrShutdown is the reason of connections that end because the server does.
var ErrShutdown = errors.New("server is shutting down")

// Server takes publishers in.
type Server struct {
	o Options // read only
}

// New returns a Server. It starts nothing.
func New(o Options) *Server { return &Server{o: o.normalize()} }

// Serve accepts from l until ctx is done or accepting fails for good. It then
// closes l and all connections, lets their Sinks be closed, and returns when
// that is done: nil after ctx. It may be called for several listeners at once;
// connections of one that speaks TLS count as RTMPS.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()

	srv := rtmp.NewServer(&rtmp.ServerConfig{OnConnect: onConnect})
	inner := &listener{
		Listener: guard.NewListener(l, s.guardOptions()),
		conns:    make(map[*transport]struct{}),
		admit:    func(c *guard.Conn) *transport { return newSession(ctx, s.o, c).transport },
		failed:   func() { _ = srv.Close() }, // closes what has failed already
	}
	stop := context.AfterFunc(ctx, func() { inner.shutdown(ErrShutdown) })
	defer stop()

	err := srv.Serve(inner)
	if ctx.Err() != nil {
		err = nil
	} else {
		err = fmt.Errorf("accept RTMP connections: %w", err)
	}
	cancel()
	inner.shutdown(ErrShutdown)
	inner.wait()
	return err
}

// onConnect gives go-rtmp a connection that the listener admitted. It runs
// where a panic would end the process.
func onConnect(c net.Conn) (io.ReadWriteCloser, *rtmp.ConnConfig) {
	t := c.(*transport)
	return t, t.config
}

func (s *Server) guardOptions() guard.ListenerOptions {
	g := s.o.Guard
	g.Limits.HandshakeTimeout = s.o.HandshakeTimeout
	g.Limits.CommandTimeout = s.o.PublishTimeout
	g.Limits.ReadTimeout = s.o.ReadTimeout
	if g.OnRefuse == nil {
		// At Debug: whoever floods the port shall not flood the log.
		g.OnRefuse = func(remote net.Addr, reason error) {
			s.o.Log.Debug("RTMP connection refused", "remote", remote.String(), "reason", reason.Error())
		}
	}
	if g.OnAcceptError == nil {
		g.OnAcceptError = func(err error, wait time.Duration) {
			s.o.Log.Warn("cannot accept RTMP connections", "error", err.Error(), "retry_in", wait)
		}
	}
	return g
}
