package main

import (
	"context"
	"io"
	"net"
	"os"
	"strings"

	"mediad/cmd/mediad/banner"
)

// tellWhere prints where OBS pushes and where viewers watch.
func (s *server) tellWhere(ctx context.Context, out io.Writer, token string) error {
	b := banner.Banner{Version: Version, RTMP: s.rtmp.Addr(), Web: s.web(), Token: token, Command: banner.Command{Config: s.origin.file}}
	if public := s.config.HTTP.PublicURL; public != "" {
		b.Web = strings.TrimSuffix(public, "/")
	}
	if s.rtmps != nil {
		b.RTMPS = s.rtmps.Addr()
	}
	if s.operator != nil {
		b.Metrics = s.operator.Addr()
	}
	if s.origin.demo {
		b.Command.DataDir = s.config.DataDir
	}
	return b.Write(ctx, out, s.store)
}

// tellStart logs first what runs at which address.
func (s *server) tellStart() {
	at := func(l net.Listener) string {
		if l == nil {
			return "none"
		}
		return l.Addr().String()
	}
	s.log.Info("mediad runs", "version", version(), "http", at(s.http), "tls", s.tls != nil, "redirect", at(s.plain), "rtmp", at(s.rtmp), "rtmps", at(s.rtmps),
		"metrics", at(s.operator), "public_url", s.config.HTTP.PublicURL, "data_dir", s.config.DataDir, "database", s.config.Database.Kind(), "storage", s.config.Storage.Kind, "pid", os.Getpid())
}

// web gives the address at which a program on this machine finds HTTP.
func (s *server) web() string {
	if s.tls != nil {
		return "https://" + banner.Reachable(s.http.Addr())
	}
	return "http://" + banner.Reachable(s.http.Addr())
}
