// Package http2 serves HTTP/2 (RFC 9113) to players and to everybody else, with the
// handlers of net/http.
//
// In net/http's own server most of the cost of an answer is the hand-over of each
// frame, from the handler's goroutine to that of the connection and to one that
// writes. Here the handler's goroutine writes its frames itself, directly from its
// bytes, as far as the peer accepts data, in full TLS records and few system
// calls. golang.org/x/net reads frames and packs headers.
//
// Nothing is queued: writers wait for the socket. The reader of the connection waits
// as well when it has something to send, so a peer that reads nothing is not read
// from either. An answer that waits for its peer has a goroutine and no buffer.
// Frames that request nothing are bounded (budget.go).
//
// What differs from net/http for a handler: there are no interim answers but 100,
// no pushes, and a write deadline ends an answer only when it writes.
package http2

import (
	"context"
	"crypto/tls"
	"log/slog"
	"mediad/cmd/mediad/site/http1"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"
)

// Options are the handler of a Server, and its bounds.
type Options struct {
	Handler http.Handler
	State   func(net.Conn, http.ConnState) // is told whether a connection is idle; may be nil
	Log     *slog.Logger
	Streams int                            // requests at once on one connection
	Idle    time.Duration                  // how long a connection may have no request
	Stall   time.Duration                  // how long one write may take
	Header  int                            // bytes of a request's headers
	Network func(remote string) netip.Addr // the network of an address, for bounds
}

// Server has the connections that net/http handed over.
type Server struct {
	opts     Options
	begun    time.Time // zero point of times, since the wall clock may be set back
	corks    buffers   // for several records at once; without a buffer they go out one by one
	members  *http1.Members[*conn]
	sweeping sync.Once
	stock    stock // of bodies
}

// corks is how many connections may gather records at the same time; corkSize is
// the size of a buffer in bytes.
const (
	corks    = 64
	corkSize = 4 * (recordSize + 64)
)

// New gives a Server without connections.
func New(o Options) *Server {
	return &Server{opts: o, begun: time.Now(), corks: buffers{left: corks}, members: http1.NewMembers[*conn]()}
}

// Next is for http.Server.TLSNextProto: it takes over HTTP/2 connections, over
// TLS and with prior knowledge.
func (s *Server) Next() map[string]func(*http.Server, *tls.Conn, http.Handler) {
	return map[string]func(*http.Server, *tls.Conn, http.Handler){
		"h2": func(_ *http.Server, c *tls.Conn, h http.Handler) {
			state := c.ConnectionState()
			s.serve(c, &state, baseOf(h))
		},
		// net/http has read the preface, and wraps unencrypted connections.
		"unencrypted_http2": func(_ *http.Server, c *tls.Conn, h http.Handler) {
			if plain, ok := c.NetConn().(interface{ UnencryptedNetConn() net.Conn }); ok {
				s.serve(plain.UnencryptedNetConn(), nil, baseOf(h))
			}
		},
	}
}

// baseOf gives the context that net/http has for the requests of a
// connection.
func baseOf(h http.Handler) context.Context {
	if b, ok := h.(interface{ BaseContext() context.Context }); ok {
		return b.BaseContext()
	}
	return context.Background()
}

// serve serves one connection until its end.
func (s *Server) serve(nc net.Conn, state *tls.ConnectionState, base context.Context) {
	defer nc.Close()
	c, ok := s.members.Join(func() *conn { return newConn(s, nc, state, base) })
	if !ok {
		return
	}
	defer s.members.Leave(c)
	s.sweeping.Do(func() { go s.sweep() })
	c.serve()
}

// now gives the time since the server began, in nanoseconds. It is never 0.
func (s *Server) now() int64 { return int64(time.Since(s.begun)) + 1 }

// Shutdown lets running requests finish, and tells clients to open no new ones
// (GOAWAY). When ctx ends, it closes the other connections. It does not wait for
// handlers that ignore their context.
func (s *Server) Shutdown(ctx context.Context) {
	leave := func(c *conn) { go c.stopAccepting() } // it may wait for the socket
	s.members.Drain(ctx, leave, (*conn).cut)
}
