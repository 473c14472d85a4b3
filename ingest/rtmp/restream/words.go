package restream

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"os"
	"strings"
	"syscall"
	"unicode"

	"mediad/ingest/rtmp/push"
)

// Problem is what went wrong with a target.
type Problem struct {
	Code string // for programs and translations
	Text string // in the user's words
	Said string // the server's own words, cleaned; "": it said nothing
}

// The codes of problems.
const (
	RefusedKey  = "refused_key"
	Refused     = "refused"
	NoName      = "no_name"
	NotOpen     = "not_open"
	NoAnswer    = "no_answer"
	Certificate = "certificate"
	HungUp      = "hung_up"
)

// problem puts an error in words. key is what must not be in them, although the server may
// have said it.
func problem(err error, key string) *Problem {
	p := &Problem{Code: HungUp, Text: "the server ended the connection"}
	var said *push.StatusError
	var dns *net.DNSError
	var untrusted *tls.CertificateVerificationError
	var unknown x509.UnknownAuthorityError
	var timeout net.Error
	switch {
	case errors.Is(err, push.ErrRefused):
		p.Code, p.Text = RefusedKey, "the server refused the stream key"
		if !errors.As(err, &said) {
			p.Text = "the server hung up when it got the stream key"
		}
	case errors.As(err, &said):
		p.Code, p.Text = Refused, "the server refused the connection"
	case errors.As(err, &dns):
		p.Code, p.Text = NoName, "the name of the server is not known"
	case errors.Is(err, syscall.ECONNREFUSED):
		p.Code, p.Text = NotOpen, "nothing listens at the server's port"
	case errors.As(err, &untrusted) || errors.As(err, &unknown):
		p.Code, p.Text = Certificate, "the server's certificate is not trusted"
	case errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout():
		p.Code, p.Text = NoAnswer, "the server does not answer, or takes nothing"
	}
	if errors.As(err, &said) {
		p.Said = clean(strings.TrimSpace(said.Code+" "+said.Description), key)
	}
	return p
}

// maxSaid bounds what is told of a server's words, in characters.
const maxSaid = 120

// clean makes a server's words fit to be shown: without the key, or a part of it that is
// long enough to tell; without control characters; cut.
func clean(s, key string) string {
	s = strings.ToValidUTF8(s, "")
	for _, secret := range secrets(key) {
		if len(secret) >= 4 {
			s = strings.ReplaceAll(s, secret, "…")
		}
	}
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }), " ")
	if r := []rune(s); len(r) > maxSaid {
		s = string(r[:maxSaid-1]) + "…"
	}
	return s
}

// secrets are the key, and the parts of it that a server may say alone: its name and the
// values of its parameters.
func secrets(key string) []string {
	out := []string{key}
	for _, part := range strings.FieldsFunc(key, func(r rune) bool { return r == '?' || r == '&' }) {
		if _, value, ok := strings.Cut(part, "="); ok {
			part = value
		}
		out = append(out, part)
	}
	return out
}
