package http1_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"mediad/cmd/mediad/site/http1"
)

// house is a net/http server with players of its own.
type house struct {
	*http.Server
	players *http1.Server
	address string
	log     lockedBuffer

	mu sync.Mutex
	// Guarded by mu.
	by []string // who answered: "net/http" or "http1"
}

// lockedBuffer can be read while a server writes its log to it.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer // guarded by mu
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
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

// answered is who answered since it was asked last.
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

// closed tells that nothing more comes.
func (p *peer) closed() bool {
	_, err := p.in.ReadByte()
	var late net.Error
	return err != nil && !(errors.As(err, &late) && late.Timeout())
}

// echo says what it was asked.
func echo(w http.ResponseWriter, r *http.Request) {
	fmt.Fprintf(w, "%s %s path=%s query=%s host=%s headers=%d", r.Method, r.RequestURI, r.URL.Path, r.URL.RawQuery, r.Host, len(r.Header))
}

const live = "GET /live/a HTTP/1.1\r\nHost: x\r\n\r\n"

// The first request of a player is net/http's to read, and http1's to answer; so
// are all that follow. Whatever else comes on the connection net/http answers, in order.
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
			stay() // who comes and goes would soon be left to net/http
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

// A connection that goes to and fro stays with net/http after a while; one that
// is a player's most of the time does not.
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

// HTTP/2 does not begin in the midst of a connection.
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

// Requests that are sent ahead are answered in their order, by whomever.
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

// Where net/http refuses, so it does after a player's request.
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

// An answer is framed as net/http frames it.
func TestAnswers(t *testing.T) {
	long := strings.Repeat("0123456789", 1000)
	for name, h := range map[string]http.HandlerFunc{
		"nothing": func(http.ResponseWriter, *http.Request) {},
		"a refusal": func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, "no such thing", http.StatusNotFound)
		},
		"announced": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", strconv.Itoa(len(long)))
			io.WriteString(w, long[:7])
			io.WriteString(w, long[7:])
		},
		"announced, in vain": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", strconv.Itoa(len(long)))
			if r.Method == http.MethodGet {
				io.WriteString(w, long)
			}
		},
		"not modified": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("ETag", `"x"`)
			w.WriteHeader(http.StatusNotModified)
			if _, err := io.WriteString(w, "x"); !errors.Is(err, http.ErrBodyNotAllowed) {
				panic(err)
			}
		},
		"no content": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "3")
			w.WriteHeader(http.StatusNoContent)
		},
		"a range": func(w http.ResponseWriter, r *http.Request) {
			r = r.Clone(r.Context())
			r.Header.Set("Range", "bytes=10-19,30-39")
			http.ServeContent(w, r, "x.ts", time.Time{}, strings.NewReader(long))
		},
		"the last": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Connection", "close")
			io.WriteString(w, "x")
		},
		"several values": func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Vary"] = []string{"Accept", "Origin"}
			w.Header().Set("X-Odd", "two\r\nlines")
			w.Header().Set("Date", "then")
			w.WriteHeader(http.StatusAccepted)
			w.WriteHeader(http.StatusOK) // too late
			w.Header().Set("X-Late", "1")
		},
		"headers left out": func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Date"], w.Header()["Content-Type"], w.Header()["X-Odd"] = nil, nil, nil
			w.WriteHeader(http.StatusOK)
		},
	} {
		for _, method := range []string{"GET", "HEAD"} {
			typed := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "text/plain") // net/http looks for one, http1 does not
				h(w, r)
			})
			s := open(t, typed)
			ask := func(path string) (*http.Response, string) {
				p := s.dial(t)
				for range 2 {
					p.say(method + " " + path + " HTTP/1.1\r\nHost: x\r\n\r\n")
					r, body := p.hear(method)
					if r.Close {
						if !p.closed() {
							t.Errorf("%s of %s: stays open", method, name)
						}
						return r, body
					}
					if (r.Header.Get("Date") == "") != (name == "headers left out") {
						t.Errorf("%s of %s: the date is %q", method, name, r.Header.Get("Date"))
					}
				}
				p.say(method + " " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
				r, body := p.hear(method)
				if !r.Close || !p.closed() {
					t.Errorf("%s of %s: stays open", method, name)
				}
				return r, body
			}
			want, text := ask("/")
			s.answered()
			got, body := ask("/live/")
			if by := s.answered(); len(by) == 0 || slices.Contains(by, "net/http") {
				t.Errorf("%s of %s: by %v", method, name, by)
			}
			for _, r := range []*http.Response{want, got} {
				if r.Header.Get("Date") != "then" {
					r.Header.Del("Date")
				}
				if _, boundary, ok := strings.Cut(r.Header.Get("Content-Type"), "boundary="); ok {
					r.Header.Del("Content-Type")
					text, body = strings.ReplaceAll(text, boundary, ""), strings.ReplaceAll(body, boundary, "")
				}
			}
			if got.Status != want.Status || fmt.Sprint(got.Header) != fmt.Sprint(want.Header) || body != text || got.ContentLength != want.ContentLength {
				t.Errorf("%s of %s:\n%s %v %d %.80q\nof net/http:\n%s %v %d %.80q", method, name,
					got.Status, got.Header, got.ContentLength, body, want.Status, want.Header, want.ContentLength, text)
			}
		}
	}
}

// A body of unknown length ends with the connection, one that is shorter than it
// should be as well, and who panics gives up his own answer alone.
func TestBodiesThatEndTheConnection(t *testing.T) {
	long := bytes.Repeat([]byte("x"), 5000)
	s := open(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/live/unknown":
			w.Write(long[:1500])
			w.Write(long[1500:])
		case "/live/short":
			w.Header().Set("Content-Length", "10")
			io.WriteString(w, "short")
		case "/live/interim":
			w.WriteHeader(http.StatusEarlyHints)
			w.Header().Set("Connection", "close")
			io.WriteString(w, "late")
		case "/live/much":
			w.Header().Set("Content-Length", "5")
			io.WriteString(w, "01234")
			if _, err := io.WriteString(w, "5"); !errors.Is(err, http.ErrContentLength) {
				t.Errorf("more than announced: %v", err)
			}
		case "/live/panic":
			panic("at the wrong time")
		case "/live/abort":
			panic(http.ErrAbortHandler)
		}
	}))
	for path, want := range map[string]int{"unknown": 5000, "short": 5, "much": 5, "interim": 4, "panic": 0, "abort": 0} {
		p := s.dial(t)
		p.say("GET /live/" + path + " HTTP/1.1\r\nHost: x\r\n")
		if path == "much" {
			p.say("Connection: close\r\n")
		}
		p.say("\r\n")
		all, err := io.ReadAll(p.in)
		_, body, _ := bytes.Cut(all, []byte("\r\n\r\n"))
		if err != nil || len(body) != want {
			t.Errorf("%s: %d bytes and %v, want %d and the end", path, len(body), err, want)
		}
	}
	if log := s.log.String(); strings.Count(log, "given up") != 1 || !strings.Contains(log, "at the wrong time") {
		t.Errorf("the log says %q", log)
	}
}

// Who does not read is cut off when the handler's deadline is over.
func TestUnreadAnswersAreCutOff(t *testing.T) {
	ended := make(chan error, 1)
	s := open(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rc := http.NewResponseController(w)
		if err := rc.SetWriteDeadline(time.Now()); err != nil {
			t.Error(err)
		}
		var err error
		for err == nil {
			_, err = w.Write(make([]byte, 1<<20))
		}
		ended <- err
	}))
	p := s.dial(t)
	p.say("GET /live/greedy HTTP/1.1\r\nHost: x\r\n\r\n")
	if err := <-ended; !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("writing ended with %v", err)
	}
	if _, err := io.Copy(io.Discard, p.in); errors.Is(err, os.ErrDeadlineExceeded) {
		t.Error("the connection stays open")
	}
}

// Who asks for nothing more, or dribbles a head, is closed after a while.
func TestTheSlowAreClosed(t *testing.T) {
	for name, dribble := range map[string]string{"silent": "", "dribbling": "GET /live/a HTTP/1.1\r\nX: "} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t, http.HandlerFunc(echo), func(o *http1.Options) { o.Idle = time.Second })
			p := s.dial(t)
			p.say(live)
			p.hear("GET")
			p.say(dribble)
			begun, ended := time.Now(), make(chan struct{})
			go func() {
				defer close(ended)
				if !p.closed() {
					t.Error("is still there")
				}
			}()
			for {
				select {
				case <-ended:
					if took := time.Since(begun); took < 9*time.Second {
						t.Errorf("closed after %v already", took)
					}
					return
				case <-time.After(200 * time.Millisecond):
					if dribble != "" {
						io.WriteString(p.Conn, "x")
					}
				}
			}
		})
	}
}

// A handler that waits learns that the peer has left, and not that he has asked
// for more.
func TestDepartureIsNoticed(t *testing.T) {
	t.Parallel()
	waits, gone := make(chan struct{}), make(chan string)
	s := open(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/" || r.URL.Path == "/live/" {
			return
		}
		waits <- struct{}{}
		<-r.Context().Done()
		gone <- r.URL.Path
	}))
	stays, ahead, leaves := s.dial(t), s.dial(t), s.dial(t)
	for _, path := range []string{"/live/", "/"} { // his connection was given back before
		leaves.say("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n")
		leaves.hear("GET")
	}
	for path, p := range map[string]*peer{"stays": stays, "ahead": ahead, "leaves": leaves} {
		p.say("GET /live/" + path + " HTTP/1.1\r\nHost: x\r\n\r\n")
		<-waits
	}
	ahead.say(live)
	leaves.Close()
	if path := <-gone; path != "/live/leaves" {
		t.Errorf("%s is taken for gone", path)
	}
	select {
	case path := <-gone:
		t.Errorf("%s is taken for gone", path)
	case <-time.After(5 * time.Second):
	}
	go func() { // when the server is closed
		for range gone {
		}
	}()
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

// A drain answers who waits, tells him to go, and closes who asks for nothing;
// at its end everybody is cut off.
func TestShutdown(t *testing.T) {
	asked, free := make(chan struct{}, 1), make(chan struct{})
	s := open(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/live/wait":
			asked <- struct{}{}
			<-free
		case "/live/never":
			asked <- struct{}{}
			<-r.Context().Done()
		}
		io.WriteString(w, "answered")
	}))
	still, half, waits, never := s.dial(t), s.dial(t), s.dial(t), s.dial(t)
	for _, p := range []*peer{still, half} {
		p.say(live)
		p.hear("GET")
	}
	half.say(live[:20])
	time.Sleep(100 * time.Millisecond)
	waits.say("GET /live/wait HTTP/1.1\r\nHost: x\r\n\r\n")
	<-asked
	never.say("GET /live/never HTTP/1.1\r\nHost: x\r\n\r\n")
	<-asked
	ctx, cancel := context.WithCancel(t.Context())
	down := make(chan struct{})
	go func() {
		s.players.Shutdown(ctx)
		close(down)
	}()
	if !still.closed() || !half.closed() {
		t.Error("who asks for nothing stays")
	}
	late := s.dial(t)
	s.answered()
	late.say(live)
	late.hear("GET")
	if by := s.answered(); !slices.Equal(by, []string{"net/http"}) {
		t.Errorf("one more is answered by %v", by)
	}
	close(free)
	if r, body := waits.hear("GET"); !r.Close || body != "answered" || !waits.closed() {
		t.Errorf("who waited got %q, close %t", body, r.Close)
	}
	select {
	case <-down:
		t.Fatal("one is left")
	case <-time.After(50 * time.Millisecond):
	}
	cancel()
	<-down
	if !never.closed() {
		t.Error("who waits for ever is not cut off")
	}
}

// BenchmarkManyRanges asks for four hundred bytes, one by one.
func BenchmarkManyRanges(b *testing.B) {
	media := bytes.NewReader(make([]byte, 65000))
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "video/mp2t")
		http.ServeContent(w, r, "", time.Time{}, media)
	})
	request := " HTTP/1.1\r\nHost: x\r\nRange: bytes=0-0" + strings.Repeat(",9-9", 400) + "\r\n\r\n"
	for server, path := range map[string]string{"net-http": "/", "http1": "/live/"} {
		b.Run(server, func(b *testing.B) {
			p := open(b, h).dial(b)
			p.SetDeadline(time.Time{})
			for b.Loop() {
				p.say("GET " + path + request)
				if r, _ := p.hear("GET"); r.StatusCode != http.StatusPartialContent {
					b.Fatal(r.Status)
				}
			}
		})
	}
}

func BenchmarkServe(b *testing.B) {
	for name, size := range map[string]int{"part": 65000, "playlist": 1200} {
		body := make([]byte, size)
		h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Content-Type"] = []string{"video/mp2t"}
			w.Header()["Content-Length"] = []string{strconv.Itoa(len(body))}
			w.Write(body)
		})
		for server, path := range map[string]string{"net-http": "/", "http1": "/live/"} {
			b.Run(name+"/"+server, func(b *testing.B) {
				p := open(b, h).dial(b)
				p.SetDeadline(time.Time{})
				request := "GET " + path + " HTTP/1.1\r\nHost: localhost:8080\r\nUser-Agent: Mozilla/5.0\r\nAccept: */*\r\nAccept-Language: en\r\nReferer: http://localhost/\r\n\r\n"
				b.ReportAllocs()
				before := usedCPU(b)
				defer func() {
					b.ReportMetric(float64((usedCPU(b)-before).Microseconds())/float64(b.N), "cpu-us/op")
				}()
				got := make([]byte, size)
				for b.Loop() {
					p.say(request)
					for {
						line, err := p.in.ReadSlice('\n')
						if err != nil {
							b.Fatal(err)
						}
						if len(line) == 2 {
							break
						}
					}
					if _, err := io.ReadFull(p.in, got); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
