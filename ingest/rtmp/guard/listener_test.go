package guard

import (
	"errors"
	"io"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestNetwork(t *testing.T) {
	tests := []struct{ ip, want string }{
		{"192.0.2.1", "192.0.2.1/32"},
		{"::ffff:192.0.2.1", "192.0.2.1/32"},
		{"2001:db8::1", "2001:db8::/64"},
		{"2001:db8::ffff:ffff:1", "2001:db8::/64"},
		{"2001:db8:0:1::1", "2001:db8:0:1::/64"},
		{"fe80::1%eth0", "fe80::/64"},
	}
	for _, tt := range tests {
		got, ok := Network(net.TCPAddrFromAddrPort(netip.AddrPortFrom(netip.MustParseAddr(tt.ip), 1)))
		if !ok || got.String() != tt.want {
			t.Errorf("%s: %v, want %s", tt.ip, got, tt.want)
		}
	}
	if _, ok := Network(&net.UnixAddr{}); ok {
		t.Error("a socket's path is counted")
	}
}

// The loopback has many addresses; a peer may come from any of them.
func dialFrom(t *testing.T, ip string, to net.Addr) net.Conn {
	t.Helper()
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(ip)}}
	c, err := d.Dial("tcp", to.String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// TestListenerLimits is about publishers, whose places nobody can take.
func TestListenerLimits(t *testing.T) {
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	refused := make(chan error, 10)
	ln := NewListener(tcp, ListenerOptions{MaxConns: 3, MaxConnsPerAddr: 2, OnRefuse: func(_ net.Addr, err error) { refused <- err }})
	accepted := make(chan net.Conn)
	ended := make(chan error)
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				ended <- err
				return
			}
			accepted <- c
		}
	}()
	welcome := func(ip string) *Conn {
		t.Helper()
		dialFrom(t, ip, ln.Addr())
		c := (<-accepted).(*Conn)
		c.AllowMedia()
		return c
	}
	refuse := func(ip string, want error) {
		t.Helper()
		c := dialFrom(t, ip, ln.Addr())
		if err := <-refused; err != want {
			t.Errorf("%s: %v, want %v", ip, err, want)
		}
		if _, err := c.Read(make([]byte, 1)); err != io.EOF && !errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("%s is not closed: %v", ip, err)
		}
	}
	a := welcome("127.0.0.2")
	welcome("127.0.0.2")
	refuse("127.0.0.2", ErrTooManyFromAddr)
	c := welcome("127.0.0.3")
	refuse("127.0.0.4", ErrTooManyConns)
	for range 2 { // closing twice counts out once
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	}
	d := welcome("127.0.0.2")
	refuse("127.0.0.3", ErrTooManyConns)
	_ = c.Close()
	refuse("127.0.0.2", ErrTooManyFromAddr)
	_ = d.Close()
	if err := ln.Close(); err != nil {
		t.Error(err)
	}
	if err := <-ended; err != net.ErrClosed {
		t.Errorf("Accept ended with %v", err)
	}
	if q := ln.(*listener).o.Quota; q.total != 1 || len(q.byAddr) != 1 {
		t.Errorf("counts %d, %v", q.total, q.byAddr)
	}
}

func TestListenerWithoutLimits(t *testing.T) {
	l := NewListener(nil, ListenerOptions{MaxConns: -1, MaxConnsPerAddr: -1}).(*listener)
	for range 5000 {
		if _, err := l.enter(from("192.0.2.1")); err != nil {
			t.Fatal(err)
		}
	}
	l = NewListener(nil, ListenerOptions{}).(*listener)
	for i := range 65 {
		_, err := l.enter(from("192.0.2.1"))
		if (err != nil) != (i == 64) {
			t.Fatalf("connection %d: %v", i, err)
		}
	}
	for _, ip := range []string{"127.0.0.1", "::1"} {
		for i := range 200 {
			if _, err := l.enter(from(ip)); err != nil {
				t.Fatalf("connection %d from %s: %v", i, ip, err)
			}
		}
	}
}

// caller is a connection that has only an address, and notes whether it was closed.
type caller struct {
	net.Conn
	ip     string
	closed bool
}

func from(ip string) *caller { return &caller{ip: ip} }

func (c *caller) Close() error { c.closed = true; return nil }
func (c *caller) RemoteAddr() net.Addr {
	return net.TCPAddrFromAddrPort(netip.AddrPortFrom(netip.MustParseAddr(c.ip), 1))
}

// TestStrangersMakeWay: there are four places. A word is a newcomer, by its address;
// "!" says that it publishes at once. After ">" comes the number of the connection
// whose slot it takes, in the order of coming, or "x" where it is refused.
func TestStrangersMakeWay(t *testing.T) {
	for name, script := range map[string]string{
		"the oldest":                      "192.0.2.1 192.0.2.2 192.0.2.3 192.0.2.4 192.0.2.5>0 192.0.2.6>1",
		"but no publisher":                "192.0.2.1! 192.0.2.2 192.0.2.3! 192.0.2.4 192.0.2.5!>1 192.0.2.6!>3 192.0.2.7>x 192.0.2.8!>x",
		"of the network with the most":    "192.0.2.1 192.0.2.2 192.0.2.2 192.0.2.3 192.0.2.4>1 192.0.2.2>0 192.0.2.2>2 192.0.2.2>5 192.0.2.9>6",
		"whose publishers do not count":   "192.0.2.1! 192.0.2.1! 192.0.2.2 192.0.2.3 192.0.2.4>2",
		"of a customer's network in IPv6": "2001:db8:1::1 2001:db8:2:1::1 2001:db8:2:2::1 2001:db8:2:3::1 2001:db8:2:4::1>1 2001:db8:2:5::1>2 192.0.2.1>3",
		"the machine's own too":           "127.0.0.1 192.0.2.1 127.0.0.1 127.0.0.1! 192.0.2.1>0",
	} {
		t.Run(name, func(t *testing.T) {
			told := 0
			l := NewListener(nil, ListenerOptions{MaxConns: 4, OnRefuse: func(_ net.Addr, err error) {
				if told++; err != ErrTooManyConns {
					t.Error(err)
				}
			}}).(*listener)
			var all []*caller
			lost := 0
			for _, word := range strings.Fields(script) {
				who, way, _ := strings.Cut(word, ">")
				ip, publishes := strings.CutSuffix(who, "!")
				c := from(ip)
				p, err := l.enter(c)
				if (err != nil) != (way == "x") || err != nil && err != ErrTooManyConns {
					t.Fatalf("%s: %v", word, err)
				}
				if err == nil && publishes {
					p.markPublisher()
				}
				all = append(all, c)
				if way != "" && way != "x" {
					n, err := strconv.Atoi(way)
					if err != nil || !all[n].closed {
						t.Fatalf("%s: it gets another slot", word)
					}
					lost++
				}
			}
			closed := 0
			for _, c := range all {
				if c.closed {
					closed++
				}
			}
			if closed != lost || told != lost || l.o.Quota.Open() > 4 {
				t.Errorf("%d are closed, %d told of, want %d; %d open", closed, told, lost, l.o.Quota.Open())
			}
		})
	}
}

// TestQuotaForgets: a connection that has lost its slot does not give it back a second
// time.
func TestQuotaForgets(t *testing.T) {
	q := NewQuota(2, 2)
	var places []*slot
	for range 5 {
		p, _, err := q.enter(from("2001:db8::1"))
		if err == ErrTooManyFromAddr {
			p, _, err = q.enter(from("2001:db8:0:1::1"))
		}
		if err != nil {
			t.Fatal(err)
		}
		places = append(places, p)
	}
	for _, p := range places {
		p.markPublisher()
		p.release()
		p.release()
	}
	if q.total != 0 || len(q.byAddr) != 0 || len(q.strangersOf) != 0 || q.strangers.Len() != 0 {
		t.Errorf("counts %d, %v, %v, %d strangers", q.total, q.byAddr, q.strangersOf, q.strangers.Len())
	}
}

// failing is a listener whose Accept has an error for the first calls, then a
// connection, and then waits until it is closed.
type failing struct {
	errs int
	one  net.Conn
	done chan struct{}
}

func (f *failing) Accept() (net.Conn, error) {
	select {
	case <-f.done:
		return nil, errors.New("a word of its own for closed")
	default:
	}
	if f.errs > 0 {
		f.errs--
		return nil, syscall.EMFILE
	}
	if c := f.one; c != nil {
		f.one = nil
		return c, nil
	}
	<-f.done
	return nil, errors.New("a word of its own for closed")
}
func (f *failing) Close() error   { close(f.done); return nil }
func (f *failing) Addr() net.Addr { return &net.TCPAddr{} }

func TestAcceptErrors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var waits []time.Duration
		f := &failing{errs: 10, one: &memConn{}, done: make(chan struct{})}
		ln := NewListener(f, ListenerOptions{OnAcceptError: func(err error, wait time.Duration) {
			if !errors.Is(err, syscall.EMFILE) {
				t.Error(err)
			}
			waits = append(waits, wait)
		}})
		start := time.Now()
		if _, err := ln.Accept(); err != nil {
			t.Fatal(err)
		}
		ms := time.Millisecond
		want := []time.Duration{5 * ms, 10 * ms, 20 * ms, 40 * ms, 80 * ms, 160 * ms, 320 * ms, 640 * ms, 1000 * ms, 1000 * ms}
		if d := cmp.Diff(want, waits); d != "" {
			t.Error(d)
		}
		if got := time.Since(start); got != 3275*ms {
			t.Errorf("waited %v", got)
		}

		// Closed while it waits out an error.
		f.errs = 1000
		start = time.Now()
		time.AfterFunc(2*time.Second, func() { _ = ln.Close() })
		if _, err := ln.Accept(); err != net.ErrClosed || time.Since(start) != 2*time.Second {
			t.Errorf("%v after %v", err, time.Since(start))
		}
		// A caller that tries again all the same cannot spin.
		start = time.Now()
		for range 5 {
			if _, err := ln.Accept(); err != net.ErrClosed {
				t.Error(err)
			}
		}
		if got := time.Since(start); got != 5*time.Second {
			t.Errorf("five more in %v", got)
		}
	})
}

// Two listeners share a quota, and a connection that is not admitted is not
// counted.
func TestSharedQuotaAndAdmit(t *testing.T) {
	q := NewQuota(1, -1)
	banned := errors.New("banned")
	refused := make(chan error, 4)
	open := func(admit func(net.Addr) error) (net.Listener, chan net.Conn) {
		tcp, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		ln := NewListener(tcp, ListenerOptions{Quota: q, Admit: admit, OnRefuse: func(_ net.Addr, err error) { refused <- err }})
		t.Cleanup(func() { _ = ln.Close() })
		accepted := make(chan net.Conn, 4)
		go func() {
			for {
				c, err := ln.Accept()
				if err != nil {
					return
				}
				accepted <- c
			}
		}()
		return ln, accepted
	}
	plain, in := open(func(remote net.Addr) error {
		if p, _ := Network(remote); p.String() == "127.0.0.2/32" {
			return banned
		}
		return nil
	})
	other, _ := open(nil)
	dialFrom(t, "127.0.0.2", plain.Addr())
	if err := <-refused; err != banned || q.Open() != 0 {
		t.Errorf("%v, %d open", err, q.Open())
	}
	dialFrom(t, "127.0.0.3", plain.Addr())
	c := (<-in).(*Conn)
	c.AllowMedia()
	dialFrom(t, "127.0.0.3", other.Addr())
	if err := <-refused; err != ErrTooManyConns || q.Open() != 1 {
		t.Errorf("%v, %d open", err, q.Open())
	}
	_ = c.Close()
	if q.Open() != 0 {
		t.Errorf("%d open", q.Open())
	}
}
