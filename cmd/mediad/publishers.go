package main

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"time"

	"mediad/ingest"
	"mediad/ingest/rtmp"
	"mediad/ingest/rtmp/guard"
)

// rtmpOptions says in the words of ingest/rtmp what the configuration allows, on so many
// connections.
func rtmpOptions(c RTMPConfig, connections int, p ingest.Publisher, log *slog.Logger) rtmp.Options {
	wrong := c.Ban.WrongKeys
	if wrong == 0 {
		wrong = -1 // nobody is banned; there 0 is the default
	}
	return rtmp.Options{
		Publisher: p, Log: log,
		HandshakeTimeout: c.HandshakeTimeout, PublishTimeout: c.PublishTimeout, ReadTimeout: c.MediaTimeout,
		MaxBitrate: int64(c.MaxBitrateKbps) * 1000,
		Ban:        rtmp.BanRule{WrongKeys: wrong, Within: c.Ban.Within, For: c.Ban.For},
		Guard: guard.ListenerOptions{
			Limits:   guard.Limits{WriteTimeout: c.WriteTimeout},
			MaxConns: connections, MaxConnsPerAddr: c.MaxConnectionsPerAddress,
		},
	}
}

// openRTMPS opens the port for RTMP over TLS, if there is to be one.
func (s *server) openRTMPS() error {
	c := s.config.RTMP.TLS
	if c.Listen == "" {
		return nil
	}
	cert, err := loadCertificate(c.Cert, c.Key, s.log, time.Now)
	if err != nil {
		return fmt.Errorf("rtmp.tls: %w", err)
	}
	l, err := s.listen("rtmp.tls.listen", c.Listen)
	if err != nil {
		return err
	}
	// The guard's handshake timeout covers the handshake of TLS.
	s.rtmps = tls.NewListener(l, &tls.Config{GetCertificate: cert.get, MinVersion: tls.VersionTLS12})
	return nil
}
