// Package http1 serves players that stay: plain GETs, one after the other, on
// HTTP/1.1 connections that are kept alive (RFC 9112).
//
// A player asks twice for each part, always with the same headers, and what
// net/http does for any request (a goroutine that watches for the peer's end, a
// parser for all that a head may hold, two writes for an answer) is most of what
// such an answer costs. So a Server takes a connection over from net/http at the
// first request that is for it, and answers on it with the same handler. It
// reads only heads that leave no doubt; with any other request it gives the
// connection back, and net/http judges.
//
// What differs for a handler:
//   - The request's context is the connection's. It has no values, and ends some
//     seconds after the peer has left, not when the handler returns.
//   - The request's headers are those of the request before, if they are the
//     same, and not to be changed.
//   - An answer of more than 2 KiB is to announce its length: the end of the
//     connection tells where another one ends, and not whether it is whole.
//   - There are no interim answers and no trailers, an answer can neither be
//     flushed nor hijacked, its type is not guessed, and there are no read deadlines.
//   - A write deadline holds until the next is set, beyond the answer.
//
// A connection with a method Busy(bool) is told when it waits for a request and
// when it no longer does, as http.Server.ConnState tells of net/http's own.
package http1

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Options says what a Server is for.
type Options struct {
	Handler http.Handler           // answers what is taken
	Takes   func(path string) bool // which paths it is for
	Idle    time.Duration          // how long a connection may wait for the next request
	Log     *slog.Logger
}

// Server has the connections that it took over.
type Server struct {
	opts Options
	back chan net.Conn // those that net/http is to serve again
	done chan struct{} // closed, with mu held, when the drain begins
	gone sync.WaitGroup

	patrolled sync.Once

	mu    sync.Mutex
	conns map[*conn]struct{} // guarded by mu
}

// New gives a Server without connections.
func New(o Options) *Server {
	return &Server{opts: o, back: make(chan net.Conn), done: make(chan struct{}), conns: map[*conn]struct{}{}}
}

// Before gives a handler for net/http that takes over the connections of
// requests that are for s, and leaves all others to next.
func (s *Server) Before(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.plain(r) || !s.take(w, r) {
			next.ServeHTTP(w, r)
		}
	})
}

// ConnContext is for http.Server.ConnContext: a connection that goes to and fro
// stays with net/http in the end.
func ConnContext(ctx context.Context, c net.Conn) context.Context {
	if r, ok := c.(*rest); ok && r.visits >= maxVisits {
		return context.WithValue(ctx, stays{}, true)
	}
	return ctx
}

type stays struct{}

// plain tells of a request that net/http has read whether s would have.
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
	// The next will be about as long, and has to fit the buffer.
	return size < headSize*7/8 && r.Context().Value(stays{}) == nil
}

// take takes the connection of r over, and answers r on it.
func (s *Server) take(w http.ResponseWriter, r *http.Request) bool {
	if !s.enter() {
		return false
	}
	from, rw, err := http.NewResponseController(w).Hijack()
	if err != nil {
		s.gone.Done()
		return !errors.Is(err, http.ErrNotSupported) // a recorder, in a test
	}
	c := newConn(s, from)
	ahead, _ := rw.Reader.Peek(min(rw.Reader.Buffered(), len(c.buf))) // both buffers hold 4 KiB
	c.have = copy(c.buf[:], ahead)
	s.mu.Lock()
	s.conns[c] = struct{}{}
	s.mu.Unlock()
	// r itself ends with net/http's handler.
	first := r.WithContext(c.head.blank.Context())
	first.Body = http.NoBody
	go c.serve(first)
	return true
}

// enter makes room for a connection, if nobody drains s yet.
func (s *Server) enter() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.draining() {
		return false
	}
	s.patrolled.Do(func() { go s.patrol() })
	s.gone.Add(1)
	return true
}

func (s *Server) leave(c *conn) {
	s.mu.Lock()
	delete(s.conns, c)
	s.mu.Unlock()
	s.gone.Done()
}

func (s *Server) draining() bool {
	select {
	case <-s.done:
		return true
	default:
		return false
	}
}

// Shutdown answers what is asked, closes who waits for nothing, and at the end of
// ctx everybody else. It does not wait for handlers that do not heed their context.
func (s *Server) Shutdown(ctx context.Context) {
	s.mu.Lock()
	if !s.draining() {
		close(s.done)
	}
	s.mu.Unlock()
	for _, c := range s.all() {
		c.hangUp()
	}
	Drain(ctx, &s.gone, func() {
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

// Returned gives the connections that go back to net/http, to be served beside
// the listener that they came from.
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
