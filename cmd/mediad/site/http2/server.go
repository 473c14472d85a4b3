// Package http2 serves HTTP/2 (RFC 9113) to players and to everybody else, with the
// handlers of net/http.
//
// What an answer costs in net/http's own server is mostly the hand-over of each
// frame, from the handler's goroutine to that of the connection and to one that
// writes. Here a handler's goroutine writes its frames itself, straight from the
// bytes that it has, as many as the peer takes, in full TLS records and few system
// calls. Frames are read, and headers packed, by golang.org/x/net.
//
// Nothing is queued: who writes waits for the socket, and the connection's reader
// too where it has something to say, so that a peer who takes nothing is not
// listened to. An answer that waits for its peer has a goroutine and no buffer. What
// a peer may cost without asking for anything is bounded (calm.go).
//
// What differs from net/http for a handler: there are no interim answers but 100,
// no pushes, and a write deadline ends an answer only when it writes.
package http2

import (
	"context"
	"crypto/tls"
	"log/slog"
	"maps"
	"mediad/cmd/mediad/site/http1"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"sync"
	"time"
)

// Options says what a Server is for, and its bounds.
type Options struct {
	Handler http.Handler
	State   func(net.Conn, http.ConnState) // is told whether anything is asked; may be nil
	Log     *slog.Logger
	Streams int                            // requests on one connection at once
	Idle    time.Duration                  // how long a connection may be without any
	Stall   time.Duration                  // how long one write may take
	Header  int                            // bytes of a request's headers
	Network func(remote string) netip.Addr // for whom an address counts
}

// Server has the connections that it was given.
type Server struct {
	opts      Options
	begun     time.Time     // what times are counted from: the clock on the wall may be set back
	corks     buffers       // for many records at once; without one they go one by one
	done      chan struct{} // closed, with mu held, when the drain begins
	gone      sync.WaitGroup
	patrolled sync.Once
	stock     stock // of bodies

	mu    sync.Mutex
	conns map[*conn]struct{} // guarded by mu
}

// How many connections write many records at once, and how much that is, in bytes.
const (
	corks    = 64
	corkSize = 4 * (recordSize + 64)
)

// New gives a Server without connections.
func New(o Options) *Server {
	return &Server{opts: o, begun: time.Now(), corks: buffers{left: corks}, done: make(chan struct{}), conns: map[*conn]struct{}{}}
}

// Next is for http.Server.TLSNextProto: it takes the connections on which HTTP/2
// is spoken, over TLS and with prior knowledge.
func (s *Server) Next() map[string]func(*http.Server, *tls.Conn, http.Handler) {
	return map[string]func(*http.Server, *tls.Conn, http.Handler){
		"h2": func(_ *http.Server, c *tls.Conn, h http.Handler) {
			state := c.ConnectionState()
			s.serve(c, &state, baseOf(h))
		},
		// net/http has read the preface, and wraps what is not encrypted.
		"unencrypted_http2": func(_ *http.Server, c *tls.Conn, h http.Handler) {
			if plain, ok := c.NetConn().(interface{ UnencryptedNetConn() net.Conn }); ok {
				s.serve(plain.UnencryptedNetConn(), nil, baseOf(h))
			}
		},
	}
}

// baseOf is the context that net/http has for the requests of a connection.
func baseOf(h http.Handler) context.Context {
	if b, ok := h.(interface{ BaseContext() context.Context }); ok {
		return b.BaseContext()
	}
	return context.Background()
}

// serve serves one connection until its end.
func (s *Server) serve(nc net.Conn, state *tls.ConnectionState, base context.Context) {
	defer nc.Close()
	s.mu.Lock()
	if s.draining() {
		s.mu.Unlock()
		return
	}
	s.patrolled.Do(func() { go s.patrol() })
	s.gone.Add(1)
	defer s.gone.Done()
	c := newConn(s, nc, state, base)
	s.conns[c] = struct{}{}
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		delete(s.conns, c)
		s.mu.Unlock()
	}()
	c.serve()
}

// now is the time since the server began, in nanoseconds, and never 0.
func (s *Server) now() int64 { return int64(time.Since(s.begun)) + 1 }

func (s *Server) draining() bool {
	select {
	case <-s.done:
		return true
	default:
		return false
	}
}

// Shutdown answers what is asked, tells clients to go elsewhere, and closes
// everybody else at the end of ctx. It does not wait for handlers that do not heed
// their context.
func (s *Server) Shutdown(ctx context.Context) {
	s.mu.Lock()
	if !s.draining() {
		close(s.done)
	}
	s.mu.Unlock()
	for _, c := range s.all() {
		go c.leave() // it may wait for the socket
	}
	http1.Drain(ctx, &s.gone, func() {
		for _, c := range s.all() {
			c.cut()
		}
	})
}

// all is everybody who is there.
func (s *Server) all() []*conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Collect(maps.Keys(s.conns))
}
