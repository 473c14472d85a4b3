package mail

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net"
	"net/mail"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"mediad/cmd/mediad/site/sitetest"
)

// office is a real mail server that keeps what it takes.
type office struct {
	address string
	roots   *x509.CertPool
	taken   chan []byte // the letters

	mu   sync.Mutex
	rcpt func(to string) error // answers a recipient; guarded by mu
	data func() error          // answers a letter; guarded by mu
}

// waits is how long a test waits for what must come.
const waits = 30 * time.Second

// The only user of the office.
const user, password = "shop", "the password of the shop"

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// newOffice opens an office; asks: it takes letters of its user alone.
func newOffice(t testing.TB, way TLS, asks bool) *office {
	t.Helper()
	config, roots := sitetest.TLS(t)
	o := &office{roots: roots, taken: make(chan []byte, 10)}
	s := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) {
		if asks {
			return &guarded{visit{o: o, asks: true}}, nil
		}
		return &visit{o: o}, nil
	}))
	s.Domain, s.EnableSMTPUTF8, s.ErrorLog = "office.example", true, log.New(io.Discard, "", 0)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	_, port, err := net.SplitHostPort(l.Addr().String())
	must(t, err)
	o.address = net.JoinHostPort("localhost", port)
	switch way {
	case StartTLS:
		s.TLSConfig = config
	case Implicit:
		l = tls.NewListener(l, config)
	}
	ended := make(chan struct{})
	go func() {
		_ = s.Serve(l) // until it is closed
		close(ended)
	}()
	t.Cleanup(func() {
		_ = s.Close() // the listener may be closed already
		<-ended
	})
	return o
}

func (o *office) answer(rcpt func(string) error, data func() error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.rcpt, o.data = rcpt, data
}

// letter gives the next letter that was taken.
func (o *office) letter(t testing.TB) *mail.Message {
	t.Helper()
	select {
	case raw := <-o.taken:
		m, err := mail.ReadMessage(bytes.NewReader(raw))
		must(t, err)
		return m
	case <-time.After(waits):
		t.Fatal("no letter came")
		return nil
	}
}

type visit struct {
	o    *office
	asks bool
	in   bool
}

// guarded is a visit to an office that asks who comes.
type guarded struct{ visit }

func (v *guarded) AuthMechanisms() []string { return []string{sasl.Plain} }

func (v *guarded) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, name, word string) error {
		if name != user || word != password {
			return smtp.ErrAuthFailed
		}
		v.in = true
		return nil
	}), nil
}

func (v *visit) Reset()        {}
func (v *visit) Logout() error { return nil }

func (v *visit) Mail(string, *smtp.MailOptions) error {
	if v.asks && !v.in {
		return smtp.ErrAuthRequired
	}
	return nil
}

func (v *visit) Rcpt(to string, _ *smtp.RcptOptions) error {
	v.o.mu.Lock()
	f := v.o.rcpt
	v.o.mu.Unlock()
	if f != nil {
		return f(to)
	}
	return nil
}

func (v *visit) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	v.o.mu.Lock()
	f := v.o.data
	v.o.mu.Unlock()
	if f != nil {
		if err := f(); err != nil {
			return err
		}
	}
	v.o.taken <- raw
	return nil
}
