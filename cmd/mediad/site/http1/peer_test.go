package http1_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"mediad/cmd/mediad/site/http1"
	"mediad/cmd/mediad/site/sitetest"
)

// house is a net/http server with http1 for players.
type house struct {
	*http.Server
	players *http1.Server
	address string
	log     sitetest.Buffer

	mu sync.Mutex
	// Guarded by mu.
	by []string // who answered: "net/http" or "http1"
}

// open serves h to players below /live/, and to others everywhere.
func open(t testing.TB, h http.Handler, change ...func(*http1.Options)) *house {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &house{address: l.Addr().String()}
	o := http1.Options{
		Handler: s.noting("http1", h), Takes: func(path string) bool { return strings.HasPrefix(path, "/live/") },
		Idle: time.Minute, Log: slog.New(slog.NewTextHandler(&s.log, nil)),
	}
	for _, f := range change {
		f(&o)
	}
	s.players = http1.New(o)
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	protocols.SetUnencryptedHTTP2(true)
	s.Server = &http.Server{Protocols: protocols, Handler: s.players.Before(s.noting("net/http", h)), ConnContext: http1.ConnContext, ErrorLog: slog.NewLogLogger(o.Log.Handler(), slog.LevelError)}
	var both sync.WaitGroup
	both.Go(func() { s.Serve(l) })
	both.Go(func() { s.Serve(s.players.Returned(l.Addr())) })
	t.Cleanup(func() {
		s.Close()
		now, cancel := context.WithCancel(context.Background())
		cancel()
		s.players.Shutdown(now)
		both.Wait()
	})
	return s
}

func (s *house) noting(who string, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		if len(s.by) < 100 {
			s.by = append(s.by, who)
		}
		s.mu.Unlock()
		h.ServeHTTP(w, r)
	})
}

// answered tells which server has answered since the last call.
func (s *house) answered() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.by
	s.by = nil
	return out
}

type peer struct {
	t testing.TB
	net.Conn
	in   *bufio.Reader
	said string // last
}

func (s *house) dial(t testing.TB) *peer {
	t.Helper()
	c, err := net.Dial("tcp", s.address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	c.SetDeadline(time.Now().Add(20 * time.Second))
	return &peer{t: t, Conn: c, in: bufio.NewReader(c)}
}

// say sends text as it is.
func (p *peer) say(text string) {
	p.t.Helper()
	p.said = text
	if _, err := io.WriteString(p.Conn, text); err != nil {
		p.t.Fatal(err)
	}
}

// hear reads the answer to a request of that method.
func (p *peer) hear(method string) (*http.Response, string) {
	p.t.Helper()
	r, err := http.ReadResponse(p.in, &http.Request{Method: method})
	if err != nil {
		p.t.Fatalf("%s: %v", p.said, err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		p.t.Fatalf("%s: %v after %d bytes", r.Status, err, len(body))
	}
	return r, string(body)
}

// closed checks that nothing more comes.
func (p *peer) closed() bool {
	_, err := p.in.ReadByte()
	var late net.Error
	return err != nil && !(errors.As(err, &late) && late.Timeout())
}

// echo answers with its request.
func echo(w http.ResponseWriter, r *http.Request) {
	fmt.Fprintf(w, "%s %s path=%s query=%s host=%s headers=%d", r.Method, r.RequestURI, r.URL.Path, r.URL.RawQuery, r.Host, len(r.Header))
}

const live = "GET /live/a HTTP/1.1\r\nHost: x\r\n\r\n"
