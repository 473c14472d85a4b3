package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"strings"

	"mediad/overlay"
)

// banner prints where OBS pushes and where everybody looks.
func (s *server) banner(ctx context.Context, out io.Writer, token string) error {
	web := s.web()
	if public := s.config.HTTP.PublicURL; public != "" {
		web = strings.TrimSuffix(public, "/")
	}
	rooms, err := s.store.ListRooms(ctx, "", 20)
	if err != nil {
		return err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "mediad %s\n", Version)
	for _, r := range rooms {
		key, err := s.store.RevealKey(ctx, r.Slug, "console")
		if overlay.CodeOf(err) == overlay.Unavailable {
			key = "(not shown, for that must be noted: " + err.Error() + ")"
		} else if err != nil {
			return err
		}
		fmt.Fprintf(&b, "\n  %s\n", r.Title)
		fmt.Fprintf(&b, "    OBS server  rtmp://%s/live\n", reachable(s.rtmp.Addr()))
		if s.rtmps != nil {
			fmt.Fprintf(&b, "    or, by TLS  rtmps://%s/live\n", reachable(s.rtmps.Addr()))
		}
		fmt.Fprintf(&b, "    stream key  %s\n", key)
		fmt.Fprintf(&b, "    watch       %s/watch/%s\n", web, r.Slug)
	}
	if len(rooms) == 20 {
		fmt.Fprintf(&b, "\n  and more: GET %s/api/v1/rooms\n", web)
	}
	fmt.Fprintf(&b, "\n  API         %s/api\n", web)
	if token != "" {
		fmt.Fprintf(&b, "  admin token %s   (shown this once: keep it)\n", token)
	}
	fmt.Fprintln(&b)
	_, err = io.WriteString(out, b.String())
	return err
}

// web is where a program on this machine finds HTTP.
func (s *server) web() string {
	if s.tls != nil {
		return "https://" + reachable(s.http.Addr())
	}
	return "http://" + reachable(s.http.Addr())
}

// reachable is an address that a program on this machine can use.
func reachable(a net.Addr) string {
	host, port, err := net.SplitHostPort(a.String())
	if err != nil {
		return a.String()
	}
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() {
		host = "localhost"
	}
	return net.JoinHostPort(host, port)
}
