package http1_test

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// net/http reads the first request of a player, and http1 answers it and those after it.
// net/http answers all other requests on the connection, in order.
func TestConnectionsGoToAndFro(t *testing.T) {
	s := open(t, http.HandlerFunc(echo))
	p := s.dial(t)
	stay := func() {
		for range 10 {
			p.say(live)
			p.hear("GET")
		}
		s.answered()
	}
	for _, c := range []struct{ request, by string }{
		{live, "http1"},
		{live, "http1"},
		{"HEAD /live/a?b=c%20d HTTP/1.1\r\nhost: x\r\nX-Y: 1\r\nx-y:  2 \r\nConnection: keep-alive\r\n\r\n", "http1"},
		{"GET / HTTP/1.1\r\nHost: x\r\n\r\n", "net/http"},
		{"GET / HTTP/1.1\r\nHost: x\r\n\r\n", "net/http"},
		{live, "http1"},
		{"GET /live/a%41 HTTP/1.1\r\nHost: x\r\n\r\n", "net/http"},
		{live, "http1"},
		{"POST /live/a HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi", "net/http"},
		{"OPTIONS /live/a HTTP/1.1\r\nHost: x\r\n\r\n", "net/http"},
		{live, "http1"},
		{"GET /live/a HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", "net/http"},
		{"GET http://y/live/a HTTP/1.1\r\nHost: x\r\n\r\n", "net/http"},
		{"GET /live/a HTTP/1.1\r\nHost: x\r\nX-Long: " + strings.Repeat("x", 5000) + "\r\n\r\n", "net/http"},
		{live, "http1"},
		{"GET /live/a HTTP/1.1\nHost: x\n\n", "http1"}, // as that one
		{"GET /live/a HTTP/1.1\r\nHost: x\r\nPragma: no-cache\r\n\r\n", "net/http"},
		{"GET /live/a HTTP/1.1\r\nHost: x\r\nX-Y: \xe9\r\n\r\n", "http1"},
	} {
		if c.by == "net/http" {
			stay() // otherwise the connection would soon stay with net/http
		}
		p.say(c.request)
		method, _, _ := strings.Cut(c.request, " ")
		r, body := p.hear(method)
		if got := s.answered(); r.StatusCode != 200 || !slices.Equal(got, []string{c.by}) {
			t.Errorf("%.60q: %s by %v, want %s", c.request, r.Status, got, c.by)
		}
		if method != "HEAD" && !strings.HasPrefix(body, method+" ") {
			t.Errorf("%.60q: %q", c.request, body)
		}
	}
}

// A connection that changes hands often stays with net/http after a while. A
// connection that is mostly a player's does not.
func TestToAndFro(t *testing.T) {
	s := open(t, http.HandlerFunc(echo))
	for requests, want := range map[int]string{1: "net/http", 20: "http1"} {
		p := s.dial(t)
		for range 10 {
			for range requests {
				p.say(live)
				p.hear("GET")
			}
			p.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
			p.hear("GET")
		}
		s.answered()
		p.say(live)
		p.hear("GET")
		if by := s.answered(); !slices.Equal(by, []string{want}) {
			t.Errorf("with %d requests each time: answered by %v, want %s", requests, by, want)
		}
	}
}

// HTTP/2 cannot begin in the middle of a connection.
func TestNoProtocolChange(t *testing.T) {
	s := open(t, http.HandlerFunc(echo))
	p := s.dial(t)
	p.say(live)
	p.hear("GET")
	p.say("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00")
	if !p.closed() {
		t.Error("HTTP/2 is spoken")
	}
}

// Pipelined requests are answered in order, by either server.
func TestPipelined(t *testing.T) {
	s := open(t, http.HandlerFunc(echo))
	p := s.dial(t)
	var all, want strings.Builder
	for i := range 40 {
		path := fmt.Sprintf("/live/%d", i)
		if i%7 == 3 {
			path = fmt.Sprintf("/other/%d", i)
		}
		fmt.Fprintf(&all, "GET %s HTTP/1.1\r\nHost: x\r\n\r\n", path)
		fmt.Fprintln(&want, path)
	}
	p.say(all.String())
	var got strings.Builder
	for range 40 {
		_, body := p.hear("GET")
		fmt.Fprintln(&got, strings.Fields(body)[1])
	}
	if got.String() != want.String() {
		t.Errorf("answered in the order %s", got.String())
	}
}

// A head may come in pieces.
func TestHeadInPieces(t *testing.T) {
	s := open(t, http.HandlerFunc(echo))
	p := s.dial(t)
	p.say(live)
	p.hear("GET")
	for i := range live {
		p.say(live[i : i+1])
		time.Sleep(time.Millisecond)
	}
	if r, body := p.hear("GET"); r.StatusCode != 200 || !strings.HasPrefix(body, "GET /live/a ") {
		t.Errorf("%s: %s", r.Status, body)
	}
	if got := s.answered(); !slices.Equal(got, []string{"http1", "http1"}) {
		t.Errorf("answered by %v", got)
	}
}

// Requests that net/http refuses are also refused after a player's request.
func TestRefusals(t *testing.T) {
	s := open(t, http.HandlerFunc(echo))
	for _, request := range []string{
		"GET /live/a HTTP/1.1\r\n\r\n",
		"GET /live/a HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
		"GET /live/a HTTP/1.1\r\nHost: x y\r\n\r\n",
		"GET /live/a HTTP/1.1\r\nHost: x\r\nX Y: 1\r\n\r\n",
		"GET /live/a HTTP/1.1\r\nHost: x\r\nX-Y : 1\r\n\r\n",
		"GET /live/a HTTP/1.1\r\nHost: x\r\nnonsense\r\n\r\n",
		"GET /live/a HTTP/1.1\r\nHost: x\r\nX-Y: \x00\r\n\r\n",
		"GET /live/a HTTP/3.1\r\nHost: x\r\n\r\n",
		"GET  /live/a HTTP/1.1\r\nHost: x\r\n\r\n",
		"GET /live/a%zz HTTP/1.1\r\nHost: x\r\n\r\n",
		"GET /live/a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
		"GET /live/a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: odd\r\n\r\n",
		"G\x01T /live/a HTTP/1.1\r\nHost: x\r\n\r\n",
	} {
		fresh := s.dial(t)
		fresh.say(request)
		want, _ := fresh.hear("GET")
		p := s.dial(t)
		p.say(live)
		p.hear("GET")
		p.say(request)
		if got, _ := p.hear("GET"); got.StatusCode != want.StatusCode || got.Close != want.Close {
			t.Errorf("%q: %s, close %t; net/http alone: %s, %t", request, got.Status, got.Close, want.Status, want.Close)
		}
	}
}

// A connection that was given back ends as others do when net/http refuses a body:
// the refusal arrives before the end.
func TestRefusalAfterGivingBack(t *testing.T) {
	s := open(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			_, err := io.Copy(io.Discard, http.MaxBytesReader(w, r.Body, 10))
			if err == nil {
				t.Error("a long body is taken")
			}
			http.Error(w, "too long", http.StatusRequestEntityTooLarge)
		}
	}))
	p := s.dial(t)
	p.say(live)
	p.hear("GET")
	p.say("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n" + strings.Repeat("x", 300_000))
	if r, _ := p.hear("POST"); r.StatusCode != http.StatusRequestEntityTooLarge {
		t.Error(r.Status)
	}
	if _, err := p.in.ReadByte(); err != io.EOF {
		t.Errorf("the connection ends with %v", err)
	}
}
