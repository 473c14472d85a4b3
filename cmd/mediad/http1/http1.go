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
// What differs for a handler: the request's context ends only some seconds after
// the peer has left; the request's headers are those of the request before, if
// they are the same, and not to be changed; an answer can neither be flushed nor
// hijacked, and its type is not guessed.
package http1

import (
	"context"
	"log/slog"
	"net"
	"net/http"
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
	done chan struct{} // closed when the drain begins
	gone sync.WaitGroup

	mu sync.Mutex
	// Guarded by mu.
	conns map[*conn]struct{}
	up    bool // it is patrolled
	down  bool // done is closed
}

// New gives a Server without connections.
func New(o Options) *Server {
	return &Server{opts: o, back: make(chan net.Conn), done: make(chan struct{}), conns: map[*conn]struct{}{}}
}

// Before gives a handler for net/http that takes over the connections of
// requests that are for s, and leaves all others to next.
func (s *Server) Before(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.takes(r) || !s.take(w, r) {
			next.ServeHTTP(w, r)
		}
	})
}

// takes tells of a request that net/http has read whether s would have.
func (s *Server) takes(r *http.Request) bool {
	if r.TLS != nil || r.ProtoMajor != 1 || r.ProtoMinor != 1 || len(r.TransferEncoding) > 0 || r.ContentLength != 0 {
		return false
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead || !plainTarget(r.RequestURI) || !s.opts.Takes(r.URL.Path) {
		return false
	}
	for name, values := range r.Header {
		if _, ok := keepsAlive(name, values[0]); !ok || len(values) > 1 && name == "Connection" {
			return false
		}
	}
	return true
}

// take takes the connection of r over, and answers r on it.
func (s *Server) take(w http.ResponseWriter, r *http.Request) bool {
	taken, rw, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return false // HTTP/2, or a recorder in a test
	}
	c := newConn(s, taken)
	if ahead, err := rw.Reader.Peek(rw.Reader.Buffered()); err != nil || len(ahead) > len(c.buf) {
		taken.Close() // asks far ahead of the answers: no player
		return true
	} else {
		c.have = copy(c.buf[:], ahead)
	}
	if !s.enter(c) {
		taken.Close()
		return true
	}
	// r itself ends with net/http's handler.
	first := r.WithContext(c.head.blank.Context())
	first.Body = http.NoBody
	go c.serve(first)
	return true
}

// enter counts c in, if nobody drains s yet.
func (s *Server) enter(c *conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.down {
		return false
	}
	if !s.up {
		s.up = true
		go s.patrol()
	}
	s.conns[c] = struct{}{}
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
// ctx everybody else.
func (s *Server) Shutdown(ctx context.Context) {
	s.mu.Lock()
	if !s.down {
		s.down = true
		close(s.done)
	}
	for c := range s.conns {
		c.hangUp()
	}
	s.mu.Unlock()
	empty := make(chan struct{})
	go func() {
		s.gone.Wait()
		close(empty)
	}()
	select {
	case <-empty:
		return
	case <-ctx.Done():
	}
	s.mu.Lock()
	for c := range s.conns {
		c.cut()
	}
	s.mu.Unlock()
	<-empty
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
