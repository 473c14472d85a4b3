package main

import (
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// Who comes when the house is full is sent away; who is in stays, and each who
// leaves makes room.
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
			var log lockedBuffer
			c := newClients(3, slog.New(slog.NewTextHandler(&log, nil)))
			_, address, roots := serveTest(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "in") }), kind.secure, c.bound)
			scheme := "http://"
			if kind.secure {
				scheme = "https://"
			}
			// Each has one connection, which it keeps.
			ask := func(who *http.Client) string {
				r, err := who.Get(scheme + address + kind.path)
				if err != nil {
					return ""
				}
				defer r.Body.Close()
				text, _ := io.ReadAll(r.Body)
				return string(text)
			}
			var in []*http.Client
			for range 3 {
				who := client(t, roots, kind.choose)
				if ask(who) != "in" {
					t.Fatal("one of three is refused")
				}
				in = append(in, who)
			}
			late := client(t, roots, kind.choose)
			for range 5 {
				if got := ask(late); got != "" {
					t.Fatalf("a fourth got %q", got)
				}
			}
			for _, who := range in {
				if ask(who) != "in" {
					t.Fatal("one of three is put out")
				}
			}
			if n := strings.Count(log.String(), "too many HTTP connections"); n != 1 {
				t.Errorf("said %d times: %s", n, log.String())
			}
			// The client may try a connection again that was closed before it asked.
			if n := c.refused.Load(); n < 5 {
				t.Errorf("%d refused, want 5 or more", n)
			}
			in[0].CloseIdleConnections()
			for deadline := time.Now().Add(10 * time.Second); ask(late) != "in"; time.Sleep(10 * time.Millisecond) {
				if time.Now().After(deadline) {
					t.Fatalf("no room after one left; %d open", c.open.Load())
				}
			}
		})
	}
}

// A peer that says nothing counts as well, until its time for a request is over.
func TestSilentClientsCount(t *testing.T) {
	c := newClients(1, slog.New(slog.DiscardHandler))
	_, address, _ := serveTest(t, http.NotFoundHandler(), false, c.bound)
	for n := range 2 {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if n == 0 {
			for c.open.Load() == 0 {
				time.Sleep(time.Millisecond)
			}
			continue
		}
		conn.SetReadDeadline(time.Now().Add(10 * time.Second))
		if _, err := conn.Read(make([]byte, 1)); err == nil {
			t.Error("the second got an answer")
		} else if nerr, ok := err.(net.Error); ok && nerr.Timeout() {
			t.Error("the second is not closed")
		}
	}
}

func TestClientsByDefault(t *testing.T) {
	if c := newClients(0, slog.New(slog.DiscardHandler)); c.most < 100 || c.most >= int64(openFiles()) {
		t.Errorf("%d of %d files", c.most, openFiles())
	}
}
