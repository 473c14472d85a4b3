package rtmp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"sync/atomic"
	"time"

	"github.com/yutopp/go-rtmp"

	"mediad/ingest/bans"
	"mediad/ingest/rtmp/guard"
)

// ErrShutdown is the reason of connections that end because the server stops.
var ErrShutdown = errors.New("server is shutting down")

// errBanned is why a banned network's connection is closed at once.
var errBanned = errors.New("banned for its wrong keys")

// Server accepts publishers.
type Server struct {
	o     Options // read only
	tally *tally

	maxBitrate atomic.Int64 // of publishers that come from now on
}

// New returns a Server. It starts nothing.
func New(o Options) *Server {
	o = o.normalize()
	s := &Server{o: o, tally: newTally()}
	s.maxBitrate.Store(o.MaxBitrate)
	return s
}

// SetMaxBitrate changes Options.MaxBitrate for publishers that come from now on.
func (s *Server) SetMaxBitrate(bits int64) { s.maxBitrate.Store(bits) }

// SetMaxConnections changes the limits for newcomers; open connections stay. The numbers
// have the same meaning as in guard.ListenerOptions.
func (s *Server) SetMaxConnections(most, perAddress int) { s.o.Guard.Quota.Resize(most, perAddress) }

// SetBanRule changes the rule. The new one counts from the next wrong key on.
func (s *Server) SetBanRule(rule bans.Rule) { s.o.Bans.SetRule(rule) }

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
		admit: func(c *guard.Conn) *transport {
			t := newSession(ctx, s, c).transport
			s.tally.enter(t)
			return t
		},
		left:   s.tally.leave,
		failed: func() { _ = srv.Close() }, // closes what has failed already
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

// onConnect gives go-rtmp a connection that the listener admitted. It runs on a
// goroutine whose panic would end the process.
func onConnect(c net.Conn) (io.ReadWriteCloser, *rtmp.ConnConfig) {
	t := c.(*transport)
	return t, t.config
}

// admit refuses networks that are banned.
func (s *Server) admit(remote net.Addr) error {
	if from, ok := bans.Network(remote); ok && s.o.Bans.Left(from, s.o.now()) > 0 {
		return errBanned
	}
	return nil
}

// wrongKey counts a wrong key against the network that it came from.
func (s *Server) wrongKey(remote net.Addr) { s.wrongFrom(bans.Network(remote)) }

// Left is how long a remote HOST:PORT is still refused for wrong keys; 0: it is not.
func (s *Server) Left(remote string) time.Duration {
	from, ok := bans.NetworkOf(remote)
	if !ok {
		return 0
	}
	return s.o.Bans.Left(from, s.o.now())
}

// Wrong counts a wrong key that came to another door of the program.
func (s *Server) Wrong(remote, _ string) { s.wrongFrom(bans.NetworkOf(remote)) }

func (s *Server) wrongFrom(from netip.Prefix, ok bool) {
	if ok && s.o.Bans.Wrong(from, s.o.now()) {
		s.tally.ban()
		s.o.Log.Warn("network banned from publishing: too many wrong stream keys", "network", from.String(), "for", s.o.Bans.For())
	}
}

// Stats tells what has happened so far. It may be called at any time.
func (s *Server) Stats() Stats {
	out := s.tally.stats()
	out.Connections = s.o.Guard.Quota.Open()
	out.Banned = s.o.Bans.Count(s.o.now())
	return out
}

func (s *Server) guardOptions() guard.ListenerOptions {
	g := s.o.Guard
	g.Limits.HandshakeTimeout = s.o.HandshakeTimeout
	g.Limits.CommandTimeout = s.o.PublishTimeout
	g.Limits.ReadTimeout = s.o.ReadTimeout
	g.Admit = s.admit
	told := g.OnRefuse
	g.OnRefuse = func(remote net.Addr, reason error) {
		s.tally.refuse(refusalOf(reason))
		// At Debug, so that a flood of connections does not flood the log.
		s.o.Log.Debug("RTMP connection refused", "remote", remote.String(), "reason", reason.Error())
		if told != nil {
			told(remote, reason)
		}
	}
	if g.OnAcceptError == nil {
		g.OnAcceptError = func(err error, wait time.Duration) {
			s.o.Log.Warn("cannot accept RTMP connections", "err", err.Error(), "retry_in", wait)
		}
	}
	return g
}
