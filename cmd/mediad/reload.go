package main

import (
	"context"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"mediad/cmd/mediad/banner"
	"mediad/cmd/mediad/config"
	"mediad/cmd/mediad/demo"
	"mediad/cmd/mediad/site"
	"mediad/cmd/mediad/targets"
)

// configOrigin says where a configuration came from.
type configOrigin struct {
	file    string // "": config.yaml, if there is one
	environ []string
	demo    bool
	anew    bool // from the command line: a missing database or secret may be made anew
}

func (o configOrigin) read() (config.Config, error) {
	c, err := config.Load(o.file, o.environ)
	if o.demo {
		demo.Change(&c)
	}
	return c, err
}

// reloadOnHangup reads the configuration again at each SIGHUP until ctx ends. A
// terminal that is closed sends SIGHUP as well. Then nobody is left to stop the
// server, so it calls stop.
func (s *server) reloadOnHangup(ctx context.Context, stop func()) error {
	hangups := make(chan os.Signal, 1) // one waiting signal is enough
	signal.Notify(hangups, syscall.SIGHUP)
	defer signal.Stop(hangups)
	force := s.config
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-s.hangups:
		}
		if s.attended && !banner.IsTerminal(os.Stdout) {
			s.log.Info("the terminal was closed")
			stop()
			return nil
		}
		force = s.reload(force)
	}
}

// reload reads the configuration again and applies the values that can change while
// the server runs. force is the configuration in force; reload returns the one in
// force after that.
func (s *server) reload(force config.Config) config.Config {
	next, err := s.origin.read()
	if err != nil {
		s.log.Error("the configuration cannot be used; the old one stays in use", "err", err)
		return force
	}
	for _, key := range config.Changed(s.config, next) {
		if !config.Reloadable(key) {
			s.log.Warn("needs a restart: "+key, "key", key)
		}
	}
	var holds []string
	for _, key := range config.Changed(force, next) {
		if config.Reloadable(key) && s.apply(key, next) {
			holds = append(holds, key)
		}
	}
	certificates := s.certificates.ReadAgain(next.Certificates(), s.log)
	targets.Reload(s.restream, next, s.log)
	s.log.Info("configuration read again", "changed", strings.Join(holds, " "), "certificates", certificates)
	return next
}

// apply applies one changed value; false: the value cannot be applied.
func (s *server) apply(key string, c config.Config) bool {
	switch section, _, _ := strings.Cut(key, "."); {
	case key == "log.level":
		return s.level.UnmarshalText([]byte(c.Log.Level)) == nil
	case key == "metrics.token":
		s.metricsToken.Store(&c.Metrics.Token)
	case key == "rtmp.max_bitrate_kbps":
		s.ingest.SetMaxBitrate(int64(c.RTMP.MaxBitrateKbps) * 1000)
	case strings.HasSuffix(key, ".max_connections") || key == "rtmp.max_connections_per_address":
		p := site.ConnectionLimits(wantedConnections(c), s.log)
		s.connections.Resize(p.HTTP)
		s.ingest.SetMaxConnections(p.RTMP, c.RTMP.MaxConnectionsPerAddress)
	case strings.HasPrefix(key, "rtmp.ban."):
		s.ingest.SetBanRule(banRule(c.RTMP.Ban.WrongKeys, c.RTMP.Ban.Within, c.RTMP.Ban.For))
	case strings.HasPrefix(key, "auth.ban."):
		s.guesses.SetRule(banRule(c.Auth.Ban.WrongTokens, c.Auth.Ban.Within, c.Auth.Ban.For))
	case strings.HasSuffix(key, ".tls.cert") || strings.HasSuffix(key, ".tls.key"):
		if s.certificates[section] == nil { // there was no certificate: the port has no TLS
			s.log.Warn("needs a restart: "+key, "key", key)
			return false
		}
	}
	return true
}
