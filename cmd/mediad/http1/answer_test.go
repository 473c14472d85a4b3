package http1

import (
	"net"
	"testing"
	"time"
)

// A write deadline that moves by little is not set anew, and never to one that
// is earlier than asked.
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
