package site

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log/slog"
	"mediad/cmd/mediad/site/cors"
	"mediad/cmd/mediad/site/sitetest"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"mediad/cmd/mediad/site/connlimit"
)

// serveTest serves h on a real socket of the loopback until the test ends; with a
// certificate for localhost if secure.
func serveTest(t *testing.T, h http.Handler, secure bool, with ...func(net.Listener) net.Listener) (server *Server, address string, roots *x509.CertPool) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var config *tls.Config
	if secure {
		config, roots = sitetest.TLS(t)
	}
	server = New(Options{
		Handler: h, Pages: cors.Options{Public: ofMedia, API: func(path string) bool { return strings.HasPrefix(path, "/api/") }},
		Players: ofMedia, Network: func(remote string) netip.Addr { return netip.MustParseAddrPort(remote).Addr() },
		Count: func(string, int, int64, time.Duration) {}, Log: slog.New(slog.DiscardHandler),
	})
	for _, f := range with {
		l = f(l)
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(l, config) }()
	t.Cleanup(func() {
		server.Close()
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	return server, l.Addr().String(), roots
}

// client makes a client that speaks only the given protocols.
func client(t *testing.T, roots *x509.CertPool, choose func(*http.Protocols)) *http.Client {
	t.Helper()
	p := new(http.Protocols)
	choose(p)
	// The buffers are small. Otherwise they would hold bytes that the tests
	// count as not read.
	transport := &http.Transport{Protocols: p, DialContext: sitetest.Narrow, HTTP2: &http.HTTP2Config{MaxReceiveBufferPerStream: 64 << 10}, TLSClientConfig: &tls.Config{RootCAs: roots, ServerName: "localhost"}}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

func h1(p *http.Protocols)  { p.SetHTTP1(true) }
func h2(p *http.Protocols)  { p.SetHTTP2(true) }
func h2c(p *http.Protocols) { p.SetUnencryptedHTTP2(true) }

func TestProtocols(t *testing.T) {
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.Proto) })
	for name, c := range map[string]struct {
		secure bool
		choose func(*http.Protocols)
		proto  string
	}{
		"HTTP/1.1":             {false, h1, "HTTP/1.1"},
		"h2c, prior knowledge": {false, h2c, "HTTP/2.0"},
		"HTTP/1.1 over TLS":    {true, h1, "HTTP/1.1"},
		"HTTP/2 over TLS":      {true, h2, "HTTP/2.0"},
	} {
		t.Run(name, func(t *testing.T) {
			_, address, roots := serveTest(t, h, c.secure)
			scheme := "http://"
			if c.secure {
				scheme = "https://"
			}
			r, err := client(t, roots, c.choose).Get(scheme + address)
			if err != nil {
				t.Fatal(err)
			}
			defer r.Body.Close()
			if got, _ := io.ReadAll(r.Body); string(got) != c.proto {
				t.Errorf("the server saw %s, want %s", got, c.proto)
			}
		})
	}
}

// Five hundred requests wait on one connection, and one more is answered at once.
func TestManyWaitOnOneConnection(t *testing.T) {
	const waiters = 500
	arrived, free := make(chan string, waiters+1), make(chan struct{})
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/wait" {
			arrived <- r.RemoteAddr
			<-free
		}
		io.WriteString(w, r.RemoteAddr)
	})
	_, address, roots := serveTest(t, h, true)
	c := client(t, roots, h2)
	get := func(path string) (string, error) {
		r, err := c.Get("https://" + address + path)
		if err != nil {
			return "", err
		}
		defer r.Body.Close()
		b, err := io.ReadAll(r.Body)
		return string(b), err
	}
	first, err := get("/")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, waiters)
	for range waiters {
		go func() {
			_, err := get("/wait")
			done <- err
		}()
	}
	for range waiters {
		if from := <-arrived; from != first {
			t.Fatalf("a second connection from %s; the first was %s", from, first)
		}
	}
	if from, err := get("/"); err != nil || from != first {
		t.Errorf("beside those who wait: %q, %v", from, err)
	}
	close(free)
	for range waiters {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func TestAllowance(t *testing.T) {
	for bytes, want := range map[int64]time.Duration{0: 10 * time.Second, 32 << 10: 11 * time.Second, 1 << 20: 42 * time.Second} {
		if got := allowance(bytes); got != want {
			t.Errorf("%d bytes: %v, want %v", bytes, got, want)
		}
	}
}

// A client that reads nothing is disconnected, on every protocol, and its
// goroutine ends. A handler may wait longer than that before the first byte,
// or in the middle of an answer.
func TestSlowReaderIsCutOff(t *testing.T) {
	media := bytes.Repeat([]byte{0x47}, 64<<10)
	for name, c := range map[string]struct {
		secure bool
		choose func(*http.Protocols)
		below  string
	}{"HTTP/1.1": {false, h1, ""}, "a player": {false, h1, "/live"}, "h2c": {false, h2c, "/live"}, "HTTP/2 over TLS": {true, h2, "/live"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ended := make(chan error, 1)
			h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				path := strings.TrimPrefix(r.URL.Path, c.below)
				if path == "/patient" {
					time.Sleep(allowance(0) + time.Second)
					w.Write(media)
					return
				}
				if path == "/stalled" {
					w.WriteHeader(http.StatusOK)
					w.Write(media[:20<<10])
					time.Sleep(allowance(20<<10) + time.Second)
					w.Write(media[20<<10:])
					return
				}
				var err error
				for err == nil { // until no buffer takes more
					_, err = w.Write(media)
				}
				ended <- err
			})
			_, address, roots := serveTest(t, h, c.secure)
			scheme := map[bool]string{false: "http://", true: "https://"}[c.secure]
			hc := client(t, roots, c.choose)
			patient := make(chan int, 2)
			for _, path := range []string{"/patient", "/stalled"} {
				go func() {
					r, err := client(t, roots, c.choose).Get(scheme + address + c.below + path)
					if err != nil {
						patient <- -1
						return
					}
					defer r.Body.Close()
					b, _ := io.ReadAll(r.Body)
					patient <- len(b)
				}()
			}
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			req, _ := http.NewRequestWithContext(ctx, http.MethodGet, scheme+address+c.below+"/greedy", nil)
			r, err := hc.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer r.Body.Close()
			if err := <-ended; err == nil {
				t.Error("all of it was taken")
			}
			for range 2 {
				if n := <-patient; n != len(media) {
					t.Errorf("who waited got %d bytes", n)
				}
			}
		})
	}
}

// A client that sends requests and reads nothing is disconnected, even if the
// answers have only headers.
func TestUnreadHeadersAreCutOff(t *testing.T) {
	for name, method := range map[string]string{"nothing written": "HEAD /", "a player's": "HEAD /live/x", "net/http's own": "OPTIONS *"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := connlimit.New(10, "", slog.New(slog.DiscardHandler))
			_, address, _ := serveTest(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("X-Padding", strings.Repeat("x", 2000))
			}), false, c.Listener)
			conn, err := sitetest.Narrow(t.Context(), "tcp", address)
			if err != nil {
				t.Fatal(err)
			}
			asked := make(chan struct{})
			go func() {
				defer close(asked)
				requests := bytes.Repeat([]byte(method+" HTTP/1.1\r\nHost: x\r\n\r\n"), 100)
				for err == nil {
					_, err = conn.Write(requests)
				}
			}()
			for c.Open() == 0 {
				time.Sleep(time.Millisecond)
			}
			// The peer may not notice the end, since it has unread bytes before it.
			for deadline := time.Now().Add(allowance(0) + 20*time.Second); c.Open() > 0; time.Sleep(10 * time.Millisecond) {
				if time.Now().After(deadline) {
					t.Error("is not cut off")
					break
				}
			}
			conn.Close()
			<-asked
		})
	}
}

// Every request's body has a deadline, even that of `OPTIONS *`, which
// net/http would answer by itself.
func TestBodiesAreBounded(t *testing.T) {
	for _, line := range []string{"POST /", "OPTIONS *"} {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			_, address, _ := serveTest(t, http.NotFoundHandler(), false)
			conn, err := net.Dial("tcp", address)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			io.WriteString(conn, line+" HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n")
			conn.SetReadDeadline(time.Now().Add(bodyTimeout + 15*time.Second))
			if _, err := io.ReadAll(conn); err != nil {
				t.Errorf("the connection stays open: %v", err)
			}
		})
	}
}

// Nobody reads the body of a request for media: the answer does not wait for it.
func TestAnswersToPlayersDoNotWaitForBodies(t *testing.T) {
	h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "answered") })
	for _, method := range []string{"GET", "POST", "OPTIONS"} {
		for _, announced := range []string{"Content-Length: 5", "Transfer-Encoding: chunked"} {
			t.Run(method+" "+announced, func(t *testing.T) {
				t.Parallel()
				_, address, _ := serveTest(t, h, false)
				conn, err := net.Dial("tcp", address)
				if err != nil {
					t.Fatal(err)
				}
				defer conn.Close()
				io.WriteString(conn, method+" /live/demo/index.m3u8 HTTP/1.1\r\nHost: x\r\n"+announced+"\r\n\r\n")
				conn.SetReadDeadline(time.Now().Add(bodyTimeout * 2 / 3))
				r, err := http.ReadResponse(bufio.NewReader(conn), nil)
				if err != nil {
					t.Fatal(err)
				}
				defer r.Body.Close()
				want := "answered"
				if method == "OPTIONS" {
					want = "" // it is answered in front of the handler
				}
				if text, err := io.ReadAll(r.Body); err != nil || string(text) != want || !r.Close {
					t.Errorf("%q, %v, the last: %t", text, err, r.Close)
				}
			})
		}
	}
}

func TestAsterisk(t *testing.T) {
	h := asterisk(http.NotFoundHandler())
	for line, want := range map[string]int{"OPTIONS *": http.StatusOK, "OPTIONS /": http.StatusNotFound, "GET *": http.StatusNotFound} {
		method, target, _ := strings.Cut(line, " ")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(method, target, nil))
		if w.Code != want {
			t.Errorf("%s: %d, want %d", line, w.Code, want)
		}
	}
}

// A handler that sets deadlines itself, like the one of events, keeps them.
func TestOwnDeadlines(t *testing.T) {
	p := &paced{ResponseWriter: nobody{}, rc: *http.NewResponseController(nobody{})}
	http.NewResponseController(p).SetWriteDeadline(time.Now())
	if !p.own {
		t.Error("the handler's deadline did not pass")
	}
}

type nobody struct{}

func (nobody) Header() http.Header              { return http.Header{} }
func (nobody) Write(b []byte) (int, error)      { return len(b), nil }
func (nobody) WriteHeader(int)                  {}
func (nobody) SetWriteDeadline(time.Time) error { return nil }

// A drain answers running requests, tells clients to close, and disconnects
// those that do not.
func TestDrain(t *testing.T) {
	for name, c := range map[string]struct {
		secure bool
		choose func(*http.Protocols)
		below  string
	}{"HTTP/1.1": {false, h1, ""}, "HTTP/1.1, a player": {false, h1, "/live"}, "h2c": {false, h2c, "/live"}, "HTTP/2 over TLS": {true, h2, "/live"}} {
		t.Run(name, func(t *testing.T) {
			asked, free := make(chan struct{}), make(chan struct{})
			h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				switch strings.TrimPrefix(r.URL.Path, c.below) {
				case "/wait":
					close(asked)
					<-free
				case "/never":
					close(asked)
					<-r.Context().Done()
				}
				io.WriteString(w, "answered")
			})
			server, address, roots := serveTest(t, h, c.secure)
			url := map[bool]string{false: "http://", true: "https://"}[c.secure] + address
			hc := client(t, roots, c.choose)
			type answer struct {
				close bool
				text  string
			}
			ask := func(path string) chan answer {
				got := make(chan answer, 1)
				go func() {
					r, err := hc.Get(url + c.below + path)
					if err != nil {
						got <- answer{text: err.Error()}
						return
					}
					defer r.Body.Close()
					b, _ := io.ReadAll(r.Body)
					got <- answer{r.Close, string(b)}
				}()
				return got
			}
			got := ask("/wait")
			<-asked
			drained := make(chan error, 1)
			go func() { drained <- Drain(10*time.Second, server) }()
			// No new connection is taken once the drain has begun.
			for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(10 * time.Millisecond) {
				conn, err := net.Dial("tcp", address)
				if err != nil {
					break
				}
				conn.Close()
				if time.Now().After(deadline) {
					t.Fatal("new connections are still taken")
				}
			}
			close(free)
			if a := <-got; a.text != "answered" || strings.HasPrefix(name, "HTTP/1.1") && !a.close {
				t.Errorf("who had asked got %+v", a)
			}
			if err := <-drained; err != nil {
				t.Error(err)
			}
			if _, err := hc.Get(url); err == nil || !strings.Contains(err.Error(), "refused") {
				t.Errorf("after the drain: %v", err) // a kept connection would have answered
			}

			asked = make(chan struct{})
			server, address, roots = serveTest(t, h, c.secure)
			url = map[bool]string{false: "http://", true: "https://"}[c.secure] + address
			hc = client(t, roots, c.choose)
			got = ask("/never")
			<-asked
			if err := Drain(50*time.Millisecond, server); err != nil {
				t.Error(err)
			}
			if a := <-got; a.text == "answered" {
				t.Error("who never leaves was not cut off")
			}
		})
	}
}

func TestOnlyWhatIsSentIsCounted(t *testing.T) {
	for method, want := range map[string]int64{http.MethodGet: 4, http.MethodHead: 0} {
		h := bound(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "body") }), func(path string, status int, bytes int64, _ time.Duration) {
			if path != "/x" || status != http.StatusOK || bytes != want {
				t.Errorf("%s %s: %d, %d bytes, want %d", method, path, status, bytes, want)
			}
		})
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(method, "/x", nil))
	}
}

func ofMedia(path string) bool { return strings.HasPrefix(path, "/live/") }
