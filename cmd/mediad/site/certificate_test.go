package site

import (
	"bytes"
	"log/slog"
	"mediad/cmd/mediad/site/sitetest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestCertificateIsReadAgain(t *testing.T) {
	var log bytes.Buffer
	dir, now := t.TempDir(), time.Now()
	cert, key := sitetest.Certificate(t, dir, 1, now.Add(240*time.Hour))
	c, err := LoadCertificate(cert, key, slog.New(slog.NewTextHandler(&log, nil)), func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	expect := func(serial int64, words string) {
		t.Helper()
		pair, err := c.Get(nil)
		if err != nil || pair.Leaf.SerialNumber.Int64() != serial {
			t.Errorf("serial %v, error %v; want %d", pair.Leaf.SerialNumber, err, serial)
		}
		if got := log.String(); words == "" && got != "" || !strings.Contains(got, words) {
			t.Errorf("log %q, want %q", got, words)
		}
		log.Reset()
	}
	expect(1, "")
	sitetest.Certificate(t, dir, 2, now.Add(2400*time.Hour))
	expect(1, "") // not yet a minute
	now = now.Add(time.Minute)
	expect(2, "certificate read again")

	// A broken pair leaves the former one in use, and is checked again.
	if err := os.WriteFile(cert, []byte("no PEM"), 0o600); err != nil {
		t.Fatal(err)
	}
	now = now.Add(time.Minute)
	expect(2, "the old one stays in use")
	expect(2, "")
	if err := os.Remove(key); err != nil {
		t.Fatal(err)
	}
	now = now.Add(time.Minute)
	expect(2, "the old one stays in use")
	sitetest.Certificate(t, dir, 3, now.Add(time.Hour))
	now = now.Add(time.Minute)
	expect(3, "the certificate expires soon")
	now = now.Add(time.Minute)
	expect(3, "") // said once
	now = now.Add(time.Hour)
	expect(3, "the certificate has expired")
}

func TestCertificateErrors(t *testing.T) {
	dir, other := t.TempDir(), t.TempDir()
	cert, key := sitetest.Certificate(t, dir, 1, time.Now().Add(time.Hour))
	_, stranger := sitetest.Certificate(t, other, 1, time.Now().Add(time.Hour))
	text := filepath.Join(other, "no.pem")
	if err := os.WriteFile(text, []byte("no PEM"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ cert, key, want string }{
		"absent":      {filepath.Join(dir, "none.pem"), key, "none.pem: no such file"},
		"absent key":  {cert, filepath.Join(dir, "none.pem"), "none.pem: no such file"},
		"no PEM":      {text, key, "certificate " + text + " with key " + key + ": tls: failed to find any PEM data in certificate input"},
		"another key": {cert, stranger, "private key does not match public key"},
	} {
		if _, err := LoadCertificate(c.cert, c.key, slog.Default(), time.Now); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestValidity(t *testing.T) {
	now := time.Unix(1e9, 0)
	for want, c := range map[string]struct{ from, until time.Duration }{
		"":                             {-time.Hour, 8 * 24 * time.Hour},
		"the certificate expires soon": {-time.Hour, 6 * 24 * time.Hour},
		"the certificate has expired: clients that check it cannot connect":      {-time.Hour, -time.Second},
		"the certificate is not valid yet: clients that check it cannot connect": {time.Second, time.Hour},
	} {
		if got := validity(now.Add(c.from), now.Add(c.until), now); got != want {
			t.Errorf("%+v: %q, want %q", c, got, want)
		}
	}
}
