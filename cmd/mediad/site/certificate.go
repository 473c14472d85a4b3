package site

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"
)

const (
	// certificateCheck is the time between two checks of the files.
	certificateCheck = time.Minute
	// certificateSoon is how long before the end of a certificate there is a
	// warning.
	certificateSoon = 7 * 24 * time.Hour
)

// Certificate is a pair of PEM files. They may be replaced while mediad runs,
// as ACME clients do. If the new pair cannot be used, the former one stays in
// use.
type Certificate struct {
	log *slog.Logger
	now func() time.Time

	mu sync.Mutex
	// Guarded by mu.
	certFile, keyFile string
	pair              *tls.Certificate
	stamps            [2]stamp
	checked           time.Time
	told              string // the last warning about its validity
}

// stamp identifies a version of a file.
type stamp struct {
	modified time.Time
	size     int64
}

// LoadCertificate reads a pair of PEM files for the first time. Warnings go to log; now is the
// clock. The files are checked again once a minute, when a client needs the certificate.
func LoadCertificate(certFile, keyFile string, log *slog.Logger, now func() time.Time) (*Certificate, error) {
	c := &Certificate{certFile: certFile, keyFile: keyFile, log: log, now: now, checked: now()}
	stamps, err := c.stat()
	if err != nil {
		return nil, err
	}
	return c, c.load(stamps)
}

// Get is for tls.Config.GetCertificate. It never fails.
func (c *Certificate) Get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := c.now(); now.Sub(c.checked) >= certificateCheck {
		c.checked = now
		if err := c.refresh(); err != nil {
			c.log.Error("the new certificate cannot be used; the old one stays in use", "err", err)
		}
		c.judge()
	}
	return c.pair, nil
}

// Use reads files at once and uses them from now on. If they cannot be used,
// nothing changes.
func (c *Certificate) Use(certFile, keyFile string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	formerCert, formerKey := c.certFile, c.keyFile
	c.certFile, c.keyFile = certFile, keyFile
	stamps, err := c.stat()
	if err == nil {
		err = c.load(stamps)
	}
	if err != nil {
		c.certFile, c.keyFile = formerCert, formerKey
		return err
	}
	c.checked = c.now()
	return nil
}

// refresh reads the files again if they have changed.
func (c *Certificate) refresh() error {
	stamps, err := c.stat()
	if err != nil || stamps == c.stamps {
		return err
	}
	if err := c.load(stamps); err != nil {
		return err // the stamps are the former ones: it is tried again
	}
	c.log.Info("certificate read again", "file", c.certFile, "until", c.pair.Leaf.NotAfter)
	return nil
}

func (c *Certificate) load(stamps [2]stamp) error {
	pair, err := tls.LoadX509KeyPair(c.certFile, c.keyFile)
	if err != nil {
		return fmt.Errorf("certificate %s with key %s: %w", c.certFile, c.keyFile, err)
	}
	c.pair, c.stamps = &pair, stamps
	c.judge()
	return nil
}

func (c *Certificate) stat() (out [2]stamp, err error) {
	for i, file := range []string{c.certFile, c.keyFile} {
		info, err := os.Stat(file) // Stat follows links: Kubernetes replaces files through links
		if err != nil {
			return out, err
		}
		out[i] = stamp{info.ModTime(), info.Size()}
	}
	return out, nil
}

// judge warns once about a certificate that clients may refuse. It is used
// all the same, since clients differ in what they check.
func (c *Certificate) judge() {
	warning := validity(c.pair.Leaf.NotBefore, c.pair.Leaf.NotAfter, c.now())
	if warning != c.told && warning != "" {
		c.log.Warn(warning, "file", c.certFile, "from", c.pair.Leaf.NotBefore, "until", c.pair.Leaf.NotAfter)
	}
	c.told = warning
}

// validity says what is wrong with a certificate's validity; "": nothing.
func validity(from, until, now time.Time) string {
	switch {
	case now.After(until):
		return "the certificate has expired: clients that check it cannot connect"
	case now.Before(from):
		return "the certificate is not valid yet: clients that check it cannot connect"
	case until.Sub(now) < certificateSoon:
		return "the certificate expires soon"
	}
	return ""
}
