package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/textproto"
	"net/url"
	"os"
	"strconv"
	"strings"

	gomail "github.com/wneessen/go-mail"

	"mediad/overlay"
)

// send gives a letter to the mail server. Without an error that server has taken it.
func (m *Mailer) send(ctx context.Context, l overlay.Letter) error {
	msg, err := m.message(l)
	if err != nil {
		return err
	}
	return m.deliver(ctx, l.To, msg, func() error { return nil })
}

// deliver gives a message to the mail server. It calls handing before the last byte: up to
// then the mail server has not taken it, and an error of handing leaves it so.
func (m *Mailer) deliver(ctx context.Context, to string, msg *gomail.Msg, handing func() error) error {
	ctx, cancel := context.WithTimeout(ctx, m.o.Timeout)
	defer cancel()
	var conn net.Conn
	defer func() {
		if conn != nil {
			_ = conn.Close() // it may be closed already
		}
	}()
	client, err := m.client(func(c net.Conn) {
		conn = c
		// go-mail reads without ctx: a server that stalls holds up nobody.
		context.AfterFunc(ctx, func() { _ = c.Close() })
	})
	if err != nil {
		return err
	}
	talk, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return late(ctx, err)
	}
	err = talk.Mail("<" + m.o.From.Address + ">")
	if err == nil {
		if err = talk.Rcpt("<" + to + ">"); err != nil {
			return late(ctx, &refused{err})
		}
	}
	if err != nil {
		return late(ctx, err)
	}
	w, err := talk.Data()
	if err == nil {
		_, err = msg.WriteTo(w)
	}
	if err != nil {
		return late(ctx, err)
	}
	if err := handing(); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return late(ctx, &refused{err})
	}
	_ = talk.Quit() // the letter is taken, whatever comes now
	return nil
}

// client makes a client that tells of its connection.
func (m *Mailer) client(connected func(net.Conn)) (*gomail.Client, error) {
	host, port, err := net.SplitHostPort(m.o.Server)
	if err != nil {
		return nil, err
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		return nil, err
	}
	config := &tls.Config{ServerName: host, RootCAs: m.o.Roots, MinVersion: tls.VersionTLS12}
	options := []gomail.Option{
		gomail.WithPort(n), gomail.WithTimeout(m.o.Timeout), gomail.WithTLSConfig(config), gomail.WithTLSPolicy(gomail.NoTLS),
		gomail.WithDialContextFunc(func(ctx context.Context, network, address string) (net.Conn, error) {
			c, err := (&net.Dialer{}).DialContext(ctx, network, address)
			if err != nil {
				return nil, err
			}
			if m.o.TLS == Implicit {
				c = tls.Client(c, config)
			}
			connected(c)
			return c, nil
		}),
	}
	if m.o.TLS == StartTLS {
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if name := m.name(); name != "" {
		options = append(options, gomail.WithHELO(name))
	}
	if m.o.User != "" {
		options = append(options, gomail.WithUsername(m.o.User), gomail.WithPassword(m.o.Password),
			gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthSCRAMSHA1, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin))
	}
	return gomail.NewClient(host, options...)
}

// name is the host of our address, if that is a name: mail servers look it up.
func (m *Mailer) name() string {
	u, err := url.Parse(m.o.PublicURL)
	if err != nil {
		return ""
	}
	if _, err := netip.ParseAddr(u.Hostname()); err == nil || !strings.Contains(u.Hostname(), ".") {
		return ""
	}
	return u.Hostname()
}

// refused is an answer about this letter, not about us: it may be for good.
type refused struct{ err error }

func (e *refused) Error() string { return e.err.Error() }
func (e *refused) Unwrap() error { return e.err }

// late tells a mail server that did not answer in time from one that hung up.
func late(ctx context.Context, err error) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return fmt.Errorf("%w: %w", os.ErrDeadlineExceeded, err)
	}
	return err
}

// words gives an error of send in words for users, and tells whether the letter was
// refused for good.
func words(err error) (why string, forGood bool) {
	var said *textproto.Error
	var about *refused
	var safe *tls.CertificateVerificationError
	var wire net.Error
	switch {
	case errors.As(err, &said):
		return fmt.Sprintf("the mail server says: %d %s", said.Code, strings.Join(strings.Fields(said.Msg), " ")), said.Code >= 500 && errors.As(err, &about)
	case errors.As(err, &safe):
		return "the certificate of the mail server is not valid", false
	case errors.As(err, &wire) && wire.Timeout() || errors.Is(err, os.ErrDeadlineExceeded):
		return "the mail server does not answer in time", false
	case strings.Contains(err.Error(), "STARTTLS"):
		return "the mail server has no STARTTLS", false
	}
	return "the mail server cannot be reached", false
}
