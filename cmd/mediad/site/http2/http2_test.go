package http2

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/http2"
)

// site is a server on a real socket, over TLS or in the clear.
type site struct {
	*httptest.Server
	s      *Server
	client *http.Client
}

func newSite(t testing.TB, secure bool, h http.Handler) *site {
	t.Helper()
	s := New(Options{Handler: h, Log: slog.New(slog.DiscardHandler), Streams: 100, Idle: time.Minute, Stall: 10 * time.Second, Header: 16 << 10, Network: network})
	web := httptest.NewUnstartedServer(http.NotFoundHandler())
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	protocols.SetHTTP2(true)
	protocols.SetUnencryptedHTTP2(true)
	web.Config.Protocols, web.Config.TLSNextProto, web.EnableHTTP2 = protocols, s.Next(), true
	web.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	ours := new(http.Protocols)
	if secure {
		web.Listener = s.Below(web.Listener)
		web.StartTLS()
		ours.SetHTTP2(true)
	} else {
		web.Start()
		ours.SetUnencryptedHTTP2(true)
	}
	transport := &http.Transport{Protocols: ours, ExpectContinueTimeout: time.Minute, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		now, cancel := context.WithCancel(context.Background())
		cancel()
		s.Shutdown(now)
		web.Close()
	})
	return &site{web, s, &http.Client{Transport: transport}}
}

// network gives each client an address that is not the loopback.
func network(remote string) netip.Addr {
	ap, err := netip.ParseAddrPort(remote)
	if err != nil || ap.Addr().IsLoopback() {
		return netip.MustParseAddr("192.0.2.1")
	}
	return ap.Addr()
}

// both runs a test over TLS and in the clear.
func both(t *testing.T, h http.Handler, f func(t *testing.T, s *site)) {
	for name, secure := range map[string]bool{"TLS": true, "clear": false} {
		t.Run(name, func(t *testing.T) { f(t, newSite(t, secure, h)) })
	}
}

func noise(n int) []byte {
	b := make([]byte, n)
	r := rand.New(rand.NewPCG(1, uint64(n)))
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

// Bodies of all sizes arrive unchanged, with and without their lengths, on many
// streams at once.
func TestBodies(t *testing.T) {
	sizes := []int{0, 1, gathered - 1, gathered, gathered + 1, recordSize - headerSize, recordSize, recordSize + 1, 65535, 65536, 150_000, 1 << 20}
	all := noise(1 << 20)
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, _ := strconv.Atoi(r.URL.Query().Get("n"))
		w.Header().Set("Content-Type", "video/mp2t")
		switch r.URL.Path {
		case "/told":
			w.Header().Set("Content-Length", strconv.Itoa(n))
			w.Write(all[:n])
		case "/untold":
			w.Write(all[:n])
		case "/pieces":
			for at, size := 0, 1; at < n; size = size*3 + 1 {
				end := min(at+size, n)
				w.Write(all[at:end])
				if at = end; size%2 == 0 {
					w.(http.Flusher).Flush()
				}
			}
		case "/reserved":
			w.Header().Set("Content-Length", strconv.Itoa(n))
			for at := 0; at < n; {
				room, err := w.(interface{ Reserve(int) (int, error) }).Reserve(5000)
				if err != nil || room < 1 || room > 5000 {
					t.Error(room, err)
					return
				}
				m := max(1, min(room/2, n-at)) // not all of it
				w.Write(all[at : at+m])
				at += m
			}
		}
	})
	both(t, h, func(t *testing.T, s *site) {
		var wait sync.WaitGroup
		for _, path := range []string{"/told", "/untold", "/pieces", "/reserved"} {
			for _, n := range sizes {
				wait.Go(func() {
					r, err := s.client.Get(fmt.Sprintf("%s%s?n=%d", s.URL, path, n))
					if err != nil {
						t.Error(err)
						return
					}
					defer r.Body.Close()
					got, err := io.ReadAll(r.Body)
					if err != nil || !bytes.Equal(got, all[:n]) || r.ProtoMajor != 2 {
						t.Errorf("%s, %d: %v, %d bytes, %s", path, n, err, len(got), r.Proto)
					}
					if told := path == "/told" || path == "/reserved" || path == "/untold" && n <= gathered; told && r.ContentLength != int64(n) {
						t.Errorf("%s, %d: the length is told as %d", path, n, r.ContentLength)
					}
				})
			}
		}
		wait.Wait()
	})
}

// Without a buffer for many records they go out one by one; each buffer comes back.
func TestRecordsWithoutBuffers(t *testing.T) {
	all := noise(300_000)
	for _, left := range []int{0, 1} {
		s := newSite(t, true, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write(all) }))
		s.s.corks.left = left
		var wait sync.WaitGroup
		for range 8 {
			wait.Go(func() {
				c := newRude(t, s, http2.Setting{ID: http2.SettingInitialWindowSize, Val: 1 << 20})
				if err := errors.Join(c.WriteWindowUpdate(0, 1<<20), c.ask(1, true, get...)); err != nil {
					t.Error(err)
					return
				}
				var got []byte
				err := c.until(func(f http2.Frame) bool {
					d, ok := f.(*http2.DataFrame)
					if ok {
						got = append(got, d.Data()...)
					}
					return ok && d.StreamEnded()
				})
				if err != nil || !bytes.Equal(got, all) {
					t.Errorf("%d buffers: %v, %d bytes", left, err, len(got))
				}
			})
		}
		wait.Wait()
		s.s.corks.mu.Lock()
		if n := len(s.s.corks.free) + s.s.corks.left; n != left {
			t.Errorf("%d of %d buffers came back", n, left)
		}
		s.s.corks.mu.Unlock()
	}
}

// The handler gets everything in the request, and the client everything in
// the answer.
func TestRequestsAndAnswers(t *testing.T) {
	h := http.NewServeMux()
	h.HandleFunc("POST /echo", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Trailer", "X-Sum")
		w.Header().Set("X-Length", strconv.FormatInt(r.ContentLength, 10))
		n, err := io.Copy(w, r.Body)
		if err != nil {
			t.Error(err)
		}
		w.Header().Set("X-Sum", strconv.FormatInt(n, 10))
		w.Header().Set(http.TrailerPrefix+"X-Theirs", r.Trailer.Get("X-Mine"))
	})
	h.HandleFunc("GET /plain", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "<html>%s %s %s %s %s %s", r.Method, r.Host, r.RequestURI, r.URL.Path, r.URL.RawQuery, r.Header.Get("Cookie"))
	})
	h.HandleFunc("GET /none", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	h.HandleFunc("GET /short", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "10")
		io.WriteString(w, "short")
	})
	h.HandleFunc("GET /panic", func(w http.ResponseWriter, _ *http.Request) {
		w.Write(noise(gathered * 2))
		panic("for a test")
	})
	h.HandleFunc("GET /abort", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	both(t, h, func(t *testing.T, s *site) {
		do := func(method, path string, body io.Reader, change func(*http.Request)) (*http.Response, string, error) {
			t.Helper()
			q, err := http.NewRequest(method, s.URL+path, body)
			if err != nil {
				t.Fatal(err)
			}
			if change != nil {
				change(q)
			}
			r, err := s.client.Do(q)
			if err != nil {
				return nil, "", err
			}
			defer r.Body.Close()
			text, err := io.ReadAll(r.Body)
			return r, string(text), err
		}
		big := noise(3 << 20) // many windows
		for _, expect := range []string{"", "100-continue"} {
			r, text, err := do("POST", "/echo", bytes.NewReader(big), func(q *http.Request) {
				if q.Header.Set("Expect", expect); expect == "" {
					q.Header.Del("Expect")
				}
				q.ContentLength = -1
				q.Trailer = http.Header{"X-Mine": {"mine"}}
			})
			if err != nil || text != string(big) || r.Trailer.Get("X-Sum") != strconv.Itoa(len(big)) || r.Trailer.Get("X-Theirs") != "mine" || r.Header.Get("X-Length") != "-1" {
				t.Errorf("an echo: %v, %d bytes, %v, %v", err, len(text), r.Header, r.Trailer)
			}
		}
		if r, text, err := do("POST", "/echo", strings.NewReader("12345"), nil); err != nil || text != "12345" || r.Header.Get("X-Length") != "5" {
			t.Errorf("a small echo: %v, %q, %v", err, text, r.Header)
		}
		r, text, err := do("GET", "/plain?a=b&c=%20", nil, func(q *http.Request) { q.Host = "shop.example"; q.Header["Cookie"] = []string{"a=1; b=2"} })
		if err != nil || text != "<html>GET shop.example /plain?a=b&c=%20 /plain a=b&c=%20 a=1; b=2" || !strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") || r.Header.Get("Date") == "" {
			t.Errorf("a page: %v, %q, %v", err, text, r.Header)
		}
		if r, text, err := do("HEAD", "/plain", nil, nil); err != nil || text != "" || r.StatusCode != 200 {
			t.Errorf("HEAD: %v %q", err, text)
		}
		if r, text, err := do("GET", "/none", nil, nil); err != nil || text != "" || r.StatusCode != 204 || len(r.Header["Content-Length"]) > 0 {
			t.Errorf("204: %v %q %v", err, text, r.Header)
		}
		if r, _, err := do("GET", "/pl%61in%2f", nil, nil); err != nil || r.StatusCode != 404 {
			t.Errorf("an escaped path: %v", err)
		}
		for _, path := range []string{"/short", "/panic", "/abort"} {
			if _, text, err := do("GET", path, nil, nil); err == nil {
				t.Errorf("%s ends well, with %q", path, text)
			}
		}
		if _, _, err := do("GET", "/plain", nil, nil); err != nil { // on the same connection
			t.Error(err)
		}
	})
}

// A handler notices that its viewer has left, by a reset or with the connection.
func TestLeaving(t *testing.T) {
	came, left := make(chan struct{}), make(chan error)
	h := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		came <- struct{}{}
		<-r.Context().Done()
		left <- r.Context().Err()
	})
	both(t, h, func(t *testing.T, s *site) {
		ctx, cancel := context.WithCancel(t.Context())
		q, _ := http.NewRequestWithContext(ctx, "GET", s.URL, nil)
		go s.client.Do(q)
		<-came
		cancel()
		if err := <-left; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		go s.client.Get(s.URL)
		<-came
		s.CloseClientConnections()
		<-left
	})
}

// Deadlines of handlers end only operations that wait for the peer.
func TestDeadlines(t *testing.T) {
	late, much := make(chan error, 2), noise(8<<20)
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := http.NewResponseController(w)
		if r.Method == http.MethodPost {
			c.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
			_, err := io.ReadAll(r.Body)
			late <- err
			w.WriteHeader(http.StatusRequestTimeout)
			return
		}
		c.SetWriteDeadline(time.Now().Add(time.Second))
		_, err := w.Write(much)
		late <- err
	})
	both(t, h, func(t *testing.T, s *site) {
		pr, pw := io.Pipe()
		defer pw.Close()
		go pw.Write([]byte("the rest does not come"))
		r, err := s.client.Post(s.URL, "text/plain", pr)
		if err != nil || r.StatusCode != http.StatusRequestTimeout {
			t.Fatal(r, err)
		}
		r.Body.Close()
		if err := <-late; !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Error(err)
		}
		if r, err = s.client.Get(s.URL); err != nil { // and does not read
			t.Fatal(err)
		}
		defer r.Body.Close()
		if err := <-late; !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Error(err)
		}
		if _, err := io.ReadAll(r.Body); err == nil {
			t.Error("what was cut off ends well")
		}
	})
}

// The code that counts connections is told when one is busy.
func TestStates(t *testing.T) {
	both(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}), func(t *testing.T, s *site) {
		states := make(chan http.ConnState, 10)
		s.s.opts.State = func(c net.Conn, state http.ConnState) {
			if c.RemoteAddr() == nil {
				t.Error("of no connection")
			}
			states <- state
		}
		r, err := s.client.Get(s.URL)
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		if a, b := <-states, <-states; a != http.StateActive || b != http.StateIdle {
			t.Error(a, b)
		}
	})
}

// A drain lets running requests finish.
func TestShutdown(t *testing.T) {
	came, free := make(chan struct{}), make(chan struct{})
	h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		came <- struct{}{}
		<-free
		io.WriteString(w, "answered")
	})
	both(t, h, func(t *testing.T, s *site) {
		got := make(chan string)
		go func() {
			r, err := s.client.Get(s.URL)
			if err != nil {
				got <- err.Error()
				return
			}
			defer r.Body.Close()
			text, _ := io.ReadAll(r.Body)
			got <- string(text)
		}()
		<-came
		over := make(chan struct{})
		go func() { s.s.Shutdown(t.Context()); close(over) }()
		for !s.s.members.Draining() {
			time.Sleep(time.Millisecond)
		}
		free <- struct{}{}
		if text := <-got; text != "answered" {
			t.Error(text)
		}
		<-over
		c, err := net.Dial("tcp", s.Listener.Addr().String())
		if err == nil {
			c.Close()
		}
		if n := len(s.s.members.All()); n != 0 {
			t.Errorf("%d connections are left", n)
		}
	})
}
