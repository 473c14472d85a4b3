package packager

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"syscall"
	"testing"
	"time"
)

// serving serves l on a real connection, joined or not.
func serving(t testing.TB, l *Live, join, secure bool) (base string, client *http.Client) {
	t.Helper()
	s := httptest.NewUnstartedServer(l)
	if join {
		s.Listener = Join(s.Listener)
		s.Config.ConnContext = ConnContext
	}
	if secure {
		s.EnableHTTP2 = true
		s.StartTLS()
	} else {
		s.Start()
	}
	t.Cleanup(s.Close)
	return s.URL, s.Client()
}

// Whatever the connection, the bytes are the same, request after request.
func TestJoinedWrites(t *testing.T) {
	l, s := onAir(t)
	w := s.stream.window.Load()
	plain, client := serving(t, l, true, false)
	secure, h2 := serving(t, l, true, true)
	for range 2 {
		for _, path := range []string{
			mediaURL + partName(w.nextPart-1), mediaURL + segmentName(w.lastMSN()), mediaURL + "index.m3u8",
			mediaURL + "p9999.ts", mediaURL + partName(w.nextPart-2),
		} {
			want := ask(l, "GET", path)
			for base, c := range map[string]*http.Client{plain: client, secure: h2} {
				r, err := c.Get(base + path)
				if err != nil {
					t.Fatal(err)
				}
				got, err := io.ReadAll(r.Body)
				r.Body.Close()
				if err != nil || r.StatusCode != want.Code || string(got) != want.Body.String() {
					t.Errorf("%s%s: %d, %d bytes, want %d, %d: %v", base, path, r.StatusCode, len(got), want.Code, want.Body.Len(), err)
				}
			}
			if r, err := client.Head(plain + path); err != nil || r.StatusCode != want.Code {
				t.Errorf("HEAD %s: %v %v", path, r, err)
			}
		}
	}
}

// A part goes out with its headers in one system call.
func TestJoinKeepsTheHead(t *testing.T) {
	a, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := Join(a)
	defer l.Close()
	client, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	accepted, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer accepted.Close()
	c := ConnContext(t.Context(), accepted).Value(connKey{}).(*joinedConn)
	read := func(want string) {
		t.Helper()
		client.SetReadDeadline(time.Now().Add(10 * time.Second))
		got := make([]byte, len(want))
		if _, err := io.ReadFull(client, got); err != nil || string(got) != want {
			t.Fatalf("%.20q, want %.20q: %v", got, want, err)
		}
	}
	rest := string(make([]byte, maxHead))
	c.hold()
	c.Write([]byte("head"))
	client.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
	if n, err := client.Read(make([]byte, 1)); n != 0 || err == nil {
		t.Error("the head was not kept back")
	}
	if n, err := c.Write([]byte(rest)); n != len(rest) || err != nil {
		t.Errorf("wrote %d: %v", n, err)
	}
	read("head" + rest)
	if err := c.release(); err != nil {
		t.Error(err)
	}
	c.hold()
	c.Write([]byte("alone"))
	c.release()
	read("alone")
	c.Write([]byte("free"))
	read("free")
}

// BenchmarkServe sends a part to a keep-alive connection, as net/http writes it
// and in one call; the reader is in the figure too.
func BenchmarkServe(b *testing.B) {
	l, s := onAir(b)
	w := s.stream.window.Load()
	p := *w.part(w.nextPart - 1)
	p.data = make([]byte, 65000)
	p.label = newLabel(`"x"`, len(p.data))
	last := w.open.parts
	last[len(last)-1] = &p
	for name, join := range map[string]bool{"two-writes": false, "one-write": true} {
		b.Run(name, func(b *testing.B) {
			base, _ := serving(b, l, join, false)
			c, err := net.Dial("tcp", base[len("http://"):])
			if err != nil {
				b.Fatal(err)
			}
			defer c.Close()
			in := bufio.NewReader(c)
			request := fmt.Appendf(nil, "GET %s HTTP/1.1\r\nHost: x\r\n\r\n", mediaURL+partName(p.number))
			body := make([]byte, len(p.data))
			before := usedCPU(b)
			defer func() { b.ReportMetric(float64((usedCPU(b)-before).Microseconds())/float64(b.N), "cpu-us/op") }()
			for b.Loop() {
				if _, err := c.Write(request); err != nil {
					b.Fatal(err)
				}
				for {
					line, err := in.ReadSlice('\n')
					if err != nil {
						b.Fatal(err)
					}
					if len(line) == 2 {
						break
					}
				}
				if _, err := io.ReadFull(in, body); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// usedCPU is the time, user and system, that this process has used: other
// processes on the machine change it far less than the time on the clock.
func usedCPU(t testing.TB) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// In the clear HTTP/2 comes on the same kind of connection, but its frames are
// written by another goroutine, for many requests: nothing is kept back there.
func TestJoinLeavesHTTP2Alone(t *testing.T) {
	ctx := ConnContext(t.Context(), &joinedConn{})
	for major, want := range map[int]bool{1: true, 2: false} {
		r := (&http.Request{ProtoMajor: major}).WithContext(ctx)
		if got := joined(r) != nil; got != want {
			t.Errorf("HTTP/%d: joined is %t", major, got)
		}
	}
}

// accepted is a connection that nobody reads from at the other end.
func accepted(t *testing.T) *joinedConn {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	out, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { out.Close() })
	in, err := Join(l).Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.Close() })
	return in.(*joinedConn)
}

// A write deadline that moves by little is not set anew, never to one that is
// earlier than asked, and one that is set otherwise is not taken for it.
func TestWriteDeadlines(t *testing.T) {
	c := accepted(t)
	late := func() bool {
		_, err := c.Write([]byte("x"))
		return err != nil
	}
	past, soon := time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	for i, step := range []struct {
		set  func() error
		late bool
	}{
		{func() error { return c.SetWriteDeadline(past) }, true},
		{func() error { return c.SetWriteDeadline(soon) }, false},
		{func() error { return c.TCPConn.SetWriteDeadline(past) }, true},                 // behind its back
		{func() error { return c.SetWriteDeadline(soon.Add(deadlineSlack)) }, true},      // near enough: not set
		{func() error { return c.SetWriteDeadline(soon.Add(deadlineSlack / 2)) }, true},  // nor is an earlier one
		{func() error { return c.SetWriteDeadline(soon.Add(deadlineSlack + 1)) }, false}, // too late for it
		{func() error { return c.SetWriteDeadline(past) }, true},                         // much earlier
		{func() error { return c.SetWriteDeadline(soon) }, false},                        // much later
		{func() error { return c.SetDeadline(past) }, true},                              // both
		{func() error { return c.SetWriteDeadline(soon) }, false},                        // known to be another
		{func() error { return c.SetWriteDeadline(time.Time{}) }, false},                 // none
		{func() error { return c.SetWriteDeadline(soon) }, false},                        // one again
		{func() error { return c.TCPConn.SetWriteDeadline(past) }, true},                 // behind its back
		{func() error { return c.SetWriteDeadline(time.Time{}) }, false},                 // none: that of the socket is gone
		{func() error { return c.SetWriteDeadline(past.Add(-deadlineSlack)) }, true},     // and one again
	} {
		if err := step.set(); err != nil || late() != step.late {
			t.Errorf("step %d: late %v: %v", i, !step.late, err)
		}
	}
}

// crypto/tls may write while a handler sets the deadline for its answer: that one
// stands afterwards.
func TestWriteDeadlineWhileAnotherWrites(t *testing.T) {
	c := accepted(t)
	soon := time.Now().Add(time.Hour)
	for range 50_000 {
		c.SetWriteDeadline(soon)
		c.SetWriteDeadline(time.Time{})
		var both sync.WaitGroup
		both.Go(func() { c.lift() })
		both.Go(func() { c.SetWriteDeadline(soon) })
		both.Wait()
		if c.armed == 0 {
			t.Fatal("the answer has no deadline")
		}
	}
}

// What net/http does between two answers does not cost a deadline each.
func TestWriteDeadlineOutlivesAnswers(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[int64]int{}
	server := &http.Server{ConnContext: ConnContext, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := http.NewResponseController(w).SetWriteDeadline(time.Now().Add(time.Minute)); err != nil {
			t.Error(err)
		}
		seen[joined(r).armed]++
		w.Write(make([]byte, 100_000))
	})}
	served := make(chan error, 1)
	go func() { served <- server.Serve(Join(l)) }()
	client := &http.Client{Transport: &http.Transport{MaxConnsPerHost: 1}}
	for range 20 {
		r, err := client.Get("http://" + l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		if n, err := io.Copy(io.Discard, r.Body); n != 100_000 || err != nil {
			t.Fatal(n, err)
		}
		r.Body.Close()
	}
	server.Close()
	<-served
	for armed, n := range seen {
		if len(seen) != 1 || armed == 0 || n != 20 {
			t.Errorf("%d of 20 answers with the deadline %d", n, armed)
		}
	}
}
