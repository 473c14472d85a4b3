package main

import (
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"
)

// openHTTPS makes of the HTTP port an HTTPS port, if the configuration has
// certificates or names to get them for.
func (s *server) openHTTPS() error {
	c := s.config.HTTP.TLS
	var answer http.Handler = http.HandlerFunc(s.redirect)
	switch {
	case c.Cert != "":
		cert, err := loadCertificate(c.Cert, c.Key, s.log, time.Now)
		if err != nil {
			return fmt.Errorf("http.tls: %w", err)
		}
		s.certificates["http"] = cert
		s.tls = &tls.Config{GetCertificate: cert.get, MinVersion: tls.VersionTLS12}
	case len(c.ACMEDomains) > 0:
		acme := s.acme()
		s.tls = acme.TLSConfig() // answers TLS-ALPN-01 as well
		s.tls.MinVersion = tls.VersionTLS12
		answer = withoutPort(acme.HTTPHandler(answer)) // HTTP-01
	}
	if c.RedirectListen == "" {
		return nil
	}
	l, err := s.listen("http.tls.redirect_listen", c.RedirectListen, "another web server")
	if err != nil {
		return err
	}
	s.plain, s.plainHandler = l, answer
	return nil
}

// acme gets certificates when they are first asked for, and renews them 30 days
// before their end. Account and certificates lie in data_dir.
func (s *server) acme() *autocert.Manager {
	c := s.config.HTTP.TLS
	return &autocert.Manager{
		Prompt:     autocert.AcceptTOS,
		HostPolicy: autocert.HostWhitelist(c.ACMEDomains...), // else anybody could have certificates ordered
		Cache:      autocert.DirCache(s.config.DataPath("acme")),
		Email:      c.ACMEEmail,
		Client:     &acme.Client{DirectoryURL: c.ACMEDirectory, UserAgent: "mediad/" + Version},
	}
}

// withoutPort takes the port off the host: autocert knows names only, and an
// authority of one's own may check them at another port than 80.
func withoutPort(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if host, _, err := net.SplitHostPort(r.Host); err == nil {
			r.Host = host
		}
		h.ServeHTTP(w, r)
	})
}

// redirect leads from the plain port to the encrypted one.
func (s *server) redirect(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		// A body with a token in it has already gone in the clear: better that it fails.
		http.Error(w, "use HTTPS", http.StatusBadRequest)
		return
	}
	to := s.config.HTTP.PublicURL
	if !strings.HasPrefix(to, "https://") {
		host, _, err := net.SplitHostPort(r.Host)
		if err != nil {
			host = r.Host
		}
		if _, port, err := net.SplitHostPort(s.http.Addr().String()); err == nil && port != "443" {
			host = net.JoinHostPort(strings.Trim(host, "[]"), port)
		}
		to = "https://" + host
	}
	path := r.URL.RequestURI()
	if base := s.config.HTTP.Base(); strings.HasPrefix(path, base+"/") {
		path = path[len(base):] // it stands in the public address
	}
	http.Redirect(w, r, to+path, http.StatusMovedPermanently)
}
