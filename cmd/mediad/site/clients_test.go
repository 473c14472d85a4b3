package site

import (
	"context"
	"io"
	"log/slog"
	"mediad/cmd/mediad/site/sitetest"
	"net"
	"net/http"
	"strings"
	"testing"

	"mediad/cmd/mediad/site/connlimit"
)

// dialFrom gives a client an address of its own: the loopback has many.
func dialFrom(c *http.Client, ip string) *http.Client {
	c.Transport.(*http.Transport).DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		return (&net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(ip)}}).DialContext(ctx, network, address)
	}
	return c
}

// One address that has all slots shuts nobody out: newcomers replace its
// idle connections, and a running answer is not interrupted for them.
func TestClients(t *testing.T) {
	for name, kind := range map[string]struct {
		secure bool
		choose func(*http.Protocols)
		path   string
	}{
		"HTTP/1.1":            {false, h1, "/"},
		"players":             {false, h1, "/live/x"},
		"HTTP/1.1 over TLS":   {true, h1, "/live/x"},
		"HTTP/2":              {true, h2, "/live/x"},
		"HTTP/2 in the clear": {false, h2c, "/live/x"},
	} {
		t.Run(name, func(t *testing.T) {
			var log sitetest.Buffer
			h := connlimit.New(4, "http.max_connections", slog.New(slog.NewTextHandler(&log, nil)))
			waits, goOn := make(chan bool, 1), make(chan bool)
			_, address, roots := serveTest(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.RawQuery == "wait" {
					waits <- true
					<-goOn
				}
				io.WriteString(w, "in")
			}), kind.secure, h.Listener)
			scheme := "http://"
			if kind.secure {
				scheme = "https://"
			}
			ask := func(who *http.Client, query string) string {
				r, err := who.Get(scheme + address + kind.path + query)
				if err != nil {
					return err.Error()
				}
				defer r.Body.Close()
				text, _ := io.ReadAll(r.Body)
				return string(text)
			}
			// Each client keeps one connection. The first one waits for its second
			// answer, so that its connection is a player's.
			newcomer := func(ip string) *http.Client {
				c := dialFrom(client(t, roots, kind.choose), ip)
				if got := ask(c, ""); got != "in" {
					t.Fatalf("a newcomer from %s got %q", ip, got)
				}
				return c
			}
			first := newcomer("127.0.0.2")
			answered := make(chan string, 1)
			go func() { answered <- ask(first, "?wait") }()
			<-waits
			for range 10 {
				newcomer("127.0.0.2")
			}
			viewer := newcomer("127.0.0.3")
			for range 10 {
				newcomer("127.0.0.2")
			}
			if n := h.Open(); n != 4 {
				t.Errorf("%d are open", n)
			}
			before := h.Closed()
			if got := ask(viewer, ""); got != "in" || h.Closed() != before {
				t.Errorf("the viewer lost its slot: %q", got)
			}
			close(goOn)
			if got := <-answered; got != "in" {
				t.Errorf("who waited for an answer got %q", got)
			}
			if n := strings.Count(log.String(), "http.max_connections"); n != 1 {
				t.Errorf("said %d times: %s", n, log.String())
			}
		})
	}
}

// Peers that send nothing, or never end their request, are closed first.
func TestSilentClients(t *testing.T) {
	h := connlimit.New(8, "http.max_connections", slog.New(slog.DiscardHandler))
	_, address, roots := serveTest(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "in") }), false, h.Listener)
	for n, text := range []string{"", "GET", "GET /live/x HTTP/1.1\r\nHost: x\r\n", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n"} {
		for range 20 {
			conn, err := (&net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, byte(2+n))}}).Dial("tcp", address)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			io.WriteString(conn, text) // it may have been put out already
		}
		r, err := dialFrom(client(t, roots, h1), "127.0.0.9").Get("http://" + address + "/live/x")
		if err != nil {
			t.Fatalf("%q keeps others out: %v", text, err)
		}
		r.Body.Close()
	}
	if n := h.Open(); n > 8 {
		t.Errorf("%d are open", n)
	}
}
