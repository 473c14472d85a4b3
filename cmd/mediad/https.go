package main

import (
	"fmt"
	"net"
	"time"

	"mediad/cmd/mediad/site"
)

// openHTTPS turns the HTTP port into an HTTPS port, if the configuration has
// a certificate, or names to get certificates for.
func (s *server) openHTTPS() error {
	c := s.config.HTTP.TLS
	if c.Cert == "" && len(c.ACMEDomains) == 0 {
		return nil
	}
	_, port, _ := net.SplitHostPort(s.http.Addr().String())
	secure := site.HTTPS{
		Domains: c.ACMEDomains, Email: c.ACMEEmail, Directory: c.ACMEDirectory, Cache: s.config.DataPath("acme"), UserAgent: "mediad/" + Version,
		PublicURL: s.config.HTTP.PublicURL, Base: s.config.HTTP.Base(), Port: port,
	}
	if c.Cert != "" {
		cert, err := site.LoadCertificate(c.Cert, c.Key, s.log, time.Now)
		if err != nil {
			return fmt.Errorf("http.tls: %w", err)
		}
		s.certificates["http"], secure.Certificate = cert, cert
	}
	s.tls, s.plainHandler = secure.Open()
	if c.RedirectListen == "" {
		return nil
	}
	var err error
	s.plain, err = s.listen("http.tls.redirect_listen", c.RedirectListen, "another web server")
	return err
}
