package main

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"time"

	"mediad/cmd/mediad/config"
	"mediad/cmd/mediad/site"
	"mediad/ingest"
	"mediad/ingest/bans"
	"mediad/ingest/rtmp"
	"mediad/ingest/rtmp/guard"
)

// rtmpOptions turns the configuration into options of ingest/rtmp, with a bound of
// connections.
func rtmpOptions(c config.RTMP, connections int, p ingest.Publisher, log *slog.Logger) rtmp.Options {
	return rtmp.Options{
		Publisher: p, Log: log,
		HandshakeTimeout: c.HandshakeTimeout, PublishTimeout: c.PublishTimeout, ReadTimeout: c.MediaTimeout,
		MaxBitrate: int64(c.MaxBitrateKbps) * 1000,
		Bans:       bans.New(banRule(c.Ban.WrongKeys, c.Ban.Within, c.Ban.For)),
		Guard: guard.ListenerOptions{
			Limits: guard.Limits{WriteTimeout: c.WriteTimeout},
			Quota:  guard.NewQuota(connections, c.MaxConnectionsPerAddress),
		},
	}
}

// banRule gives a rule for bans. In the configuration, 0 means never.
func banRule(wrong int, within, lasts time.Duration) bans.Rule {
	if wrong == 0 {
		wrong = -1
	}
	return bans.Rule{Wrong: wrong, Within: within, For: lasts}
}

// openRTMPS opens the port for RTMP over TLS, if one is configured.
func (s *server) openRTMPS() error {
	c := s.config.RTMP.TLS
	if c.Listen == "" {
		return nil
	}
	cert, err := site.LoadCertificate(c.Cert, c.Key, s.log, time.Now)
	if err != nil {
		return fmt.Errorf("rtmp.tls: %w", err)
	}
	s.certificates["rtmp"] = cert
	l, err := s.listen("rtmp.tls.listen", c.Listen, "another mediad or RTMP server")
	if err != nil {
		return err
	}
	// The guard's handshake timeout includes the TLS handshake.
	s.rtmps = tls.NewListener(l, &tls.Config{GetCertificate: cert.Get, MinVersion: tls.VersionTLS12})
	return nil
}
