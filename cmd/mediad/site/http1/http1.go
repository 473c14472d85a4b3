// Package http1 serves players that keep their connection: plain GETs, one
// after the other, on HTTP/1.1 connections that are kept alive (RFC 9112).
//
// A player sends two requests for each part, always with the same headers. The
// work that net/http does for any request (a goroutine that watches for the
// peer's end, a parser for every possible head, two writes for an answer) is
// most of the cost of such an answer. So a Server takes a connection over from
// net/http at the first request that it can serve, and answers with the same
// handler. It reads only simple heads. At any other request it gives the
// connection back to net/http.
//
// What differs for a handler:
//   - The request's context is that of the connection. It has no values, and
//     ends some seconds after the peer has left, not when the handler returns.
//   - The request's headers may be shared with the request before, if they are
//     equal. Handlers must not change them.
//   - An answer of more than 2 KiB should announce its length. Otherwise the end
//     of the connection is the end of the answer, and a client cannot tell
//     whether it is whole.
//   - There are no interim answers and no trailers, an answer can neither be
//     flushed nor hijacked, its type is not guessed, and there are no read deadlines.
//   - A write deadline holds until the next one is set, even for later answers.
//
// If a connection has a method Busy(bool), the Server calls it when the
// connection begins and stops to wait for a request. net/http reports the same
// through http.Server.ConnState.
package http1

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// Options say what a Server does.
type Options struct {
	Handler http.Handler           // answers the requests
	Takes   func(path string) bool // whether a path is for this server
	Idle    time.Duration          // how long a connection may wait for the next request
	Log     *slog.Logger
}

// Server has the connections that it took over.
type Server struct {
	opts Options
	back chan net.Conn // connections that go back to net/http

	members  *Members[*conn]
	sweeping sync.Once
}

// New gives a Server without connections.
func New(o Options) *Server {
	return &Server{opts: o, back: make(chan net.Conn), members: NewMembers[*conn]()}
}

// Before gives a handler for net/http that takes over the connections of
// requests for s, and leaves all others to next.
func (s *Server) Before(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.plain(r) || !s.take(w, r) {
			next.ServeHTTP(w, r)
		}
	})
}

// ConnContext is for http.Server.ConnContext: a connection that changes hands
// too often stays with net/http.
func ConnContext(ctx context.Context, c net.Conn) context.Context {
	if r, ok := c.(*rest); ok && r.visits >= maxVisits {
		return context.WithValue(ctx, stays{}, true)
	}
	return ctx
}

type stays struct{}

// plain tells whether s could have read a request that net/http has read.
func (s *Server) plain(r *http.Request) bool {
	if r.TLS != nil || r.ProtoMajor != 1 || r.ProtoMinor != 1 || r.Close || r.ContentLength != 0 || len(r.TransferEncoding) > 0 {
		return false
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead || !plainTarget(r.RequestURI) || !s.opts.Takes(r.URL.Path) {
		return false
	}
	size := len(r.RequestURI) + len(r.Host)
	for name, values := range r.Header {
		if _, ok := plainHeader(name, values[0]); !ok || len(values) > 1 && name == "Connection" {
			return false
		}
		for _, v := range values {
			size += len(name) + len(v)
		}
	}
	// The next head will be about as long, and must fit into the buffer.
	return size < headSize*7/8 && r.Context().Value(stays{}) == nil
}

// take takes the connection of r over, and answers r on it.
func (s *Server) take(w http.ResponseWriter, r *http.Request) bool {
	if !s.members.Enter() {
		return false
	}
	s.sweeping.Do(func() { go s.sweep() })
	from, rw, err := http.NewResponseController(w).Hijack()
	if err != nil {
		s.members.Cancel()
		return !errors.Is(err, http.ErrNotSupported) // a recorder in a test cannot be hijacked
	}
	c := newConn(s, from)
	ahead, _ := rw.Reader.Peek(min(rw.Reader.Buffered(), len(c.buf))) // both buffers have 4 KiB
	c.have = copy(c.buf[:], ahead)
	s.members.Add(c)
	// The context of r itself ends when net/http's handler returns.
	first := r.WithContext(c.head.blank.Context())
	first.Body = http.NoBody
	go c.serve(first)
	return true
}

// Shutdown lets running requests finish and closes idle connections. When ctx ends,
// it closes the others too. It does not wait for handlers that ignore their
// context.
func (s *Server) Shutdown(ctx context.Context) {
	s.members.Drain(ctx, (*conn).hangUp, (*conn).cut)
}

// Returned gives a listener with the connections that go back to net/http,
// which serves it beside the listener that they came from.
func (s *Server) Returned(from net.Addr) net.Listener {
	return &returned{s: s, addr: from, closed: make(chan struct{})}
}

type returned struct {
	s      *Server
	addr   net.Addr
	once   sync.Once
	closed chan struct{}
}

func (l *returned) Accept() (net.Conn, error) {
	select {
	case c := <-l.s.back:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *returned) Addr() net.Addr { return l.addr }

func (l *returned) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}
