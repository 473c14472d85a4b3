package http1

import (
	"net"
	"net/http"
	"strconv"
	"testing"
	"time"
)

// tally counts what is written to a connection: without writev each piece is a
// write, and empty ones are none.
type tally struct {
	net.Conn
	writes, bytes int
}

func (c *tally) Write(b []byte) (int, error) {
	if len(b) > 0 {
		c.writes, c.bytes = c.writes+1, c.bytes+len(b)
	}
	return len(b), nil
}

// Small writes go out together, like those of an answer with many ranges. Large
// writes, and the last one, go out at once.
func TestSmallWritesLeaveTogether(t *testing.T) {
	for name, c := range map[string]struct{ size, times, most int }{
		"many ranges": {50, 1000, 1 + 2*(50*1000/gathered+1)},
		"media":       {65000, 3, 1 + 3},
		"one body":    {1200, 1, 2},
	} {
		out := &tally{}
		a := &answer{c: &conn{Conn: out, s: New(Options{})}, header: http.Header{}}
		a.begin(&http.Request{Method: http.MethodGet})
		a.Header().Set("Content-Length", strconv.Itoa(c.size*c.times))
		for range c.times {
			if n, err := a.Write(make([]byte, c.size)); n != c.size || err != nil {
				t.Fatal(n, err)
			}
		}
		if !a.finish() {
			t.Errorf("%s: the connection is at its end", name)
		}
		if out.writes > c.most || out.bytes < c.size*c.times {
			t.Errorf("%s: %d bytes in %d writes, want at most %d", name, out.bytes, out.writes, c.most)
		}
	}
}

// A write deadline that changes little is not set again, and the one in force
// is never earlier than requested.
func TestWriteDeadlines(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	out, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	in, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	a := &answer{c: &conn{Conn: in}}
	past, soon := time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	behind := func() error { return in.SetWriteDeadline(past) } // the socket's, which a does not know
	for i, step := range []struct {
		set  func() error
		late bool
	}{
		{func() error { return a.SetWriteDeadline(past) }, true},
		{func() error { return a.SetWriteDeadline(soon) }, false},
		{behind, true},
		{func() error { return a.SetWriteDeadline(soon.Add(slack)) }, true},      // near enough: not set
		{func() error { return a.SetWriteDeadline(soon.Add(slack / 2)) }, true},  // nor is an earlier one
		{func() error { return a.SetWriteDeadline(soon.Add(slack + 1)) }, false}, // too late for it
		{behind, true},
		{func() error { return a.SetWriteDeadline(soon) }, false}, // much earlier
		{func() error { return a.SetWriteDeadline(past) }, true},
		{func() error { return a.SetWriteDeadline(time.Time{}) }, false}, // none
		{behind, true},
		{func() error { return a.SetWriteDeadline(soon) }, false}, // and one again
	} {
		if err := step.set(); err != nil {
			t.Fatal(err)
		}
		if _, err := in.Write([]byte("x")); (err != nil) != step.late {
			t.Errorf("step %d: late %v: %v", i, !step.late, err)
		}
	}
}
